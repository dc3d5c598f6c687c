from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.witnesses.dates import Moment, best_of, is_possible, moment_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(*figures: int) -> datetime:
    return datetime(*figures, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year, month, day and on


@pytest.mark.parametrize(
    ("text", "expected", "offset"),
    [
        ("2019-09-07T18:30:00+04:30", at(2019, 9, 7, 14), 270),
        ("2019-09-07T18:30:00.123Z", at(2019, 9, 7, 18, 30), 0),
        ("2019-09-07 18:30:00 +0200", at(2019, 9, 7, 16, 30), 120),
        ("2019-09-07T18:30:00.0000000-05:00", at(2019, 9, 7, 23, 30), -300),
        ("20190907T183000+0000", at(2019, 9, 7, 18, 30), 0),
        ("2019-09-07T18:30", at(2019, 9, 7, 18, 30), None),
        ("Sat, 07 Sep 2019 18:30:00 GMT", at(2019, 9, 7, 18, 30), 0),
        ("Sat, 07 Sep 2019 18:30:00 EST", at(2019, 9, 7, 23, 30), -300),
        ("Sat Sep 07 2019 18:30:00 GMT+0200 (Central European Summer Time)", at(2019, 9, 7, 16, 30), 120),
        ("September 7, 2019 6:30 PM", at(2019, 9, 7, 18, 30), None),
        ("Sept. 7, 2019, 12:05 a.m. UTC", at(2019, 9, 7, 0, 5), 0),
        ("1567881000", at(2019, 9, 7, 18, 30), None),
        ("1567881000000", at(2019, 9, 7, 18, 30), None),
    ],
)
def test_an_instant_is_read_with_its_zone(text: str, expected: datetime, offset: int | None) -> None:
    assert moment_of(text, latest=NOW) == Moment(expected, "instant", offset)


@pytest.mark.parametrize("text", ["2019-09-07", "20190907", "7 September 2019", "7th Sep 2019", "September 7, 2019"])
def test_a_day_is_no_more_than_a_day(text: str) -> None:
    assert moment_of(text, latest=NOW) == Moment(at(2019, 9, 7), "day")


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2019", "2019-02-30", "2019-13-01", "0000-00-00", "1970-01-01T00:00:00Z", "1989-12-31",
        "2026-03-03", "2099-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "2019-09-07T25:61:00Z", "7 Smarch 2019",
        "2019-09-07T10:00:00+99:00", "9" * 13, "2019-09-07 " + "x" * 90,
    ],
)  # fmt: skip
def test_what_cannot_be_a_date_of_publication_is_none(text: str) -> None:
    assert moment_of(text, latest=NOW) is None


def test_a_day_ahead_is_a_zone_and_two_are_a_mistake() -> None:
    assert is_possible(NOW + timedelta(days=1), NOW)
    assert not is_possible(NOW + timedelta(days=1, seconds=1), NOW)
    assert is_possible(NOW, None)


def test_a_bare_day_takes_the_time_of_a_witness_on_that_day() -> None:
    day, instant = Moment(at(2019, 9, 7), "day"), Moment(at(2019, 9, 7, 22), "instant", -300)
    assert best_of([day, Moment(at(2019, 9, 9, 9)), instant]) == instant


def test_a_day_stays_a_day_where_no_witness_agrees() -> None:
    day = Moment(at(2019, 9, 7), "day")
    assert best_of([day, Moment(at(2019, 9, 20, 9))]) == day


def test_a_time_without_zone_takes_the_zone_in_which_another_source_says_the_same() -> None:
    bare, zoned = Moment(at(2019, 9, 7, 18, 30)), Moment(at(2019, 9, 7, 14), "instant", 270)
    assert best_of([bare, zoned]) == zoned
    assert best_of([bare], at(2019, 9, 7, 14)) == zoned


@pytest.mark.parametrize("other", [at(2019, 9, 7, 14, 7), at(2019, 9, 9, 14)], ids=["minutes apart", "days apart"])
def test_a_time_without_zone_is_left_alone_by_a_source_that_says_something_else(other: datetime) -> None:
    bare = Moment(at(2019, 9, 7, 18, 30))
    assert best_of([bare, Moment(other)], other) == bare


def test_without_a_date_there_is_none() -> None:
    assert best_of([]) is None
    assert best_of([], NOW) == Moment(NOW)


@given(st.text(max_size=120))
def test_any_text_is_a_possible_moment_or_none(text: str) -> None:
    moment = moment_of(text, latest=NOW)
    assert moment is None or (is_possible(moment.at, NOW) and moment.at.utcoffset() == timedelta(0))


@given(
    st.datetimes(at(1990, 1, 2).replace(tzinfo=None), at(2026, 2, 27).replace(tzinfo=None)),
    st.integers(-12 * 4, 14 * 4),
)
def test_what_is_written_is_read(local: datetime, quarters: int) -> None:
    local = local.replace(microsecond=0)
    shift = timedelta(minutes=15 * quarters)
    sign = "+" if quarters >= 0 else "-"
    hours, minutes = divmod(abs(15 * quarters), 60)
    text = f"{local.isoformat()}{sign}{hours:02}:{minutes:02}"
    moment = moment_of(text, latest=NOW)
    assert moment is not None
    assert moment.at == (local - shift).replace(tzinfo=UTC)
    assert moment.offset == 15 * quarters
