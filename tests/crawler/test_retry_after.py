from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.retry_after import LONGEST, backoff, wait_of

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(("value", "seconds"), [("0", 0), ("30", 30), (" 120 ", 120), ("007", 7)])
def test_seconds_are_read(value: str, seconds: int) -> None:
    assert wait_of(value, NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value",
    [
        "Wed, 01 May 2024 12:00:45 GMT",
        "Wed, 01 May 2024 12:00:45 -0000",
        "Wed, 01 May 2024 14:00:45 +0200",
        "Wednesday, 01-May-24 12:00:45 GMT",
        "Wed May  1 12:00:45 2024",
    ],
)
def test_dates_are_read_in_every_form_that_http_has_had(value: str) -> None:
    assert wait_of(value, NOW) == timedelta(seconds=45)


def test_a_date_that_is_past_asks_for_no_wait() -> None:
    assert wait_of("Wed, 01 May 2019 12:00:45 GMT", NOW) == timedelta(0)


@pytest.mark.parametrize("value", ["9" * 60, "1000000000", "Fri, 31 Dec 9999 23:59:59 GMT", "999999999999"])
def test_a_wait_beyond_reason_is_a_week(value: str) -> None:
    assert wait_of(value, NOW) == LONGEST


@pytest.mark.parametrize(
    "value", ["", "-5", "1e999", "inf", "nan", "1.5", "\u0663", "soon", "Wed, 99 May 2024 99:99:99 GMT", "0x10"]
)
def test_nonsense_says_nothing(value: str) -> None:
    assert wait_of(value, NOW) is None


@given(st.text(max_size=200))
def test_no_value_breaks_the_bounds(value: str) -> None:
    wait = wait_of(value, NOW)
    assert wait is None or timedelta(0) <= wait <= LONGEST


@given(st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - made aware
def test_any_date_is_the_time_until_then(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    wait = wait_of(format_datetime(moment, usegmt=True), NOW)
    assert wait == min(max(moment - NOW, timedelta(0)), LONGEST)


def test_the_back_off_doubles_and_ends() -> None:
    assert [backoff(n).total_seconds() for n in range(3)] == [60, 120, 240]
    assert backoff(10_000) == LONGEST
