"""Windows cut into months and years."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.captures.spans import cut, span_of
from crawler.channels.past import Open
from pipelines.topic import Topic

WEDNESDAY = datetime(2019, 6, 5, 12, 30, tzinfo=UTC)


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]  # year, month, day and so on


def test_a_window_ends_with_its_last_day() -> None:
    topic = Topic(name="t", since=date(2019, 1, 5), until=date(2019, 3, 2))
    assert span_of(topic, WEDNESDAY) == (at(2019, 1, 5), at(2019, 3, 3))


def test_a_window_that_is_open_ends_with_the_last_whole_week() -> None:
    assert span_of(Topic(name="t", since=date(2019, 1, 5)), WEDNESDAY) == (at(2019, 1, 5), at(2019, 6, 3))
    assert span_of(Topic(name="t", since=date(2019, 6, 3)), WEDNESDAY) is None


def test_months_are_calendar_months() -> None:
    parts = cut([Open(since=at(2018, 11, 15), until=at(2019, 2, 3))], months=1)
    assert [part.since for part in parts] == [at(2018, 11, 15), at(2018, 12, 1), at(2019, 1, 1), at(2019, 2, 1)]
    assert [part.until for part in parts] == [at(2018, 12, 1), at(2019, 1, 1), at(2019, 2, 1), at(2019, 2, 3)]


def test_years_are_calendar_years() -> None:
    parts = cut([Open(since=at(2018, 7, 1), until=at(2020, 1, 1))], months=12)
    assert [(part.since, part.until) for part in parts] == [
        (at(2018, 7, 1), at(2019, 1, 1)),
        (at(2019, 1, 1), at(2020, 1, 1)),
    ]


def test_a_part_that_broke_off_stays_whole() -> None:
    part = Open(since=at(2018, 7, 1), until=at(2019, 7, 1), resume="here")
    assert cut([part], months=1) == [part]


@given(st.datetimes(at(1990, 1, 1).replace(tzinfo=None)), st.integers(1, 5_000), st.sampled_from([1, 12]))
def test_the_pieces_are_the_whole(since: datetime, days: int, months: int) -> None:
    begin = since.replace(year=min(since.year, 2090), tzinfo=UTC) if since.day < 29 else at(2000, 1, 1)
    end = datetime.fromtimestamp(begin.timestamp() + days * 86_400, UTC)
    parts = cut([Open(since=begin, until=end)], months=months)
    assert [parts[0].since, parts[-1].until] == [begin, end]
    assert all(one.until == other.since for one, other in itertools.pairwise(parts))
    assert all(part.since < part.until for part in parts)
