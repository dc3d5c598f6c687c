"""The full-text index against the texts: every word of every article, and none of any other.

SQLite's own check writes, which would hold up a crawl: so it is made of a copy of the index, in a temporary database.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from archive.health.diagnosis import Diagnosis, examples, fault, mendable, well
from archive.health.patient import Patient
from archive.health.samples import places
from archive.wording import counted

NAME = "full text"
SHADOWS = ("data", "idx", "docsize", "config")
SAMPLE = 200  # articles

TEXTS = "CREATE TEMP VIEW articles AS SELECT id, title, byline, summary, body FROM main.articles"
COPY = """
CREATE VIRTUAL TABLE temp.checked USING fts5(
    title, byline, summary, body,
    content="articles", content_rowid="id", tokenize='porter unicode61 remove_diacritics 2'
)
"""
UNINDEXED = "SELECT id FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize) LIMIT 1000"
LEFT_OVER = "SELECT id FROM articles_fts_docsize WHERE id NOT IN (SELECT id FROM articles) LIMIT 1000"
NEXT = "SELECT id, title || ' ' || substr(body, 1, 4000) FROM articles WHERE id >= ? ORDER BY id LIMIT 1"
HAS = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? AND rowid = ?"
_WORD = re.compile(r"(?<!\S)[A-Za-z]{5,30}(?=[\s.,])")  # what every tokenizer takes for a word
_REBUILDS = "writes the index anew"


def examine(patient: Patient) -> Iterator[Diagnosis]:
    """Whether the index holds every article, as it is."""
    patient.progress(NAME, 0, 0)
    with patient.look() as db:
        count = int(db.execute("SELECT COUNT(*) FROM articles").fetchone()[0])
        missing = [row[0] for row in db.execute(UNINDEXED)]
        gone = [row[0] for row in db.execute(LEFT_OVER)]
        unfound = sampled(patient, db) if patient.is_quick and not missing and not gone else []
    if missing:
        yield mendable(NAME, f"{counted(len(missing), 'article')} not in the index{ids(missing)}", _REBUILDS)
    if gone:
        yield mendable(NAME, f"{counted(len(gone), 'entry', 'entries')} of articles that are not there", _REBUILDS)
    if unfound:
        yield mendable(
            NAME, f"{counted(len(unfound), 'article')} not found by words of theirs{ids(unfound)}", _REBUILDS
        )
    if missing or gone or unfound:
        return
    if patient.is_quick:
        yield well(NAME, f"{counted(count, 'article')} in the index; {SAMPLE} at most were looked for")
    else:
        yield from compared(patient, count)


def compared(patient: Patient, count: int) -> Iterator[Diagnosis]:
    """What SQLite's own check says of a copy of the index."""
    with patient.look() as db:
        try:
            db.execute(TEXTS)
            db.execute(COPY)
            for shadow in SHADOWS:
                db.execute(f"DELETE FROM temp.checked_{shadow}")
                db.execute(f"INSERT INTO temp.checked_{shadow} SELECT * FROM main.articles_fts_{shadow}")
            db.execute("INSERT INTO temp.checked (checked, rank) VALUES ('integrity-check', 1)")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
                raise
            mend = "make room where temporary files go (SQLITE_TMPDIR names another place), or use --quick"
            yield fault(NAME, f"could not be compared with the texts: {error}", mend)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_CORRUPT:
                raise
            yield mendable(NAME, "the index says other than the texts", _REBUILDS)
        else:
            yield well(NAME, f"{counted(count, 'article')}, each word of them compared")


def sampled(patient: Patient, db: sqlite3.Connection) -> list[int]:
    """Of a day's sample of articles, those that the index does not find by a word of theirs."""
    highest = db.execute("SELECT MAX(id) FROM articles").fetchone()[0] or 0
    unfound = []
    for place in places(patient.now[:10], highest, SAMPLE):
        number, text = db.execute(NEXT, [place]).fetchone() or (0, "")
        words = _WORD.findall(text)
        if words and db.execute(HAS, [f'"{max(words, key=len)}"', number]).fetchone() is None:
            unfound.append(number)
    return unfound


def ids(numbers: list[int]) -> str:
    """A few of them."""
    return examples(f"id {number}" for number in numbers)


def mend(db: sqlite3.Connection) -> None:
    """Write the index anew from the texts, in the caller's transaction."""
    db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
