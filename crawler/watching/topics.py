"""Topics without news: no new article for too long, against a topic's own rhythm."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from archive.queries import Reader, defined
from archive.supply import news_days
from archive.wording import counted
from crawler.times import text_of
from crawler.watching.finding import Finding
from crawler.watching.rhythm import Rhythm, rhythm
from pipelines.topic import Topic, TopicError, parse_topic

SPAN = timedelta(days=90)


def topics_of(db: Reader) -> list[Topic]:
    """The topics of an archive as of their last crawls; those whose files can no longer be read are left out."""
    found = []
    for name, definition in defined(db):
        with suppress(TopicError):
            found.append(parse_topic(definition, f"{name}.toml"))
    return found


def is_over(topic: Topic, now: datetime) -> bool:
    """Whether a topic's window has ended, so that no news is to be expected."""
    return topic.until is not None and topic.until < now.date()


def topic_findings(db: Reader, now: datetime) -> list[Finding]:
    """The topics that have had no new article for too long."""
    found = []
    for topic in topics_of(db):
        if is_over(topic, now):
            continue
        beat = topic_rhythm(db, topic.name, now)
        if beat.is_dead and beat.last:
            since = f"since {beat.last}, {(now.date() - beat.last).days} days ago"
            usual = f"its longest pause in {SPAN.days} days was {counted(beat.usual or 0, 'day')}"
            text = f"No article of {topic.title or topic.name} {since}; {usual}."
            found.append(
                Finding(
                    kind="no news", topic=topic.name, subject=topic.name, since=f"{beat.last}T00:00:00Z", text=text,
                    advice="`dossier sources` says how its sources are, `dossier status` how its last runs went",
                )
            )  # fmt: skip
    return found


def topic_rhythm(db: Reader, topic: str, now: datetime) -> Rhythm:
    """On which days of the last three months a topic has had news; every day counts, whether it was crawled or not."""
    since, today = now - SPAN, now.date()
    days = {
        date.fromisoformat(day): count for day, count in news_days(db, topic, text_of(since) or "", text_of(now) or "")
    }
    first = min(days, default=today)
    every = {first + timedelta(days=number): 0 for number in range((today - first).days + 1)}
    return rhythm({first - timedelta(days=1): 0, **every, **days}, today)
