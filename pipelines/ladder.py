"""The ladder: when an article that the archive has is looked at again, ever more seldom, and in the end never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Said = Literal["new", "changed", "not modified", "unchanged", "missed", "failed"]
"""What a look found: `unchanged` is a whole page that says what it said, `not modified` an answer that spares it;
`missed` a page that is not there, which may be a hiccup."""

LAST = timedelta(days=365)
RUNGS = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=3)),
    (LAST, timedelta(days=30)),
)
"""Up to which age an article is looked at how often."""

STEPS = tuple(int(step / timedelta(minutes=1)) for _, step in RUNGS)
QUIET = 24  # looks in a row without anything new, after which an article is taken to be finished
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
LONGEST = RUNGS[-1][1]
EARLIER = 4  # looks are due up to a quarter of their step early: what was stored at one time drifts apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the last look at an article found.

    `quiet` and `failures` are how many looks in a row, this one included, brought nothing new or no page at all.
    """

    said: Said
    quiet: int = 0
    failures: int = 0
    has_validators: bool = True
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """When an article is looked at next, and the step of the ladder that says so."""

    step: timedelta
    due: datetime


def born(published: datetime | None, first_fetched: datetime, *, is_day: bool = False) -> datetime:
    """From when an article's age counts: a day without a time is over at its end, and nothing is from the future."""
    if published is None:
        return first_fetched
    return min(published + DAY if is_day else published, first_fetched)


def is_over(born_at: datetime, now: datetime) -> bool:
    """Whether an article is too old to be looked at again."""
    return now - born_at >= LAST


def next_look(born_at: datetime, now: datetime, look: Look, key: int) -> Turn | None:
    """When to look again at what was looked at `now`; None for never. `key` spreads what is due at one time."""
    if is_over(born_at, now):
        return None
    step = RUNGS[_rung(now - born_at, look)][1]
    pause = min(step, DAY) if look.said == "missed" and not look.is_removed else max(step, _penance(look))
    due = now + pause - pause * _share(key) / EARLIER
    return None if is_over(born_at, due) else Turn(step=step, due=due)


def _rung(age: timedelta, look: Look) -> int:
    """One rung sooner after a change; one later where a look costs a whole page, or nothing is expected any more."""
    if look.is_removed:
        return len(RUNGS) - 1
    own = next(number for number, (until, _) in enumerate(RUNGS) if age < until)
    is_costly = look.said == "unchanged" or not look.has_validators
    moved = own + (is_costly or look.quiet >= QUIET) - (look.said == "changed")
    return min(max(moved, 0), len(RUNGS) - 1)


def _penance(look: Look) -> timedelta:
    """How long a page is left alone at least that could not be had: an hour, and twice as long each time."""
    if look.said != "failed":
        return timedelta(0)
    return min(HOUR * (1 << min(max(look.failures - 1, 0), 10)), LONGEST)


def _share(key: int) -> float:
    """A number from 0 to below 1 that is always the same for one key, and another for its neighbours."""
    return (key * 2_654_435_761 % 2**32) / 2**32
