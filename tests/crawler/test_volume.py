"""The news of a day against the four weeks before it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.watching.volume import ENOUGH, RUN, fall, volume

START = date(2018, 1, 1)  # a Monday
WEEKEND = (5, 6)


def told(*counts: int) -> dict[date, int]:
    return {START + timedelta(number): count for number, count in enumerate(counts)}


def after(news: dict[date, int]) -> date:
    return max(news) + timedelta(days=1)


@pytest.mark.parametrize(
    ("last", "standing"), [(0, "low"), (1, "low"), (2, "usual"), (10, "usual"), (18, "usual"), (19, "high")]
)
def test_a_day_is_told_against_the_middle_and_what_chance_does(last: int, standing: str) -> None:
    news = told(500, *[10] * 28, last)
    found = volume(news, after(news))
    assert found
    assert (found.day, found.news, found.low, found.middle, found.high) == (max(news), last, 2, 10, 18)
    assert found.standing == standing


def test_what_was_seen_before_is_usual() -> None:
    news = told(0, *[2, 40] * 14, 38)
    found = volume(news, after(news))
    assert found
    assert (found.low, found.high, found.standing) == (2, 40, "usual")


def test_weekdays_on_which_it_rests_have_a_band_of_their_own() -> None:
    news = told(*[20, 20, 20, 20, 20, 0, 0] * 5)  # from Monday to Sunday
    sunday = volume(news, after(news), WEEKEND)
    assert sunday
    assert (sunday.low, sunday.high, sunday.standing) == (0, 3, "usual")
    friday = volume(news, START + timedelta(days=33), WEEKEND)
    assert friday
    assert (friday.middle, friday.standing) == (20, "usual")


def test_the_day_after_one_that_nobody_asked_about_brought_the_news_of_several() -> None:
    news = told(10, *[10] * 28, 10, 40)
    del news[max(news) - timedelta(days=1)]
    found = volume(news, after(news))
    assert found
    assert (found.news, found.standing) == (10, "usual"), "the 40 are those of two days"


def test_of_few_days_nothing_is_said() -> None:
    news = told(10, *[10] * ENOUGH)
    assert volume(news, after(news)) is None
    assert volume({}, START) is None
    assert fall({}, START) is None
    assert fall(news, after(news)) is None
    assert volume(told(10, *[10] * (ENOUGH + 1)), START + timedelta(days=99))


@pytest.mark.parametrize(
    ("usual", "lately", "falls"),
    [
        ([20] * 28, [8] * 5, True), ([20] * 28, [8, 8, 8, 8, 30], False), ([20] * 28, [11] * 5, False),
        ([4] * 28, [1, 1, 0, 1, 1], True), ([3] * 28, [1] * 5, False), ([20] * 28, [6, 0, 0, 6, 6], False),
        ([0, 40] * 14, [8] * 5, False),
        ([0] * 28, [0] * 5, False),
    ],
    ids=["more than half gone", "one good day", "a little less", "few, and hardly any", "few, by chance",
         "an outage", "bursts", "none"],
)  # fmt: skip
def test_it_has_fallen_where_less_than_half_comes_and_chance_does_not_do_that(
    usual: list[int], lately: list[int], falls: bool
) -> None:
    news = told(usual[-1], *usual, *lately)
    found = fall(news, after(news))
    assert (found is not None) == falls
    if found:
        assert (found.since, found.news) == (max(news) - timedelta(days=RUN - 1), sum(lately))


def test_a_weekend_without_news_is_no_fall() -> None:
    news = told(*[20, 20, 20, 20, 20, 0, 0] * 5)
    assert fall(news, after(news), WEEKEND) is None
    assert fall(news, after(news)) is None, "nor where it is not known to rest"


@given(st.dictionaries(st.integers(0, 90), st.integers(0, 10_000), max_size=90), st.sets(st.integers(0, 6), max_size=6))
def test_any_history_has_a_band_or_none(days: dict[int, int], resting: set[int]) -> None:
    news = {START + timedelta(day): count for day, count in days.items()}
    found = volume(news, START + timedelta(days=91), tuple(resting))
    assert found is None or 0 <= found.low <= found.middle <= found.high
    fall(news, START + timedelta(days=91), tuple(resting))
