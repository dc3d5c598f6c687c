"""The passages of a few articles in which what was looked for stands, with marks around it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing

from archive.queries import MARKED, Reader, Row, rows

# Asked for one article, the index reads all that it has of a beginning: for `a*` of twenty articles, seconds. What
# begins so is looked for in a copy of these articles alone, which takes as long whatever was asked.
BEGINNING = "*"
LONGEST = 60_000  # characters of a body that are looked at in a copy

COPY = """
CREATE VIRTUAL TABLE articles_fts USING fts5(
    title, byline, summary, body, tokenize='porter unicode61 remove_diacritics 2'
)
"""
INTO = "INSERT INTO articles_fts (rowid, title, byline, summary, body) VALUES (?, ?, ?, ?, ?)"
COPIED = """
SELECT id, title, byline, summary, substr(body, 1, :longest) FROM articles
WHERE id IN (SELECT value FROM json_each(:ids))
"""


def passages(db: Reader, ids: Sequence[int], words: str) -> dict[int, Row]:
    """Of each article that matches the FTS5 expression `words`, its `title` and a `snippet` of its text, by its id.

    Hostile text, in which the control characters 2 and 3 stand around what was looked for.
    """
    keys = json.dumps(list(ids))
    if not words or not ids:
        return {}
    if BEGINNING not in words:
        return {one["id"]: one for one in rows(db, MARKED, match=words, ids=keys)}
    with closing(sqlite3.connect(":memory:")) as copy:
        copy.row_factory = sqlite3.Row
        copy.execute(COPY)
        copy.executemany(INTO, db.execute(COPIED, {"longest": LONGEST, "ids": keys}))
        return {one["id"]: one for one in rows(copy, MARKED, match=words, ids=keys)}
