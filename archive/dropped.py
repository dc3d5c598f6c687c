"""Dropped candidates of a topic: what is known of each, and its way back."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.rows import OutcomeRow, RecordRow

if TYPE_CHECKING:
    from archive.store import Archive

IDS = "SELECT id FROM candidates WHERE topic_id = ? AND state = 'off-topic' ORDER BY id"
# Those whose article is in the archive are judged with it.
ROWS = """
SELECT c.id, c.url, c.title, c.published, c.score, COALESCE(c.link_score, c.score), c.matched, c.reason,
    r.url, r.fetched, r.status, r.digest, r.warc_file, r.warc_offset, r.warc_length
FROM json_each(:ids) AS wanted CROSS JOIN candidates AS c ON c.id = wanted.value
LEFT JOIN records AS r ON r.id = c.record_id
WHERE c.state = 'off-topic' AND NOT EXISTS (SELECT 1 FROM aliases WHERE aliases.url = c.url)
ORDER BY c.id
"""
WAIT = """
UPDATE candidates SET state = 'waiting', reason = ?, score = ?, link_score = ?, matched = '[]', tries = 0,
    next_try = NULL WHERE id = ? AND state = 'off-topic'
"""
REJUDGE = """
UPDATE candidates SET reason = :reason, score = :score, matched = :matched
WHERE id = :id AND state = 'off-topic' AND (reason, score, matched) IS NOT (:reason, :score, :matched)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedRow:
    """A page that was read and left out: as announced, what its link had promised, and what its text had of the topic.

    `record` is where its bytes lie, None where they were not kept.
    """

    id: int
    url: str
    title: str
    published: str | None
    score: float
    link_score: float
    matched: str
    reason: str
    record: RecordRow | None = None


class Dropped:
    """The pages that topics left out."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def ids(self, topic_id: int) -> array[int]:
        """The ids of a topic's dropped candidates."""
        with self.archive.reading() as db:
            return array("q", (number for (number,) in db.execute(IDS, [topic_id])))

    def rows(self, ids: Sequence[int]) -> list[DroppedRow]:
        """Of these candidates, those that are still dropped and whose article is not in the archive."""
        with self.archive.reading() as db:
            return list(map(dropped_row, db.execute(ROWS, {"ids": json.dumps(list(ids))}).fetchall()))

    def let_wait(self, candidate_id: int, reason: str, promised: float) -> None:
        """Put a page back into the frontier, with what its link promises now."""
        with self.archive.writing() as db:
            db.execute(WAIT, [reason, promised, promised, candidate_id])

    def rejudge(self, outcome: OutcomeRow) -> None:
        """Write another reason and score of a page that stays dropped. It was not looked at anew: its time stays."""
        values = {"reason": outcome.reason, "score": outcome.score, "matched": outcome.matched}
        with self.archive.writing() as db:
            db.execute(REJUDGE, values | {"id": outcome.candidate_id})


def dropped_row(row: Sequence[Any]) -> DroppedRow:
    """A row of ROWS, frozen."""
    number, url, title, published, score, link_score, matched, reason, *place = row
    names = ("url", "fetched", "status", "digest", "warc_file", "warc_offset", "warc_length")
    record = RecordRow(**dict(zip(names, place, strict=True))) if place[0] is not None else None
    return DroppedRow(
        id=number, url=url, title=title, published=published, score=score, link_score=link_score, matched=matched,
        reason=reason, record=record,
    )  # fmt: skip
