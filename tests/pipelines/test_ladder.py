from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.ladder import LAST, QUIET, RUNGS, STEPS, Look, born, is_over, next_look

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUARTER, HOURLY, THRICE, DAYS, MONTHLY = (step for _, step in RUNGS)
SAME = Look(said="not modified", quiet=1)

looks = st.builds(
    Look,
    said=st.sampled_from(["new", "changed", "not modified", "unchanged", "missed", "failed"]),
    quiet=st.integers(0, 10_000),
    failures=st.integers(-5, 10_000),
    has_validators=st.booleans(),
    is_removed=st.booleans(),
)
ages = st.timedeltas(-9_000 * DAY, 9_000 * DAY)
keys = st.integers(0, 2**62)


def step(age: timedelta, look: Look = SAME) -> timedelta | None:
    turn = next_look(NOW - age, NOW, look, 7)
    return turn.step if turn else None


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), QUARTER), (3 * HOUR - MINUTE, QUARTER), (3 * HOUR, HOURLY), (DAY - MINUTE, HOURLY),
        (DAY, THRICE), (7 * DAY - MINUTE, THRICE), (7 * DAY, DAYS), (30 * DAY - MINUTE, DAYS), (30 * DAY, MONTHLY),
        (300 * DAY, MONTHLY), (365 * DAY - MINUTE, None), (365 * DAY, None), (5_000 * DAY, None),
    ],
)  # fmt: skip
def test_an_article_is_looked_at_ever_more_seldom_and_in_the_end_never(
    age: timedelta, expected: timedelta | None
) -> None:
    assert step(age) == expected


def test_the_ladder_is_the_one_that_was_promised() -> None:
    assert STEPS == (15, 60, 180, 3 * 24 * 60, 30 * 24 * 60)


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        (Look(said="changed"), HOURLY),
        (Look(said="new"), THRICE),
        (Look(said="unchanged", quiet=1), DAYS),
        (Look(said="new", has_validators=False), DAYS),
        (Look(said="unchanged", quiet=QUIET, has_validators=False), DAYS),
        (Look(said="changed", has_validators=False), THRICE),
        (Look(said="not modified", quiet=QUIET - 1), THRICE),
        (Look(said="not modified", quiet=QUIET), DAYS),
        (Look(said="not modified", is_removed=True), MONTHLY),
        (Look(said="changed", is_removed=True), MONTHLY),
    ],
    ids=str,
)
def test_what_the_last_look_said_moves_an_article_by_one_rung_at_most(look: Look, expected: timedelta) -> None:
    assert step(2 * DAY, look) == expected


def test_no_rung_is_below_the_first_or_above_the_last() -> None:
    assert step(HOUR, Look(said="changed")) == QUARTER
    assert step(100 * DAY, Look(said="unchanged", quiet=QUIET)) == MONTHLY


def test_what_could_not_be_had_is_left_alone_for_an_hour_and_twice_as_long_each_time() -> None:
    pauses = []
    for failures in (1, 2, 3, 4, 50):
        turn = next_look(NOW, NOW, Look(said="failed", failures=failures), 0)
        assert turn is not None
        pauses.append(turn.due - NOW)
    assert pauses == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, MONTHLY]


def test_age_counts_from_the_first_fetch_where_the_day_is_unknown_or_yet_to_come() -> None:
    day = NOW.replace(hour=0)
    assert born(None, NOW) == NOW
    assert born(NOW - DAY, NOW) == NOW - DAY
    assert born(NOW + 9_000 * DAY, NOW) == NOW
    assert born(day, NOW, is_day=True) == NOW
    assert born(day - 2 * DAY, NOW, is_day=True) == day - DAY


@given(ages, looks, keys)
@example(timedelta(), Look(said="failed", failures=-1), 0)
def test_the_next_look_is_in_the_future_within_its_pause_and_never_beyond_a_year(
    age: timedelta, look: Look, key: int
) -> None:
    turn = next_look(NOW - age, NOW, look, key)
    if turn is None:
        return
    pause = max(turn.step, HOUR * 2 ** min(max(look.failures - 1, 0), 20) if look.said == "failed" else turn.step)
    least = min(turn.step, DAY) if look.said == "missed" and not look.is_removed else turn.step
    assert NOW + least * 3 / 4 <= turn.due <= NOW + pause
    assert turn.due - (NOW - age) < LAST
    assert not is_over(NOW - age, turn.due)


@given(ages, ages, looks, keys)
def test_of_two_articles_the_older_one_is_never_due_sooner(
    one: timedelta, other: timedelta, look: Look, key: int
) -> None:
    younger = next_look(NOW - min(one, other), NOW, look, key)
    older = next_look(NOW - max(one, other), NOW, look, key)
    if younger is None:
        assert older is None
    elif older is not None:
        assert younger.due <= older.due


def test_what_was_stored_at_one_time_is_not_due_at_one_time() -> None:
    turns = [next_look(NOW - 40 * DAY, NOW, SAME, key) for key in range(1_000)]
    days = [turn.due.date() for turn in turns if turn]
    assert len(set(days)) >= 7
    assert max(days.count(day) for day in set(days)) < 200


def test_a_life_without_a_change_costs_a_few_dozen_looks() -> None:
    at, count = NOW, 0
    while (turn := next_look(NOW, at, Look(said="not modified", quiet=count), 0)) is not None:
        at, count = turn.due, count + 1
    assert 35 <= count <= 60


@pytest.mark.parametrize(("age", "expected"), [(HOUR, QUARTER), (20 * DAY, DAY), (300 * DAY, DAY)])
def test_a_page_that_is_missed_is_looked_for_again_within_a_day(age: timedelta, expected: timedelta) -> None:
    turn = next_look(NOW - age, NOW, Look(said="missed"), 7)
    assert turn is not None
    assert expected * 3 / 4 <= turn.due - NOW <= expected


def test_a_page_that_is_surely_gone_is_looked_for_once_a_month() -> None:
    assert step(HOUR, Look(said="missed", is_removed=True)) == MONTHLY
