from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.times import ago, lasting

NOW = datetime(2019, 2, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (timedelta(seconds=-90), "1 min"), (timedelta(seconds=20), "1 min"), (timedelta(minutes=119), "119 min"),
        (timedelta(hours=2), "2 h"), (timedelta(hours=47, minutes=59), "47 h"), (timedelta(days=2), "2 d"),
        (timedelta(days=400), "400 d"),
    ],
)  # fmt: skip
def test_a_span_is_told_in_its_largest_unit(span: timedelta, told: str) -> None:
    assert lasting(span) == told
    assert ago(NOW - span, NOW) == f"{told} ago"


def test_what_never_happened_was_never() -> None:
    assert ago(None, NOW) == "never"
