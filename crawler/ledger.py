"""The coverage ledger as channels take it: what was asked about a topic's window before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from archive.rows import QuestionRow
from crawler.channels.past import Question
from crawler.plan import moments
from crawler.times import moment_of, text_of
from pipelines.topic import Topic

AROUND = timedelta(days=40)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


def asked_about(topic: Topic, now: datetime) -> tuple[str, str]:
    """The days, as ISO 8601 UTC text, of which the ledger is asked what it knows about a topic's window.

    A channel may ask about some days more: what was taken later may have been published within the window.
    """
    since, until = moments(topic, now)
    return text_of(max(since - AROUND, EARLIEST)) or "", text_of(until + AROUND) or ""


def question_of(row: QuestionRow) -> Question | None:
    """A line of the ledger as channels take it; None where it does not say when it was asked."""
    asked = moment_of(row.asked)
    if asked is None:
        return None
    return Question(
        place=row.place,
        query=row.query,
        status=row.status,
        asked=asked,
        since=moment_of(row.since),
        until=moment_of(row.until),
        resume=row.resume,
    )
