"""How soon a source is asked again: within bounds, and never sooner for having less to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.intervals import FIRST, LONGEST, LONGEST_REST, REST, SHORTEST, next_pause

pauses = st.none() | st.integers(0, 100_000)
counts = st.integers(0, 60_000)
good = st.sampled_from(["complete", "saturated"])
bad = st.sampled_from(["refused", "failed"])
failures = st.integers(0, 1_000_000)
hints = st.none() | st.integers(-5, 100_000)


@pytest.mark.parametrize(
    ("pause", "found", "new", "expected"),
    [
        (None, 20, 20, FIRST),
        (None, 20, 0, FIRST),
        (60, 20, 11, 30),
        (60, 20, 10, 60),
        (60, 20, 1, 60),
        (60, 20, 0, 90),
        (60, 0, 0, 90),
        (20, 20, 20, SHORTEST),
        (1_400, 20, 0, LONGEST),
    ],
)
def test_much_news_halves_the_pause_and_none_makes_it_half_as_long_again(
    pause: int | None, found: int, new: int, expected: int
) -> None:
    assert next_pause(pause, found, new, "complete", 0, None) == expected
    assert next_pause(pause, found, new, "saturated", 0, None) == expected


@pytest.mark.parametrize("status", ["failed", "refused"])
def test_a_dead_source_rests_longer_each_time_but_is_tried_again_within_a_week(status: str) -> None:
    rests = [next_pause(30, 0, 0, status, failed, None) for failed in range(1, 12)]
    assert rests[:4] == [REST, 2 * REST, 4 * REST, 8 * REST]
    assert rests[-1] == LONGEST_REST == 7 * 24 * 60


@pytest.mark.parametrize(("hint", "expected"), [(None, 30), (10, 30), (60, 60), (5_000, LONGEST)])
def test_a_publisher_may_ask_for_longer_pauses_but_not_for_more_than_a_day(hint: int | None, expected: int) -> None:
    assert next_pause(30, 20, 5, "complete", 0, hint) == expected


@given(pauses, counts, counts, good, failures, hints)
def test_a_source_that_answers_is_asked_between_every_quarter_of_an_hour_and_daily(
    pause: int | None, found: int, new: int, status: str, failed: int, hint: int | None
) -> None:
    assert SHORTEST <= next_pause(pause, found, new, status, failed, hint) <= LONGEST


@given(pauses, counts, counts, bad, failures, hints)
def test_one_that_does_not_is_asked_between_hourly_and_weekly_whatever_its_pace(
    pause: int | None, found: int, new: int, status: str, failed: int, hint: int | None
) -> None:
    rest = next_pause(pause, found, new, status, failed, hint)
    assert REST <= rest <= LONGEST_REST
    assert rest == next_pause(None, 0, 0, "failed", failed, None)


@given(pauses, counts, st.tuples(counts, counts), good, hints)
def test_more_news_never_makes_a_pause_longer(
    pause: int | None, found: int, new: tuple[int, int], status: str, hint: int | None
) -> None:
    less, more = sorted(new)
    assert next_pause(pause, found, more, status, 0, hint) <= next_pause(pause, found, less, status, 0, hint)


@given(st.tuples(st.integers(0, 100_000), st.integers(0, 100_000)), counts, counts, good, hints)
def test_a_longer_pause_stays_the_longer_one(
    pauses: tuple[int, int], found: int, new: int, status: str, hint: int | None
) -> None:
    shorter, longer = sorted(pauses)
    assert next_pause(shorter, found, new, status, 0, hint) <= next_pause(longer, found, new, status, 0, hint)


@given(st.tuples(failures, failures), bad)
def test_each_failure_in_a_row_makes_the_rest_no_shorter(failed: tuple[int, int], status: str) -> None:
    fewer, more = sorted(failed)
    assert next_pause(None, 0, 0, status, fewer, None) <= next_pause(None, 0, 0, status, more, None)


@given(pauses, counts, counts, good, st.tuples(st.integers(0, 100_000), st.integers(0, 100_000)))
def test_a_longer_hint_never_makes_a_pause_shorter(
    pause: int | None, found: int, new: int, status: str, given_hints: tuple[int, int]
) -> None:
    shorter, longer = sorted(given_hints)
    assert next_pause(pause, found, new, status, 0, shorter) <= next_pause(pause, found, new, status, 0, longer)


@given(st.integers(SHORTEST, LONGEST))
def test_a_quiet_source_is_asked_less_and_less_until_daily(pause: int) -> None:
    for _ in range(20):
        longer = next_pause(pause, 20, 0, "complete", 0, None)
        assert longer > pause or longer == LONGEST
        pause = longer
    assert pause == LONGEST
