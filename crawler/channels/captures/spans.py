"""Windows of time cut into pieces that the ledger can tell apart: calendar months, calendar years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from crawler.channels.past import Open
from pipelines.topic import Topic

YEAR = timedelta(days=365)


def span_of(topic: Topic, now: datetime) -> tuple[datetime, datetime] | None:
    """The window that a run asks an archive about: the topic's, as far as weeks are over; None where nothing is left.

    The index of an archive lags by days, so the current week is left to a later run. A topic without a beginning is
    asked for the year before its end.
    """
    monday = datetime.combine(now.astimezone(UTC).date() - timedelta(days=now.astimezone(UTC).weekday()), time(), UTC)
    until = monday
    if topic.until is not None:
        until = min(monday, datetime.combine(topic.until, time(), UTC) + timedelta(days=1))
    since = datetime.combine(topic.since, time(), UTC) if topic.since else until - YEAR
    return (since, until) if since < until else None


def cut(parts: Iterable[Open], *, months: int) -> list[Open]:
    """The parts, none longer than so many calendar months (1 or 12), oldest first; those that broke off stay whole."""
    pieces: list[Open] = []
    for part in parts:
        since = part.since
        while not part.resume and (end := _next(since, months)) < part.until:
            pieces.append(Open(since=since, until=end))
            since = end
        pieces.append(replace(part, since=since))
    return pieces


def _next(moment: datetime, months: int) -> datetime:
    """The first instant of the next calendar month, or of the next year."""
    year, month = (moment.year, moment.month + 1) if months == 1 else (moment.year + 1, 1)
    if month > 12:
        year, month = year + 1, 1
    return datetime(year, month, 1, tzinfo=UTC)
