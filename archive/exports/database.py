"""A static copy of the whole archive as one SQLite file: any program reads it, and `datasette -i` serves it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import StoreError, told
from archive.queries import DATABASE

STEP = 20_000  # instructions of SQLite's between two looks whether it is to stop

# What says how the archive is run and not what it holds: links and what became of them, who was asked and when, what
# was answered, what is due.
OPERATION = frozenset(
    ("rechecks", "sightings", "coverage", "candidates", "runs", "yields", "validators", "hosts", "sources", "touched")
)
REFERRING = """
SELECT m.name FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
WHERE m.type = 'table' AND f."table" IN ('sources', 'runs', 'candidates')
"""
# What its user thinks: answers to reviews, and who belongs together by hand. The texts of topic files may hold
# addresses with keys in them. Records without an article are of pages that were left out.
BLANKED = (
    "UPDATE article_topics SET answer = '', answered = NULL WHERE answer != '' OR answered IS NOT NULL",
    "UPDATE topics SET definition = ''",
    "DELETE FROM story_rulings",
    "DELETE FROM records WHERE article_id IS NULL",
)
COUNT = "SELECT COUNT(*) FROM articles"


def write(data: Path, path: Path, *, is_public: bool = False) -> int:
    """How many articles are in the copy that was written to `path`, which is checked; StoreError where it fails.

    A crawl may go on meanwhile. `is_public` leaves out what is the operator's alone.
    """
    source = data / DATABASE
    with told(source), _heard():
        db = sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)
        try:
            db.set_progress_handler(_going_on, STEP)
            with _told_of_copy(path):
                db.execute("VACUUM INTO ?", [str(path)])
        finally:
            db.close()
    with told(path), _heard():
        copy = sqlite3.connect(path)
        try:
            copy.set_progress_handler(_going_on, STEP)
            return _finished(copy, path, is_public=is_public)
        finally:
            copy.close()


def _finished(copy: sqlite3.Connection, path: Path, *, is_public: bool) -> int:
    """Make the copy one file that needs no other beside it, and see that all of it can be read."""
    if is_public:
        take_out(copy)
    copy.execute("PRAGMA journal_mode = DELETE")
    checked = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if checked != "ok":
        raise StoreError(f"{path}: the copy is damaged ({checked}); `dossier doctor` looks at the archive", "corrupt")
    copy.execute("INSERT INTO articles_fts(articles_fts) VALUES ('integrity-check')")
    copy.rollback()
    return int(copy.execute(COUNT).fetchone()[0])


def take_out(copy: sqlite3.Connection) -> None:
    """Take out of a copy what is its operator's alone, and leave no trace of it in the file."""
    referring = {name for (name,) in copy.execute(REFERRING)}
    with copy:
        for statement in BLANKED:
            copy.execute(statement)
        for table in sorted(OPERATION | referring):
            copy.execute(f'DELETE FROM "{table}"')
        copy.execute("DELETE FROM touched")
    copy.execute("VACUUM")


def _going_on() -> int:
    """Called now and then while SQLite is at work, so that Python hears of a signal."""
    return 0


@contextmanager
def _told_of_copy(path: Path) -> Iterator[None]:
    """What fails for want of room or rights fails where the copy is written, not where it is read."""
    try:
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY}:
            raise
        with told(path):
            raise


@contextmanager
def _heard() -> Iterator[None]:
    """What broke off SQLite's work was a signal: an exception within the handler above has no other way out."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise
