"""Topics without news by the days that somebody has set, in place of each topic's own rhythm."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from archive.queries import Reader
from archive.supply import news_days
from archive.wording import counted
from crawler.times import moment_of, text_of
from crawler.watching.finding import Finding
from crawler.watching.topics import is_over, topics_of
from pipelines.topic import Topic


def by_days(found: Sequence[Finding], db: Reader, now: datetime, days: float | None) -> list[Finding]:
    """The findings, in which a topic counts as without news after so many days; as they are where none are set.

    A topic that never had an article has no news to miss.
    """
    if days is None:
        return list(found)
    silent = [finding_of(topic, last, days) for topic, last in last_days(db, now) if is_silent(last, days, now)]
    failed = [one for one in found if one.kind == "run failed"]
    return [*failed, *silent, *(one for one in found if one.kind not in {"run failed", "no news"})]


def last_days(db: Reader, now: datetime) -> list[tuple[Topic, str]]:
    """The topics whose window is open, each with the last day of which it has an article."""
    until = text_of(now) or ""
    known = [(topic, news_days(db, topic.name, "", until)) for topic in topics_of(db) if not is_over(topic, now)]
    return [(topic, days[-1][0]) for topic, days in known if days]


def is_silent(last: str, days: float, now: datetime) -> bool:
    """Whether that day, which may have had news until its end, is longer ago than so many days."""
    end = moment_of(f"{last}T23:59:59Z")
    return end is not None and now - end > timedelta(days=days)


def finding_of(topic: Topic, last: str, days: float) -> Finding:
    """What is wrong with a topic whose last news is of that day."""
    set_ = counted(int(days), "day") if days == int(days) else f"{days:g} days"
    return Finding(
        kind="no news", topic=topic.name, subject=topic.name, since=f"{last}T00:00:00Z",
        text=f"No article of {topic.title or topic.name} since {last}; no_news_days allows {set_}.",
        advice="`dossier sources` says how its sources are, `dossier status` how its last runs went",
    )  # fmt: skip
