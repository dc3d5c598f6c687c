"""What the full-text index is asked: which articles match, and how well. One answer is one row, made without Python."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import MOST, Ids
from archive.catalogue.loading import numbers
from archive.queries import Reader, open_reader

# Rows that come to Python one by one give the interpreter away and take it again, each: under load that is a queue.
MATCHING = "SELECT group_concat(rowid) FROM articles_fts WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ?"
MATCHING_OF = """
SELECT group_concat(rowid) FROM articles_fts
WHERE articles_fts MATCH ? AND rowid IN (SELECT value FROM json_each(?))
"""
TEXTS = """
SELECT id, title, byline, summary, body FROM articles WHERE id IN (SELECT value FROM json_each(?))
"""
INDEX = "SELECT sql FROM sqlite_master WHERE name = 'articles_fts'"
WRITTEN = "INSERT INTO articles_fts (rowid, title, byline, summary, body) VALUES (?, ?, ?, ?, ?)"
# The plus keeps the ids out of the index's hands: it would count all matches of each word anew for each of them.
ONLY = "AND +rowid IN (SELECT value FROM json_each(?))"
RANKED = """
SELECT group_concat(id), group_concat(rank) FROM (
    SELECT rowid AS id, CAST(-1e12 * bm25(articles_fts, 8.0, 2.0, 4.0, 1.0) AS INTEGER) AS rank FROM articles_fts
    WHERE articles_fts MATCH ? AND rowid BETWEEN ? AND ? {only} LIMIT -1)
"""

FEW = 100  # articles that are looked up for one word, one by one; of more, the range in which they lie is read
BEGINNING = '" *'  # in an expression: the index gathers all words that begin so, each time that it is asked
CACHE = 16_384  # KiB of pages that each connection keeps
STEPS = 20_000  # of SQLite's machine between two looks at the clock


def matching(db: Reader, expression: str, first: int, last: int) -> Ids:
    """The articles of a range of ids that match, ascending."""
    if first > last:  # it would gather all words of a beginning for nothing
        return np.zeros(0, np.int32)
    return numbers(db.execute(MATCHING, [expression, first, last]).fetchone()[0]).astype(np.int32)


def matching_of(db: Reader, expression: str, ids: NDArray[np.int64]) -> Ids:
    """Those of some articles that match, ascending; `ids` are ascending."""
    if not len(ids):
        return np.zeros(0, np.int32)
    words = expression.count('"') // 2
    if BEGINNING in expression or len(ids) * words > FEW:
        found = matching(db, expression, int(ids[0]), int(ids[-1]))
        return found[np.isin(found, ids)]
    joined = db.execute(MATCHING_OF, [expression, json.dumps(ids.tolist())]).fetchone()[0]
    return np.sort(numbers(joined)).astype(np.int32)


def matching_apart(db: Reader, expression: str, ids: NDArray[np.int64]) -> Ids:
    """The same of a few articles, from an index of their own that is made for it and forgotten."""
    if not len(ids):
        return np.zeros(0, np.int32)
    sql = db.execute(INDEX).fetchone()[0]
    with closing(sqlite3.connect(":memory:")) as apart:
        apart.execute(sql.replace('content="articles"', "content=''").replace('content_rowid="id",', ""))
        apart.executemany(WRITTEN, (tuple(row) for row in db.execute(TEXTS, [json.dumps(ids.tolist())])))
        return matching(apart, expression, 0, MOST)


def ranked(db: Reader, expression: str, ids: Ids, *, are_all: bool) -> tuple[Ids, NDArray[np.int64]]:
    """Articles with how well they match, the more the better: those of `ids`, ascending, and perhaps some between.

    `are_all` says that none or few others match between the first and the last of them.
    """
    values = [expression, int(ids[0]), int(ids[-1])]
    if are_all:
        row = db.execute(RANKED.format(only=""), values).fetchone()
    else:
        row = db.execute(RANKED.format(only=ONLY), [*values, json.dumps(ids.tolist())]).fetchone()
    return numbers(row[0]).astype(np.int32), numbers(row[1])


class Connections:
    """Read-only connections to one archive, as many as threads ask at once."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.free: list[Reader] = []
        self.opened: list[Reader] = []
        self.lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[Reader]:
        """A connection for one thread, outside any transaction."""
        with self.lock:
            db = self.free.pop() if self.free else None
        if db is None:
            db = self._open()
        try:
            yield db
        finally:
            db.rollback()
            with self.lock:
                self.free.append(db)

    def close(self) -> None:
        """Close them all."""
        with self.lock:
            for db in self.opened:
                db.close()
            self.opened.clear()
            self.free.clear()

    def _open(self) -> Reader:
        db = open_reader(self.data, shared=True)
        db.rollback()
        db.execute(f"PRAGMA cache_size = -{CACHE}")
        with self.lock:
            self.opened.append(db)
        return db


@contextmanager
def until(db: Reader, ends: float) -> Iterator[None]:
    """What goes on past a moment (monotonic) is broken off: look at the error with `is_broken_off`."""
    db.set_progress_handler(lambda: time.monotonic() > ends, STEPS)
    try:
        yield
    finally:
        db.set_progress_handler(None, 0)


def is_broken_off(error: sqlite3.OperationalError) -> bool:
    """Whether a query was broken off since its time was over."""
    return error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT
