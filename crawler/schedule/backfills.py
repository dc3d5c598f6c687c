"""When the past of a topic is asked about: between crawls, and ever more seldom where that brings nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.schedule.rules import Rules
from crawler.schedule.state import Last
from crawler.schedule.supply import Supply

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ROOM = timedelta(minutes=30)  # until the next crawl that leaves room for one
SECOND = timedelta(seconds=1)
STEPS = 8  # doublings that are counted


def next_backfill(supply: Supply, last: Last | None, crawled: Last | None, rules: Rules) -> datetime | None:
    """From when on a topic's past may be asked about; None where nothing of it is left, or the present comes first.

    What was asked without any of the gaps closing is asked again after two hours, then four, and daily in the end.
    """
    if not rules.backfill or not supply.gaps or crawled is None:
        return None
    if last is None:
        return crawled.finished
    idle = last.idle + 1 if supply.gaps == last.left else 0
    return last.finished + min(HOUR * (1 << min(max(idle, last.failures), STEPS)), DAY)


def fitted(at: datetime, now: datetime, others: list[datetime], last: Last | None) -> datetime:
    """When a backfill has room: not shortly before another job is due.

    The first of a topic needs none, nor one that found none for a day.
    """
    moment = max(at, now)
    if last is None or now - last.finished > DAY + HOUR:
        return moment
    for other in sorted(others):
        if other < moment + ROOM and other + SECOND > moment:
            moment = other + SECOND
    return moment
