"""What makes the derived rows of an archive true again, step by step, each in a short transaction of its own.

None of them takes away an article, a version, or a byte of a page. Killed between two, the rest is done the next time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlite_utils import Database

from archive.health import blueprint, derived, fingerprints, full_text, line_counts, referents
from archive.health.patient import shown
from archive.wording import counted


@contextmanager
def unit(db: Database) -> Iterator[None]:
    """One transaction: all of it or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def in_units(db: Database, steps: Iterator[str]) -> Iterator[str]:
    """What steps did, each of them in a transaction of its own."""
    while True:
        with unit(db):
            told = next(steps, None)
        if told is None:
            return
        yield told


def schema(db: Database) -> Iterator[str]:
    """Make indexes, triggers and views again; where a trigger had gone, the full-text index is written anew."""
    with unit(db):
        made = blueprint.mend(db.conn)
        if any(name.startswith("articles_a") for name in made):
            full_text.mend(db.conn)
    if made:
        yield f"made again: {', '.join(made)}"


def references(db: Database) -> Iterator[str]:
    """Take away what refers to nothing, as far as that may be; what goes may leave others alone, so twice."""
    for _ in range(2):
        for key in referents.keys(db.conn):
            with unit(db):
                told = referents.mend(db.conn, key)
            if told:
                yield told


def counts(db: Database) -> Iterator[str]:
    """Stories, months, addresses and outcomes."""
    yield from in_units(db, derived.mend(db))


def lines(db: Database) -> Iterator[str]:
    """The counts of outlets' lines, an outlet at a time."""
    for outlet, count in db.execute(line_counts.OUTLETS).fetchall():
        with unit(db):
            changed = line_counts.mend(db.conn, outlet, count or 0)
        if changed:
            yield f"{counted(changed, 'line')} of outlet {outlet} counted again"


def hashes(db: Database) -> Iterator[str]:
    """The hashes by which copies are found."""
    after = 0
    while True:
        with unit(db):
            some = fingerprints.mend(db.conn, after)
        if not some:
            return
        after = some[-1]
        yield f"hashes of {counted(len(some), 'article')} written again"


def text_index(db: Database) -> Iterator[str]:
    """The full-text index, in one transaction: a search meanwhile finds what it found before."""
    with unit(db):
        full_text.mend(db.conn)
    yield "the full-text index written anew"


def working(connection: sqlite3.Connection) -> Database:
    """The database behind a connection, for the steps: they look after references themselves."""
    connection.isolation_level = None
    connection.text_factory = shown
    db = Database(connection, execute_plugins=False)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA cache_size = -65536")
    return db
