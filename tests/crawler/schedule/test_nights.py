from __future__ import annotations

import os
import time as system
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.schedule.nights import hour_of, night_of
from crawler.schedule.rules import Rules

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "UTC")
HOURS = (time(0, 0), time(1, 45), time(2, 30), time(23, 59))

SINCE = datetime(2011, 12, 1, tzinfo=UTC)


@pytest.fixture
def in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    system.tzset()
    yield
    monkeypatch.undo()
    os.environ.pop("TZ", None)
    system.tzset()


def test_an_hour_that_does_not_exist_comes_once_and_one_that_comes_twice_counts_first() -> None:
    rules = Rules(nightly=time(2, 30), zone=ZoneInfo("Europe/Berlin"))
    assert hour_of(date(2026, 3, 29), rules) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert hour_of(date(2026, 10, 25), rules) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_machine_has_a_zone_too(in_berlin: None) -> None:
    rules = Rules(nightly=time(2, 30))
    assert hour_of(date(2026, 7, 1), rules) == datetime(2026, 7, 1, 0, 30, tzinfo=UTC)
    assert hour_of(date(2026, 10, 25), rules) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert night_of(datetime(2026, 7, 1, 0, 29, tzinfo=UTC), rules) == date(2026, 6, 30)


@settings(max_examples=20)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(HOURS),
    st.integers(0, 16 * 365 * 24),
)
def test_nights_follow_one_another_and_none_comes_twice(zone: str, hour: time, hours: int) -> None:
    rules, at = Rules(nightly=hour, zone=ZoneInfo(zone)), SINCE + timedelta(hours=hours)
    nights = [night_of(at + number * timedelta(minutes=30), rules) for number in range(2 * 24 * 3)]
    assert nights == sorted(nights)
    struck = Counter(nights)
    # Samoa left out a whole day when it crossed the date line; of that one nobody can say when its hour strikes.
    assert all(later - night <= timedelta(days=2) for night, later in pairwise(nights))
    whole = sorted(struck)[1:-1]
    assert all(22 * 2 <= struck[night] <= 26 * 2 for night in whole if date(2011, 12, 28) > night or night.year > 2011)


@settings(max_examples=20)
@given(
    st.sampled_from(ZONES[:4]), st.sampled_from(HOURS), st.dates(min_value=date(2012, 2, 1), max_value=date(2030, 1, 1))
)
def test_the_night_of_an_hour_is_its_day(zone: str, hour: time, day: date) -> None:
    rules = Rules(nightly=hour, zone=ZoneInfo(zone))
    struck = hour_of(day, rules)
    assert night_of(struck, rules) == day
    assert night_of(struck - timedelta(seconds=1), rules) == day - timedelta(days=1)
