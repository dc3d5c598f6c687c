"""How each source was on each day: what its band of news is told from, and that it has died."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.queries import Reader

if TYPE_CHECKING:
    from sqlite_utils import Database


REASON = 200  # characters
DAY = 10  # characters of an ISO 8601 text that name its day

ANSWERED = """
INSERT INTO source_days (source_id, day, asked, answered, failed, items, new_items, reason)
VALUES (:id, :day, 1, :good, 1 - :good, :items, :new, :reason)
ON CONFLICT (source_id, day) DO UPDATE SET asked = asked + 1, answered = answered + excluded.answered,
    failed = failed + excluded.failed, items = CASE WHEN :listed THEN excluded.items ELSE items END,
    new_items = new_items + excluded.new_items,
    reason = CASE WHEN excluded.failed THEN excluded.reason ELSE reason END
"""

# Every article that links to others is a source of its own that nobody asks: such have no days.
FRESH = """
INSERT INTO source_days (source_id, day, fresh) SELECT id, ?, ? FROM sources WHERE id = ? AND channel != 'outlinks'
ON CONFLICT (source_id, day) DO UPDATE SET fresh = fresh + excluded.fresh
"""

# A page counts once for each source that has listed it: what was judged before is only looked at again, and what was
# not had counts when it is missed first, and again when it is had.
OUTCOME = """
INSERT INTO source_days (source_id, day, kept, dropped, rejected, missed)
SELECT source_id, :day, :kept, :dropped, :rejected, :missed
FROM candidates AS c CROSS JOIN sightings ON candidate_id = c.id CROSS JOIN sources ON sources.id = source_id
WHERE c.id = :id AND channel != 'outlinks'
    AND c.state NOT IN ('stored', 'unchanged', 'gone', 'off-topic', 'not-an-article')
    AND (NOT :missed OR c.state = 'waiting')
ON CONFLICT (source_id, day) DO UPDATE SET kept = kept + excluded.kept, dropped = dropped + excluded.dropped,
    rejected = rejected + excluded.rejected, missed = missed + excluded.missed
"""
COUNTED = {
    "stored": "kept", "off-topic": "dropped", "not-an-article": "rejected", "refused": "missed", "failed": "missed",
}  # fmt: skip
"""The column in which an outcome counts; any other outcome counts nothing."""

# Several sources, as the documents of one site, are told as one: it was asked whenever one of them was.
DAYS = """
SELECT day, SUM(asked), SUM(answered), SUM(failed), SUM(items), SUM(fresh), SUM(new_items), SUM(kept), SUM(dropped),
    SUM(rejected), SUM(missed), MAX(reason)
FROM source_days WHERE source_id IN (SELECT value FROM json_each(:ids)) AND day >= :since GROUP BY day ORDER BY day
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDay:
    """One day of a source: its questions, what it listed, and what became of the pages that it has listed.

    `fresh` are the links that it listed for the first time, `new_items` those of them that no other source had listed.
    """

    day: str
    asked: int = 0
    answered: int = 0
    failed: int = 0
    items: int = 0
    fresh: int = 0
    new_items: int = 0
    kept: int = 0
    dropped: int = 0
    rejected: int = 0
    missed: int = 0
    reason: str = ""


def count_answer(
    db: Database, source_id: int, now: str, *, good: bool, listed: bool, found: int, new: int, reason: str
) -> None:
    """Count one answer of a source, inside the caller's transaction; the reason is kept of one that was not good."""
    about = {"id": source_id, "day": now[:DAY], "good": int(good), "listed": listed, "new": new}
    db.execute(ANSWERED, about | {"items": found if listed else 0, "reason": "" if good else reason[:REASON]})


def count_fresh(db: Database, source_id: int, now: str, fresh: int) -> None:
    """Count links that a source lists for the first time, inside the caller's transaction."""
    if fresh > 0:
        db.execute(FRESH, [now[:DAY], fresh, source_id])


def count_outcome(db: Database, candidate_id: int, state: str, now: str) -> None:
    """Count an outcome for all sources of the candidate, inside the caller's transaction, before it is written."""
    if column := COUNTED.get(state):
        none = dict.fromkeys(COUNTED.values(), 0)
        db.execute(OUTCOME, {"id": candidate_id, "day": now[:DAY], **none, column: 1})


def days_of(db: Reader, source_ids: Iterable[int], since: str) -> list[SourceDay]:
    """The days of some sources, told as of one, from a day on; days on which nothing happened are left out."""
    found = db.execute(DAYS, {"ids": json.dumps(sorted(set(source_ids))), "since": since[:DAY]})
    names = ("day", "asked", "answered", "failed", "items", "fresh", "new_items", "kept", "dropped", "rejected",
             "missed", "reason")  # fmt: skip
    return [SourceDay(**dict(zip(names, row, strict=True))) for row in found]
