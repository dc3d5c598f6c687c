"""Which parts of a window are still to be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.past import HALVED, NOTHING_ASKED, Open, Past, Question

DAY = timedelta(days=1)
BEGIN = datetime(2019, 1, 1, tzinfo=UTC)
NOW = datetime(2019, 6, 1, tzinfo=UTC)
PLACE = "https://service.example/api"


def day(number: int) -> datetime:
    return BEGIN + number * DAY


def question(since: int, until: int, status: str = "complete", *, ago: timedelta = DAY, resume: str = "") -> Question:
    return Question(
        place=PLACE, query="talks", status=status, asked=NOW - ago, since=day(since), until=day(until), resume=resume
    )


def left(*questions: Question, since: int = 0, until: int = 10) -> list[tuple[int, int, str]]:
    parts = Past(questions).open(PLACE, "talks", day(since), day(until), NOW)
    return [((part.since - BEGIN) // DAY, (part.until - BEGIN) // DAY, part.resume) for part in parts]


def test_what_was_never_asked_is_all_open() -> None:
    assert NOTHING_ASKED.open(PLACE, "talks", day(0), day(10), NOW) == (Open(since=day(0), until=day(10)),)


def test_complete_answers_close_their_windows_and_leave_the_gaps() -> None:
    assert left(question(2, 4), question(6, 7)) == [(0, 2, ""), (4, 6, ""), (7, 10, "")]
    assert left(question(0, 5), question(3, 12)) == []


def test_another_query_or_place_closes_nothing() -> None:
    past = Past([question(0, 10)])
    assert past.open(PLACE, "truce", day(0), day(10), NOW)
    assert past.open("https://other.example/", "talks", day(0), day(10), NOW)


@pytest.mark.parametrize(
    ("status", "pause"),
    [("saturated", timedelta(days=7)), ("refused", timedelta(hours=1)), ("failed", timedelta(hours=1))],
)
def test_what_did_not_go_well_is_asked_again_later(status: str, pause: timedelta) -> None:
    assert left(question(0, 10, status, ago=pause - timedelta(minutes=1))) == []
    assert left(question(0, 10, status, ago=pause)) == [(0, 10, "")]


def test_a_window_that_was_halved_closes_nothing_its_halves_do() -> None:
    assert left(question(0, 10, "saturated", resume=HALVED), question(0, 5)) == [(5, 10, "")]


def test_what_broke_off_goes_on_where_it_broke_off() -> None:
    assert left(question(2, 4, "saturated", resume="key 7")) == [(0, 2, ""), (2, 4, "key 7"), (4, 10, "")]
    refused = question(2, 4, "refused", ago=timedelta(minutes=5), resume="key 7")
    assert left(refused) == [(0, 2, ""), (4, 10, "")]


def test_a_later_complete_answer_ends_what_broke_off() -> None:
    broken = question(2, 4, "saturated", ago=2 * DAY, resume="key 7")
    assert left(broken, question(2, 4)) == [(0, 2, ""), (4, 10, "")]


def test_a_window_that_was_not_over_is_closed_up_to_when_it_was_asked() -> None:
    asked = Question(place=PLACE, query="talks", status="complete", asked=day(5), since=day(0), until=day(10))
    assert Past([asked]).open(PLACE, "talks", day(0), day(10), NOW) == (Open(since=day(5), until=day(10)),)


def test_the_last_question_of_a_place_is_the_newest() -> None:
    first, second = question(0, 1, ago=2 * DAY), question(1, 2, "failed")
    assert Past([second, first]).last(PLACE, "talks") is second
    assert Past([first]).last(PLACE) is None


spans = st.tuples(
    st.integers(0, 30), st.integers(1, 12), st.sampled_from(["complete", "saturated", "refused", "failed"])
)


@given(st.lists(spans, max_size=12))
def test_open_parts_tile_exactly_what_is_not_closed(asked: list[tuple[int, int, str]]) -> None:
    questions = [question(at, at + size, status, ago=timedelta(days=30)) for at, size, status in asked]
    closed = {day for at, size, status in asked if status == "complete" for day in range(at, at + size)}
    parts = left(*questions, since=0, until=30)
    opened = [number for begin, end, _ in parts for number in range(begin, end)]
    assert opened == sorted(set(range(30)) - closed)


def test_windows_that_failed_are_told_apart_from_those_never_asked() -> None:
    def days(parts: tuple[Open, ...]) -> list[tuple[int, int]]:
        return [((part.since - BEGIN) // DAY, (part.until - BEGIN) // DAY) for part in parts]

    asked = [question(2, 3, "failed"), question(5, 6, "refused"), question(6, 8), question(7, 8, "failed", ago=2 * DAY)]
    fresh, lost = Past(asked).sorted_out(PLACE, "talks", day(0), day(10), NOW)
    assert (days(fresh), days(lost)) == ([(0, 2), (3, 5), (8, 10)], [(2, 3), (5, 6)])
    just = [question(2, 3, "failed", ago=timedelta(0))]
    fresh, lost = Past(just).sorted_out(PLACE, "talks", day(0), day(10), NOW)
    assert (days(fresh), days(lost)) == ([(0, 2), (3, 10)], [])
