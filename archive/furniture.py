"""Furniture: lines that several articles of one outlet share, counted so that every article counts once."""

from __future__ import annotations

import json
from array import array
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

OTHERS = 2
"""Other articles that must have a line before it is furniture: from the third article on."""

SHARE = 1 / 3
"""Of the outlet's other articles that must have it too: the background paragraphs of follow-ups are shared by fewer."""

ARTICLES = 0
"""The hash of no line, under which the outlet's articles themselves are counted."""

COUNTS = """
SELECT line_hash, articles FROM json_each(:lines) CROSS JOIN furniture
ON furniture.outlet_id = :outlet AND furniture.line_hash = value
"""
MORE = """
INSERT INTO furniture (outlet_id, line_hash) VALUES (?, ?)
ON CONFLICT (outlet_id, line_hash) DO UPDATE SET articles = articles + 1
"""
FEWER = "UPDATE furniture SET articles = articles - 1 WHERE outlet_id = ? AND line_hash = ?"
NONE_LEFT = "DELETE FROM furniture WHERE outlet_id = ? AND line_hash = ? AND articles <= 0"
LINES = "SELECT outlet_id, lines, furniture FROM article_lines WHERE article_id = ?"
PUT = "INSERT OR REPLACE INTO article_lines (article_id, outlet_id, lines, furniture) VALUES (?, ?, ?, ?)"


class Furniture:
    """What the outlets of an archive put around their articles."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def shared(self, outlet: str, lines: Sequence[int], article_id: int | None = None) -> frozenset[int]:
        """Of these lines (signed 64-bit hashes), those that enough other articles of the outlet have.

        `outlet` is the registrable domain; `article_id` names the article itself, where it is in the archive already.
        """
        with self.archive.reading() as db:
            row = db.execute("SELECT id FROM outlets WHERE domain = ?", [outlet]).fetchone()
            if row is None or not lines:
                return frozenset()
            counted_for, own, _ = lines_of(db, article_id)
            return _shared(db, row[0], lines, set(own) if counted_for == row[0] else set())

    def is_stale(self, article_id: int) -> bool:
        """Whether an article's outlet shares other lines of it than those that are not in its text."""
        with self.archive.reading() as db:
            outlet, lines, furniture = lines_of(db, article_id)
            return outlet is not None and _shared(db, outlet, lines, set(lines)) != set(furniture)


def _shared(db: Database, outlet: int, lines: Sequence[int], itself: AbstractSet[int]) -> frozenset[int]:
    """The lines that enough articles have, with one that has those of `itself` not counted, if there are any."""
    asked = {"outlet": outlet, "lines": json.dumps([ARTICLES, *lines])}
    counts = dict(db.execute(COUNTS, asked).fetchall())
    articles = counts.pop(ARTICLES, 0) - bool(itself)
    wanted = max(OTHERS, SHARE * articles)
    return frozenset(line for line, count in counts.items() if count - (line in itself) >= wanted)


def learn(db: Database, article_id: int, outlet: int, lines: Sequence[int], furniture: Sequence[int]) -> None:
    """Count the lines of an article in place of those that it had before, inside the caller's transaction.

    `furniture` are those that were taken out of its text.
    """
    before, own, _ = lines_of(db, article_id)
    had, has = ({ARTICLES, *those} if those else set() for those in (own, lines))
    if before is not None and before != outlet:
        _forget(db, before, had)
        had = set()
    _forget(db, outlet, had - has)
    db.conn.executemany(MORE, [(outlet, line) for line in sorted(has - had)])
    db.execute(PUT, [article_id, outlet, packed(lines), packed(furniture)])


def lines_of(db: Database, article_id: int | None) -> tuple[int | None, tuple[int, ...], tuple[int, ...]]:
    """The outlet for which an article's lines were counted, the lines, and those that are not in its text."""
    row = db.execute(LINES, [article_id]).fetchone() if article_id is not None else None
    return (None, (), ()) if row is None else (int(row[0]), unpacked(row[1]), unpacked(row[2]))


def packed(lines: Sequence[int]) -> bytes:
    """Hashes as they lie in a column: eight bytes each, in order of size, so that equal sets are equal bytes."""
    return array("q", sorted(set(lines))).tobytes()


def unpacked(column: bytes) -> tuple[int, ...]:
    """The hashes in a column."""
    return tuple(array("q", column))


def _forget(db: Database, outlet: int, lines: set[int]) -> None:
    pairs = [(outlet, line) for line in sorted(lines)]
    db.conn.executemany(FEWER, pairs)
    db.conn.executemany(NONE_LEFT, pairs)
