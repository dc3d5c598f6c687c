"""Rows that refer to rows that are not there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from archive.health.diagnosis import RESTORE, Diagnosis, fault, mendable, well
from archive.health.patient import Patient
from archive.wording import counted

NAME = "references"

# Of what is derived, or says something about a row that is gone and nothing else.
DROPPED = frozenset(
    (
        "fingerprints", "sketches", "article_lines", "furniture", "aliases", "witnesses", "captions", "posts", "events",
        "article_topics", "rechecks", "story_rulings", "sightings", "coverage", "yields", "source_days", "tracks",
        "other_aliases",
    )
)  # fmt: skip
# A topic that is gone may come back, and the user's answers are here.
KEPT = frozenset((("article_topics", "topic_id"),))
# What is known without it as well.
EMPTIED = frozenset(
    (
        ("sources", "outlet_id"), ("sources", "listed_for"), ("candidates", "run_id"), ("candidates", "record_id"),
        ("articles", "record_id"), ("versions", "record_id"), ("tellings", "record_id"), ("records", "article_id"),
    )
)  # fmt: skip
# What `derived` mends: it gives an article a story, and a story one that stands for it.
ELSEWHERE = frozenset((("articles", "story_id"), ("stories", "article_id")))

KEYS = """
SELECT m.name, f."from", f."table", COALESCE(f."to", 'id') FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS f
WHERE m.type = 'table' ORDER BY m.name, f.id
"""

Key = tuple[str, str, str, str]
"""Table and column, and the table and column that they refer to."""


def orphans(key: Key) -> str:
    """The condition for rows of a table whose referent is gone."""
    table, column, parent, its = key
    return f'"{table}"."{column}" IS NOT NULL AND "{table}"."{column}" NOT IN (SELECT "{its}" FROM "{parent}")'


def keys(db: sqlite3.Connection) -> list[Key]:
    """Each foreign key of a database."""
    return [(str(one), str(two), str(three), str(four)) for one, two, three, four in db.execute(KEYS).fetchall()]


def examine(patient: Patient) -> Iterator[Diagnosis]:
    """Whether all that rows refer to is there."""
    patient.progress(NAME, 0, 0)
    told = []
    with patient.look() as db:
        all_keys = keys(db)
        for key in all_keys:
            count = db.execute(f'SELECT COUNT(*) FROM "{key[0]}" WHERE {orphans(key)}').fetchone()[0]
            if count and key[:2] not in ELSEWHERE:
                told.append(described(key, count))
    yield from told or [well(NAME, f"{len(all_keys)} kinds of reference, all to rows that are there")]


def is_dropped(table: str, column: str) -> bool:
    """Whether rows say nothing any more that refer to nothing."""
    return table in DROPPED and (table, column) not in KEPT


def described(key: Key, count: int) -> Diagnosis:
    """What is said of rows whose referent is gone."""
    table, column, parent, _ = key
    what = f"{counted(count, 'row')} of {table} whose {column} is not in {parent}"
    if is_dropped(table, column):
        return mendable(NAME, what, "takes them away: they say nothing any more")
    if (table, column) in EMPTIED:
        return mendable(NAME, what, "leaves that column empty")
    return fault(NAME, what, f"nothing is thrown away here: {RESTORE}, or `dossier merge` one in")


def mend(db: sqlite3.Connection, key: Key) -> str:
    """Take away what refers to nothing, in the caller's transaction; what was done, empty for nothing."""
    table, column, *_ = key
    if is_dropped(table, column):
        changed = db.execute(f'DELETE FROM "{table}" WHERE {orphans(key)}').rowcount
        return f"{counted(changed, 'row')} of {table} taken away, whose {column} was nowhere" if changed > 0 else ""
    if (table, column) in EMPTIED:
        changed = db.execute(f'UPDATE "{table}" SET "{column}" = NULL WHERE {orphans(key)}').rowcount
        return f"{counted(changed, 'row')} of {table} without {column} any more" if changed > 0 else ""
    return ""
