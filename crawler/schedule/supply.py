"""What a topic has to ask, and when: its sources, the pages that wait or are looked at again, the gaps of its past."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Spring:
    """A source: when it is due (None: a `pause` after the topic's last crawl), its news so far, whether it fails."""

    due: datetime | None
    pause: timedelta
    news: float
    fails: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """One topic, its file, and what it has to ask.

    `pages` are the times from which the first pages wait, oldest first. `is_ahead` says that sources were asked in a
    future that is not to come. `gaps` names what is left to be asked about the past, empty for nothing.
    """

    topic: str
    file: str
    springs: tuple[Spring, ...] = ()
    pages: tuple[datetime, ...] = ()
    is_ahead: bool = False
    gaps: str = ""


def crawled(supply: Supply, at: datetime) -> Supply:
    """What is left to ask after a crawl, as far as can be foretold: each source rests, no page waits."""
    springs = tuple(
        replace(spring, due=at + spring.pause) if spring.due is not None and spring.due <= at else spring
        for spring in supply.springs
    )
    return replace(supply, springs=springs, pages=tuple(due for due in supply.pages if due > at), is_ahead=False)
