"""Which articles an export is of, in which order: a question, read from the archive as it was at one moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from archive.queries import Reader, row
from archive.questions.conditions import Conditions, conditions
from archive.questions.question import Question
from archive.search import HAS_NARROW, NARROW

Order = Literal["newest", "oldest", "address"]
ORDERS: tuple[Order, ...] = ("newest", "oldest", "address")
TOGETHER = 250  # articles that are read in one look; with their texts about a megabyte

# Each is walked along an index, so that the first articles come at once however many there are.
_WALKS: dict[Order, tuple[str, ...]] = {
    "newest": ("{where} ORDER BY a.published DESC, a.id DESC",),
    "oldest": (
        "a.published IS NOT NULL AND {where} ORDER BY a.published, a.id",
        "a.published IS NULL AND {where} ORDER BY a.id",
    ),
    "address": ("{where} ORDER BY a.url",),
}
_COUNT = "SELECT COUNT(*) AS articles FROM articles AS a {narrow} WHERE {where}"

# One article of each story: the one that stands for it where it is among the matches, else the earliest of them.
_ONE_OF_EACH = """
CREATE TEMP TABLE IF NOT EXISTS {name} AS
SELECT id FROM (
    SELECT a.id, ROW_NUMBER() OVER (
        PARTITION BY COALESCE(a.story_id, -a.id)
        ORDER BY a.story_relation != 'original', a.published IS NULL, a.published, a.id) AS place
    FROM articles AS a {narrow} WHERE {where})
WHERE place = 1
"""
_KEYED = "CREATE UNIQUE INDEX IF NOT EXISTS temp.{name}_id ON {name}(id)"
_CHOSEN = "EXISTS (SELECT 1 FROM temp.{name} AS chosen WHERE chosen.id = a.id)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The articles of a question.

    `has_copies` says that copies of a story are articles of their own; else one of each story is taken. At most
    `limit` are, where it is not 0. `has_bodies` says that the texts go with them.
    """

    db: Reader
    question: Question
    order: Order = "newest"
    has_copies: bool = True
    has_bodies: bool = True
    limit: int = 0

    def count(self) -> int:
        """How many articles they are."""
        asked = conditions(self.db, self.question)
        sql = _COUNT.format(narrow=self._narrow(), where=self._where(asked))
        found = int((row(self.db, sql, **asked.values) or {})["articles"])
        return min(found, self.limit) if self.limit else found

    def ids(self) -> Iterator[list[int]]:
        """Their ids in the order, some at a time; memory does not grow with how many they are."""
        asked = conditions(self.db, self.question)
        where, left = self._where(asked), self.limit or -1
        for walk in _WALKS[self.order]:
            cursor = self.db.execute(f"SELECT a.id FROM articles AS a WHERE {walk.format(where=where)}", asked.values)
            while left and (found := cursor.fetchmany(min(TOGETHER, left) if left > 0 else TOGETHER)):
                left -= len(found) if left > 0 else 0
                yield [number for (number,) in found]
            cursor.close()

    def _where(self, asked: Conditions) -> str:
        """The conditions as SQL; where copies are left out, the connection learns which are none."""
        if self.has_copies:
            return asked.where
        said = json.dumps([asked.where, asked.values], sort_keys=True)
        name = f"one_of_each_{sha256(said.encode()).hexdigest()[:16]}"
        self.db.execute(_ONE_OF_EACH.format(name=name, narrow=self._narrow(), where=asked.where), asked.values)
        self.db.execute(_KEYED.format(name=name))
        return _CHOSEN.format(name=name)

    def _narrow(self) -> str:
        has_narrow = row(self.db, HAS_NARROW, name=NARROW) or {}
        return f"INDEXED BY {NARROW}" if has_narrow["n"] else ""
