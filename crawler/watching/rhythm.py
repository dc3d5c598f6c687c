"""How often something gives news, and from when on its silence means that it has died.

All is told from whole days, so that a night is no silence. Days on which nobody asked do not count, nor do weekdays on
which it rests. It counts as dead once it has been silent for twice as long as ever before, where so many pauses are
known that chance does not do that twice a year; before that, and where its pauses are all of chance, once chance
would not keep it silent for so long twice a year.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

SPAN = 180  # days of history that say what is usual
ENOUGH_DAYS, ENOUGH_NEWS = 14, 3  # without so many days, and so many of them with news, nothing is said
SHORTEST = 2  # days of silence that are no death of anything
ALARMS = 0.5  # a year, that chance alone may raise for one source by each rule
LONGER = 1.5  # times its longest pause: what a source without a rule to its pauses is always given
ODD = 3  # times the second longest pause: such a pause was an outage, and no pause

SEEN, QUIET = 5, 0.2  # a weekday rests if of at least so much news expected, less than this share came


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often news comes, in days that count: weekdays on which there is news, and on which it was asked for.

    `last` is the last day with news. `silent` are the days since without any, `usual` the longest pause from news to
    news, and `limit` the days of silence from which on it is dead; None of what is not known yet. `resting` are the
    weekdays without news, Monday as 0.
    """

    last: date | None = None
    silent: int = 0
    usual: int | None = None
    limit: int | None = None
    resting: tuple[int, ...] = ()

    @property
    def is_dead(self) -> bool:
        """Whether it has been silent for too long."""
        return self.limit is not None and self.silent >= self.limit


def rhythm(news: Mapping[date, int], today: date) -> Rhythm:
    """The rhythm of what gave so much news on each day on which it was asked, as of a day that is not over yet.

    The first day is left out: what was there before is news to whoever asks first.
    """
    days = sorted(day for day in news if day <= today)[1:]
    last = max((day for day in days if news[day]), default=None)
    if last is None:
        return Rhythm()
    heard = [day for day in days if last - timedelta(SPAN) <= day <= last]
    resting = resting_weekdays({day: news[day] for day in heard})
    silent = sum(last < day < today and day.weekday() not in resting for day in days)
    pauses = pauses_of([(bool(news[day]), day.weekday() not in resting) for day in heard])
    counted = sum(day.weekday() not in resting for day in heard)
    if len(heard) < ENOUGH_DAYS or sum(news[day] > 0 for day in heard) < ENOUGH_NEWS or not pauses:
        return Rhythm(last=last, silent=silent, resting=tuple(sorted(resting)))
    usual = longest(pauses)
    limit = limit_of(usual, len(pauses), counted, 365.0 * (7 - len(resting)) / 7)
    return Rhythm(last=last, silent=silent, usual=usual, limit=limit, resting=tuple(sorted(resting)))


def resting_weekdays(news: Mapping[date, int]) -> frozenset[int]:
    """The weekdays on which hardly any news comes; a day of very much news counts as two days of much."""
    most = 2 * median([count for count in news.values() if count] or [0])
    came, asked = [0.0] * 7, [0] * 7
    for day, count in news.items():
        came[day.weekday()] += min(count, most)
        asked[day.weekday()] += 1
    expected = [sum(came) * times / max(len(news), 1) for times in asked]
    return frozenset(
        day for day in range(7) if asked[day] >= 2 and expected[day] >= SEEN and came[day] <= expected[day] * QUIET
    )


def pauses_of(days: Sequence[tuple[bool, bool]]) -> list[int]:
    """The days that count from news to news, of days that have news or not, and count or not."""
    found: list[int] = []
    waited = None
    for has_news, counts in days:
        if waited is not None and counts:
            waited += 1
        if has_news:
            if waited is not None:
                found.append(max(waited, 1))
            waited = 0
    return found


def longest(pauses: Sequence[int]) -> int:
    """The longest pause that was none of an outage."""
    *_, second, first = [1, *sorted(pauses)]
    return second if first > ODD * second and len(pauses) > ENOUGH_DAYS else first


def limit_of(usual: int, pauses: int, counted: int, year: float) -> int:
    """The days of silence from which on something is dead.

    `usual` is the longest of so many `pauses` within so many `counted` days; `year` are the days of a year that count.
    """
    share = min(pauses / (counted + 1), 1.0)
    surely = max(share - math.sqrt(share * (1 - share) / counted), 0.5 / counted)
    by_chance = math.log(max(year * share / ALARMS, 1.0)) / -math.log1p(-surely)
    slow = max(by_chance, LONGER * usual)
    # Of pauses by pure chance, the next is twice as long as the longest of n with probability 2 / (n + 1) (n + 2).
    is_sure = year * share * 2 / ((pauses + 1) * (pauses + 2)) <= ALARMS
    return max(SHORTEST, math.ceil(min(2.0 * usual, slow) if is_sure else slow))
