"""The pages of an outlet that an archive's index lists, by their addresses alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.captures.captured import day_before, may_be_an_article
from pipelines.urls import canonical

CAPTURED = datetime(2019, 2, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("2019/01/29/envoys", 29),
        ("news/20190131/envoys", 31),
        ("2019/01/envoys", None),
        ("2019/03/01/after-its-capture", None),
        ("a?date=2019/01/29", None),
    ],
)
def test_a_page_is_no_younger_than_its_capture(path: str, day: int | None) -> None:
    expected = datetime(2019, 1, day, tzinfo=UTC) if day else None
    assert day_before(f"https://daily.example/{path}", CAPTURED) == expected


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("2019/01/29/envoys", True),
        ("envoys-meet-taliban", True),
        ("news/envoys-12345", True),
        ("story?id=12345", True),
        ("", False),
        ("world/asia", False),
        ("tag/taliban/page/2", False),
        ("author/jane-doe", False),
        ("search?q=taliban-talks-2019", False),
        ("wp-content/2019/01/29/map.jpg", False),
        ("2019/01/29/agreement.pdf", False),
        ("world/2019/01/29", False),
    ],
)
def test_an_article_is_told_from_a_listing_by_its_address(path: str, is_one: bool) -> None:
    assert may_be_an_article(f"https://daily.example/{path}") is is_one


@given(st.text(max_size=80))
def test_any_address_is_one_or_not(path: str) -> None:
    try:
        url = canonical(f"https://daily.example/{path}")
    except ValueError:
        return
    assert may_be_an_article(url) in (True, False)
    day = day_before(url, CAPTURED)
    assert day is None or day < datetime(2019, 2, 3, tzinfo=UTC)
