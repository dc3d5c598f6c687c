"""Waiting candidates of a topic, whose links are given other scores when the topic changes."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.store import Archive

IDS = "SELECT id FROM candidates WHERE topic_id = ? AND (state = 'waiting' OR next_try IS NOT NULL)"
ROWS = """
SELECT c.id, c.url, c.title, COALESCE(c.link_score, c.score) FROM json_each(?) AS wanted
CROSS JOIN candidates AS c ON c.id = wanted.value
"""
RELINK = "UPDATE candidates SET score = ?, link_score = ? WHERE id = ?"
FORGET_YIELDS = "DELETE FROM yields WHERE topic_id = ?"
COUNT_YIELDS = """
INSERT INTO yields (topic_id, host, kept, dropped)
SELECT topic_id, host, SUM(state != 'off-topic'), SUM(state = 'off-topic') FROM candidates
WHERE topic_id = ? AND state IN ('stored', 'unchanged', 'gone', 'off-topic') GROUP BY topic_id, host
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A link as announced, with what it has promised so far, 0 to 1."""

    id: int
    url: str
    title: str
    promised: float


class Waiting:
    """The links of topics that are still to be fetched."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def ids(self, topic_id: int) -> array[int]:
        """The ids of a topic's waiting candidates."""
        with self.archive.reading() as db:
            return array("q", sorted(number for (number,) in db.execute(IDS, [topic_id])))

    def rows(self, ids: Sequence[int]) -> list[WaitingRow]:
        """These candidates."""
        with self.archive.reading() as db:
            found = db.execute(ROWS, [json.dumps(list(ids))]).fetchall()
        return [
            WaitingRow(id=number, url=url, title=title, promised=promised) for number, url, title, promised in found
        ]

    def relink(self, scores: Iterable[tuple[int, float]]) -> None:
        """Give links other scores, in one transaction."""
        with self.archive.writing() as db:
            db.conn.executemany(RELINK, ((score, score, number) for number, score in scores))

    def count_yields(self, topic_id: int) -> None:
        """Count anew how the links of each host have fared, by the outcomes that candidates have now."""
        with self.archive.writing() as db:
            db.execute(FORGET_YIELDS, [topic_id])
            db.execute(COUNT_YIELDS, [topic_id])
