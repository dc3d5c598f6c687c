"""When a silence means that a source has died: on simulated histories of regular, bursty, resting and slow sources.

Both faults are counted: how long a death is not seen, and how often a source that lives is called dead. Every history
is drawn from a seed, so that the figures are the same on each machine.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.watching.rhythm import ENOUGH_DAYS, SHORTEST, SPAN, Rhythm, longest, pauses_of, resting_weekdays, rhythm

START = date(2018, 1, 1)  # a Monday
YEARS = 2
Draw = Callable[[random.Random, date], int]


def poisson(rate: float) -> Draw:
    """News by chance, so much a day on average."""

    def draw(chance: random.Random, _day: date) -> int:
        if rate > 30:
            return max(0, round(chance.gauss(rate, math.sqrt(rate))))
        count, left = 0, math.exp(rate) * chance.random()
        while left > 1 and count < 1000:
            count, left = count + 1, left * chance.random()
        return count

    return draw


def weekdays(rate: float) -> Draw:
    """The same from Monday to Friday, and nothing on other days."""
    return lambda chance, day: poisson(rate)(chance, day) if day.weekday() < 5 else 0


def bursts(every: int) -> Draw:
    """A few articles on one to four days on end, and then a pause."""
    left = 0

    def draw(chance: random.Random, day: date) -> int:
        nonlocal left
        left = chance.randint(1, 4) if not left and chance.random() < 1 / every else max(left - 1, 0)
        return poisson(6)(chance, day) if left else 0

    return draw


SOURCES: dict[str, tuple[Draw, int]] = {
    # how its news comes, and the days after which its death is seen at the latest
    "by chance, one a week": (poisson(1 / 7), 75),
    "by chance, one in two days": (poisson(0.5), 30),
    "by chance, one a day": (poisson(1), 14),
    "by chance, three a day": (poisson(3), 6),
    "by chance, ten a day": (poisson(10), 4),
    "by chance, 48 a day": (poisson(48), 3),
    "one each day": (lambda _chance, _day: 1, 2),
    "one each Thursday": (lambda _chance, day: int(day.weekday() == 3), 14),
    "weekdays, one": (lambda _chance, day: int(day.weekday() < 5), 4),
    "weekdays, about four": (weekdays(4), 7),
    "weekdays, about twenty": (weekdays(20), 4),
    "bursts each week": (bursts(5), 60),
    "bursts each fortnight": (bursts(14), 150),
}


def history(draw: Draw, chance: random.Random, days: int = 365 * YEARS) -> dict[date, int]:
    return {day: draw(chance, day) for day in (START + timedelta(number) for number in range(days))}


def alarms(news: dict[date, int]) -> int:
    """How often a source that lives is called dead: looked at when each of its longer pauses is about to end."""
    told = [day for day, count in news.items() if count]
    pauses = [(one, other) for one, other in pairwise(told) if (other - one).days > SHORTEST]
    return sum(rhythm(until(news, other, one), other).is_dead for one, other in pauses)


def until(news: dict[date, int], today: date, last: date) -> dict[date, int]:
    """What was known on a day, as far back as it matters."""
    first = max((last - START).days - SPAN - 1, 0)
    return {day: news[day] for day in (START + timedelta(at) for at in range(first, (today - START).days))}


def delay(news: dict[date, int], death: date) -> tuple[int, Rhythm]:
    """After how many days without any news a death is seen."""
    known = {day: count for day, count in news.items() if day < death}
    for days in range(400):
        beat = rhythm(known, today := death + timedelta(days))
        if beat.is_dead:
            return days, beat
        known[today] = 0
    raise AssertionError("a death that nobody saw")


@pytest.mark.parametrize(("draw", "latest"), SOURCES.values(), ids=SOURCES)
def test_a_death_is_seen_within_two_pauses_and_life_is_hardly_called_death(draw: Draw, latest: int) -> None:
    chance, wrong, delays = random.Random(7), 0, []
    many = 4
    for _ in range(many):
        news = history(draw, chance)
        wrong += alarms(news)
        days, beat = delay(news, START + timedelta(chance.randint(300, 700)))
        delays.append(days)
        assert beat.usual
        weekend = 2 * (days // 5 + 1) if beat.resting else 0
        assert days <= max(2 * beat.usual, SHORTEST) + weekend
    assert wrong <= many * YEARS, "at most one false alarm a source and year"
    assert max(delays) <= latest, delays


@pytest.mark.soak
@pytest.mark.parametrize(("name", "draw"), [(name, draw) for name, (draw, _) in SOURCES.items()], ids=SOURCES)
def test_over_centuries_of_sources_there_is_less_than_one_false_alarm_a_year(name: str, draw: Draw) -> None:
    chance = random.Random(11)
    many = 150
    wrong = sum(alarms(history(draw, chance)) for _ in range(many))
    delays = sorted(delay(history(draw, chance), START + timedelta(600))[0] for _ in range(20))
    print(f"{name}: {wrong / many / YEARS:.2f} false alarms a year, seen after {delays[10]} days, at most {delays[-1]}")
    assert wrong <= many * YEARS


def told(*counts: int, first: date = START) -> dict[date, int]:
    return {first + timedelta(number): count for number, count in enumerate(counts)}


def test_of_what_was_hardly_watched_nothing_is_said() -> None:
    few = told(9, *[1] * (ENOUGH_DAYS - 1), *[0] * 30)
    assert rhythm(few, START + timedelta(60)) == Rhythm(last=START + timedelta(ENOUGH_DAYS - 1), silent=30)
    assert rhythm({}, START) == rhythm(told(20), START + timedelta(9)) == Rhythm()
    assert rhythm(told(20, *[0] * 90), START + timedelta(91)) == Rhythm()


def test_the_day_that_is_not_over_is_no_silence_and_its_news_ends_one() -> None:
    news = told(9, *[1] * 60, 0, 0, 0)
    today = max(news)
    assert (rhythm(news, today).silent, rhythm(news, today).is_dead) == (2, True)
    revived = rhythm({**news, today: 1}, today)
    assert (revived.silent, revived.is_dead, revived.last) == (0, False, today)


def test_days_on_which_nobody_asked_are_no_silence() -> None:
    news = told(9, *[1] * 60, 0)
    for later in (2, 60, 120):
        assert rhythm(news, max(news) + timedelta(later)).silent == 1
    back = {**news, max(news) + timedelta(90): 0}
    assert rhythm(back, max(back) + timedelta(1)).is_dead


def test_a_weekday_rests_where_news_fails_to_come_on_it() -> None:
    twenty = told(*[20, 20, 20, 20, 20, 0, 0] * 3)
    assert resting_weekdays(twenty) == {5, 6}
    assert resting_weekdays(told(*[1, 1, 1, 1, 1, 0, 0] * 3)) == frozenset(), "too little to know it"
    assert resting_weekdays(told(*[1, 1, 1, 1, 1, 0, 0] * 9)) == {5, 6}
    assert resting_weekdays(told(900, *[20] * 27)) == resting_weekdays({}) == frozenset(), "one great day says nothing"
    assert resting_weekdays(told(*[20, 20, 20, 20, 20, 0, 1] * 3)) == {5, 6}


def test_pauses_are_counted_from_news_to_news_in_days_that_count() -> None:
    yes, no, off = (True, True), (False, True), (False, False)
    assert pauses_of([no, yes, yes, no, yes, off, off, yes, no]) == [1, 2, 1]
    assert pauses_of([yes, (True, False), yes]) == [1, 1]
    assert pauses_of([no, no]) == pauses_of([]) == []


def test_an_outage_is_no_pause() -> None:
    assert longest([1] * 20 + [2, 30]) == 2
    assert longest([1] * 20 + [2, 6]) == 6
    assert longest([1, 1, 30]) == 30, "of so few, any may be usual"


@given(
    st.dictionaries(st.integers(0, 900), st.sampled_from([0, 0, 0, 1, 1, 3, 50_000]), max_size=400),
    st.integers(-10, 1000),
)
def test_any_history_has_a_rhythm(news: dict[int, int], today: int) -> None:
    beat = rhythm({START + timedelta(day): count for day, count in news.items()}, START + timedelta(today))
    assert beat.silent >= 0
    assert beat.limit is None or beat.limit >= SHORTEST
    assert len(beat.resting) < 7
    assert not beat.is_dead or beat.last is not None
