"""How the links of each host have fared in a topic: how many pages were kept, and how many dropped."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

# A candidate counts once: one that was stored or judged before is only looked at again.
COUNT = """
INSERT INTO yields (topic_id, host, kept, dropped)
SELECT topic_id, host, :kept, :dropped FROM candidates
WHERE id = :id AND state NOT IN ('stored', 'unchanged', 'gone', 'off-topic')
ON CONFLICT (topic_id, host) DO UPDATE SET kept = kept + excluded.kept, dropped = dropped + excluded.dropped
"""


class Yields:
    """The pages that hosts have yielded, for each topic."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def of(self, topic_id: int, hosts: Iterable[str]) -> dict[str, tuple[int, int]]:
        """How many pages of each of these hosts were kept and dropped; hosts without any are left out."""
        query = """SELECT host, kept, dropped FROM yields
            WHERE topic_id = ? AND host IN (SELECT value FROM json_each(?)) ORDER BY host"""
        with self.archive.reading() as db:
            rows = db.execute(query, [topic_id, json.dumps(sorted(set(hosts)))]).fetchall()
        return {host: (kept, dropped) for host, kept, dropped in rows}

    def judged(self, topic_id: int) -> int:
        """How many pages of a topic were kept or dropped so far."""
        query = "SELECT COALESCE(SUM(kept + dropped), 0) FROM yields WHERE topic_id = ?"
        with self.archive.reading() as db:
            return int(db.execute(query, [topic_id]).fetchone()[0])


def count_yield(db: Database, candidate_id: int, state: str) -> None:
    """Count an outcome for its host, inside the caller's transaction and before the outcome is written.

    Only `stored` and `off-topic` say how the host's links fare; any other outcome counts nothing.
    """
    if state in {"stored", "off-topic"}:
        kept = int(state == "stored")
        db.execute(COUNT, {"id": candidate_id, "kept": kept, "dropped": 1 - kept})
