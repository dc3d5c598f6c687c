"""The coverage ledger: what was asked about which window, and how complete the answer was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from archive.rows import QuestionRow

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

REASON = 500  # characters
DAY = 10  # characters of an ISO 8601 text that name its day

# The same question in the same run is one row: its newest answer, and all that its answers held.
AGAIN = """
UPDATE coverage SET status = :status, reason = :reason, resume = :resume, asked = :asked, found = found + :found
WHERE source_id = :source AND query = :query AND since IS :since AND until IS :until AND run_id = :run
"""

# Some services answer for minutes: of a day, what is complete and touches is one row.
LONGER = """
UPDATE coverage SET since = MIN(since, :since), until = MAX(until, :until), asked = :asked, found = found + :found,
    reason = :reason
WHERE id = (
    SELECT id FROM coverage WHERE source_id = :source AND query = :query
    AND since BETWEEN substr(:since, 1, 10) AND substr(:since, 1, 10) || 'T24' AND (until = :since OR since = :until)
    AND run_id = :run AND status = 'complete' AND resume = '' ORDER BY id DESC LIMIT 1)
"""

ENTER = """
INSERT INTO coverage (run_id, source_id, query, since, until, status, found, reason, resume, asked)
VALUES (:run, :source, :query, :since, :until, :status, :found, :reason, :resume, :asked)
"""

# Of the sources of a channel: the windows that a topic's runs asked about, each question with its newest answer last.
WINDOWS = """
SELECT s.url, c.query, c.since, c.until, c.status, c.resume, COALESCE(c.asked, r.started) FROM sources AS s
CROSS JOIN coverage AS c ON c.source_id = s.id AND c.since IS NOT NULL
JOIN runs AS r ON r.id = c.run_id AND r.topic_id = :topic
WHERE s.channel = :channel AND c.since < :until AND c.until > :since ORDER BY COALESCE(c.asked, r.started), c.id
"""

# The same of questions that were put in words of their own, about no window that ends: each with its newest answer.
WORDED = """
SELECT s.url, c.query, NULL, NULL, c.status, c.resume, COALESCE(c.asked, r.started) FROM sources AS s
CROSS JOIN coverage AS c ON c.source_id = s.id AND c.query > '' AND c.until IS NULL
JOIN runs AS r ON r.id = c.run_id AND r.topic_id = :topic
WHERE s.channel = :channel ORDER BY COALESCE(c.asked, r.started), c.id
"""

# What is asked without a window has its newest answer in `sources`; where it broke off stands in the ledger.
PLACES = """
SELECT s.url, '', NULL, NULL, s.last_status, COALESCE((
    SELECT resume FROM coverage WHERE source_id = s.id AND query = '' AND since IS NULL AND until IS NULL
    ORDER BY id DESC LIMIT 1), ''), s.last_asked
FROM sources AS s WHERE s.channel = :channel AND s.last_asked IS NOT NULL ORDER BY s.url
"""


class Coverage:
    """The ledger of questions."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def note(self, run_id: int, source_id: int, question: QuestionRow) -> None:
        """Enter one question with its answer, once a run; short windows of a day that touch become one."""
        values = {
            "run": run_id, "source": source_id, "query": question.query, "since": question.since,
            "until": question.until, "status": question.status, "found": question.found, "asked": question.asked,
            "reason": question.reason[:REASON], "resume": question.resume,
        }  # fmt: skip
        with self.archive.writing() as db:
            if (question.since is None and not question.resume and not question.query) or (
                not db.conn.execute(AGAIN, values).rowcount and not self._lengthen(db, question, values)
            ):
                db.execute(ENTER, values)

    def asked(self, topic_id: int, channel: str, since: str, until: str) -> list[QuestionRow]:
        """What the runs of a topic asked of a channel's sources about a window, and each source without a window."""
        with self.archive.reading() as db:
            about = {"topic": topic_id, "channel": channel, "since": since, "until": until}
            found = db.execute(WINDOWS, about).fetchall()
            found += db.execute(WORDED, {"topic": topic_id, "channel": channel}).fetchall()
            found += db.execute(PLACES, {"channel": channel}).fetchall()
        return [question_row(row) for row in found]

    @staticmethod
    def _lengthen(db: Database, question: QuestionRow, values: dict[str, Any]) -> bool:
        """Whether the question was added to the one before it."""
        since, until = question.since, question.until
        if question.status != "complete" or since is None or until is None or not is_within_a_day(since, until):
            return False
        return bool(db.conn.execute(LONGER, values).rowcount)


def is_within_a_day(since: str, until: str) -> bool:
    """Whether a window lies within one day; its end is left out, so that it may be the beginning of the next."""
    return since[:DAY] == until[:DAY] or (until.endswith("T00:00:00Z") and since[:DAY] == day_before(until))


def day_before(text: str) -> str:
    """The day before that of an ISO 8601 text."""
    return (date.fromisoformat(text[:DAY]) - timedelta(days=1)).isoformat()


def question_row(row: Sequence[Any]) -> QuestionRow:
    """A row of WINDOWS or PLACES, frozen."""
    place, query, since, until, status, resume, asked = row
    return QuestionRow(
        place=place, query=query, since=since, until=until, status=status, resume=resume, asked=asked or ""
    )
