"""How much news a source gave on a day, against what it gave on the four weeks before."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median, pvariance

WEEKS = 28  # days that say what is usual
ENOUGH = 7  # days that are alike, without which nothing is said
DEVIATIONS = 2.3  # of a Poisson count: one day in a hundred is beyond them on either side
EDGE = 0.05  # share of the days seen that may lie outside of the band on either side
RUN, HALF = 5, 0.5  # days in a row, and the share of the usual news below which they have fallen
CLEAR = 3.3  # standard deviations of the news of so many days


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """The news of one whole day, and the band of what is usual on such a day: its middle, and its two edges."""

    day: date
    news: int
    low: int
    middle: float
    high: int

    @property
    def standing(self) -> str:
        """`low`, `usual` or `high`."""
        return "low" if self.news < self.low else "high" if self.news > self.high else "usual"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """The news of five days on end, where so much was usual, and the first of these days."""

    since: date
    news: int
    usual: float


def volume(news: Mapping[date, int], today: date, resting: Sequence[int] = ()) -> Volume | None:
    """The last whole day on which a source was asked, against its band; None where too few days are known.

    Weekdays on which it rests have a band of their own. A day counts only if the one before was asked about too: else
    it brought the news of several.
    """
    whole = whole_days(news, today)
    return band(news, whole, resting) if whole else None


def fall(news: Mapping[date, int], today: date, resting: Sequence[int] = ()) -> Fall | None:
    """That a source has given less than half of what is usual for five days, by more than chance; None of others.

    Weekdays on which it rests do not count. Days without any news are a silence, and no fall: one of them at most.
    """
    counted = [day for day in whole_days(news, today) if day.weekday() not in resting]
    lately, before = counted[-RUN:], counted[:-RUN]
    if len(lately) < RUN or sum(news[day] == 0 for day in lately) > 1:
        return None
    usual = [news[day] for day in before if day >= lately[0] - timedelta(days=WEEKS)]
    if len(usual) < ENOUGH:
        return None
    came, expected = sum(news[day] for day in lately), RUN * median(usual)
    spread = math.sqrt(RUN * max(pvariance(usual), median(usual)))
    if came >= HALF * expected or came >= expected - CLEAR * spread:
        return None
    return Fall(since=lately[0], news=came, usual=expected)


def whole_days(news: Mapping[date, int], today: date) -> list[date]:
    """The days that are over and that brought the news of one day, oldest first."""
    return [day for day in sorted(news) if day < today and day - timedelta(days=1) in news]


def band(news: Mapping[date, int], whole: Sequence[date], resting: Sequence[int]) -> Volume | None:
    """The last of some whole days against those before it."""
    day, is_resting = whole[-1], whole[-1].weekday() in resting
    since = day - timedelta(days=WEEKS)
    alike = sorted(news[other] for other in whole[:-1] if other >= since and (other.weekday() in resting) == is_resting)
    if len(alike) < ENOUGH:
        return None
    middle, edge = median(alike), int(len(alike) * EDGE)
    low = min(alike[edge], math.floor(middle - DEVIATIONS * math.sqrt(middle)))
    high = max(alike[-1 - edge], math.ceil(middle + DEVIATIONS * math.sqrt(middle + 1)))
    return Volume(day=day, news=news[day], low=max(low, 0), middle=middle, high=high)
