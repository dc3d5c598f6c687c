"""When a topic is worth its next crawl: when enough of what it asks is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from crawler.schedule.penance import GOOD, meaning, penance
from crawler.schedule.rules import Rules
from crawler.schedule.state import Last
from crawler.schedule.supply import Supply

ENOUGH = 0.3  # of the topic's news, or of as many pages as one crawl is worth
PAGES = 50
PATIENCE = timedelta(hours=1)  # for which nearly enough waits for more; a tenth of it ten times as long
JITTER, LONGEST_JITTER = 0.1, timedelta(minutes=10)

Chance = Callable[[str, str], float]
"""A number from 0 to below 1 for a topic and a slot of it, always the same for the same two."""


def next_crawl(supply: Supply, last: Last | None, rules: Rules, now: datetime, chance: Chance) -> tuple[datetime, str]:
    """When a topic is to be crawled next, and why then; between the shortest and the longest pause."""
    if last is None:
        return now, "the schedule has not crawled it yet"
    earliest = last.finished + rules.shortest
    latest = max(last.started + rules.longest, earliest)
    if last.code not in GOOD:
        at, why = last.finished + penance(last.code, last.failures, rules), f"the last one {meaning(last.code)}"
    else:
        at, why = _worth(supply, last, latest)
    at = min(max(at, earliest), latest)
    jitter = min((at - last.started) * JITTER, LONGEST_JITTER) * chance(supply.topic, last.started.isoformat())
    return min(at + timedelta(seconds=round(jitter.total_seconds())), latest), why


def _worth(supply: Supply, last: Last, latest: datetime) -> tuple[datetime, str]:
    """From when on a crawl finds enough to ask; the less is due, the longer it waits for more."""
    events = [(at, share, 0) for at, share in _shares(supply, last)]
    events += [(max(due, last.finished), 0.0, 1) for due in supply.pages]
    news, waiting, given_up = 0.0, 0, latest
    for at, share, page in sorted(events):
        if at >= given_up:
            break
        news, waiting = news + share, waiting + page
        worth = news + waiting / PAGES
        if worth >= ENOUGH:
            return at, _said(news, waiting)
        given_up = min(given_up, at + PATIENCE * (ENOUGH / worth))
    return given_up, _said(news, waiting)


def _shares(supply: Supply, last: Last) -> Iterator[tuple[datetime, float]]:
    """When each source is due, with its share of the topic's news; one that fails has none while others answer.

    What was due when the last crawl began, and still is, was not asked, and will not be by the next one either: it may
    not hurry the topic.
    """
    living = [spring for spring in supply.springs if not spring.fails] or list(supply.springs)
    total = sum(spring.news + 1 for spring in living)
    for spring in living:
        at = last.started + spring.pause if spring.due is None or spring.due <= last.started else spring.due
        yield at, (spring.news + 1) / total


def _said(news: float, waiting: int) -> str:
    parts = [f"sources of {news:.0%} of its news are due"] if news else []
    parts += [f"{waiting} pages wait" if waiting != 1 else "1 page waits"] if waiting else []
    return ", ".join(parts) or "the longest pause is over"
