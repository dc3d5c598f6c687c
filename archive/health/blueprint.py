"""Tables, indexes, triggers and views against those of the migrations.

A full-text trigger that is not there is missed by nobody until a search finds nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sqlite_utils import Database

from archive.health.diagnosis import RESTORE, Diagnosis, examples, fault, mendable, warning, well
from archive.health.integrity import SALVAGE
from archive.health.patient import Patient
from archive.schema import migrations
from archive.wording import counted

NAME = "schema"
APPLIED = "SELECT name FROM _sqlite_migrations WHERE migration_set = 'dossier'"
OBJECTS = """
SELECT name, type, tbl_name, COALESCE(sql, '') FROM sqlite_master
WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tbl_name NOT LIKE '\\_sqlite\\_%' ESCAPE '\\'
"""
# What each table refers to, and its columns; of a virtual one, all that its SQL says.
COLUMNS = """
WITH tables AS (SELECT name, sql, sql LIKE 'CREATE VIRTUAL%' AS virtual FROM sqlite_master WHERE type = 'table')
SELECT t.name, 0 AS part, 0 AS place, t.sql, '', 0 FROM tables AS t WHERE virtual
UNION ALL SELECT t.name, 1, 0, f."from" || ' refers to ' || f."table", COALESCE(f."to", ''), 0
FROM tables AS t, pragma_foreign_key_list(t.name) AS f WHERE NOT virtual
UNION ALL SELECT t.name, 2, c.cid, c.name, upper(c.type), c.pk
FROM tables AS t, pragma_table_xinfo(t.name) AS c WHERE NOT virtual
ORDER BY 1, 2, 3, 4
"""
LOOSE = ("index", "trigger", "view")
"""What can be made again at any time, since no data lies in it."""

Columns = tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """A schema: its objects as (kind, SQL) by name, the columns of its tables, and its migrations."""

    objects: dict[str, tuple[str, str]]
    columns: dict[str, Columns]
    applied: frozenset[str]


@cache
def fresh() -> Blueprint:
    """The schema of an archive that was made just now."""
    with Database(memory=True, execute_plugins=False) as db:
        migrations.apply(db)
        return drawn(db.conn)


def drawn(db: sqlite3.Connection) -> Blueprint:
    """The schema of a database."""
    objects = {name: (kind, " ".join(sql.split())) for name, kind, _, sql in db.execute(OBJECTS).fetchall()}
    columns: dict[str, Columns] = {}
    for name, _, _, column, said, key in db.execute(COLUMNS).fetchall():
        if name in objects:
            columns[name] = (*columns.get(name, ()), (" ".join(str(column).split()), str(said), int(key)))
    try:
        applied = frozenset(str(row[0]) for row in db.execute(APPLIED))
    except sqlite3.OperationalError:
        applied = frozenset()
    return Blueprint(objects=objects, columns=columns, applied=applied)


def examine(patient: Patient) -> Iterator[Diagnosis]:
    """Whether the schema is that of a fresh archive."""
    with patient.look() as db:
        found = drawn(db)
    yield from compared(found, fresh())


def compared(found: Blueprint, wanted: Blueprint) -> Iterator[Diagnosis]:
    """How a schema differs from the one that is wanted."""
    if trouble := other_release(found, wanted):
        yield trouble
        return
    broken = [name for name, columns in wanted.columns.items() if found.columns.get(name) != columns]
    grown = [name for name in broken if begins(found.columns.get(name, ()), wanted.columns[name])]
    broken = [name for name in broken if name not in grown]
    loose = loose_ends(found, wanted)
    if grown:
        what = f"{counted(len(grown), 'table')} with columns of somebody else{examples(grown)}"
        yield warning(NAME, what, "a table of your own is safer: no repair and no export knows of them")
    if broken:
        what = f"{counted(len(broken), 'table')} not as the migrations make them{examples(broken)}"
        yield fault(NAME, what, RESTORE if grown else SALVAGE, is_mendable=not grown)
    if loose:
        what = f"{counted(len(loose), 'index, trigger or view', 'indexes, triggers or views')} dropped or changed"
        yield mendable(NAME, f"{what}{examples(loose)}", "makes them again")
    strange = sorted(
        name for name, (kind, _) in found.objects.items() if kind == "trigger" and name not in wanted.objects
    )
    if strange:
        what = f"{counted(len(strange), 'trigger')} of somebody else{examples(strange)}"
        yield warning(NAME, what, "drop what you did not make: a trigger writes whenever the archive does")
    if not broken and not loose:
        yield well(NAME, f"{max(found.applied)}: {len(wanted.objects)} tables, indexes, triggers and views")


def begins(found: Columns, wanted: Columns) -> bool:
    """Whether a table has all that is wanted, and more columns behind it."""
    return found[: len(wanted)] == wanted


def other_release(found: Blueprint, wanted: Blueprint) -> Diagnosis | None:
    """What to say of a database that another release wrote, or another program; None of one of this release."""
    if not found.objects:
        return fault(NAME, "there are no tables in it", f"`dossier crawl` makes them; or {RESTORE}")
    if not found.applied and "articles" not in found.objects:
        return fault(NAME, "this is the database of some other program, or it has lost its tables", RESTORE)
    if newer := sorted(found.applied - wanted.applied):
        return fault(NAME, f"written by a newer dossier ({newer[-1]})", "update this one")
    if older := sorted(wanted.applied - found.applied):
        mend = "`dossier rescore --dry-run` brings it up to date, and so does a crawl; then run this again"
        return fault(NAME, f"written by an older dossier (without {older[0]})", mend)
    return None


def loose_ends(found: Blueprint, wanted: Blueprint) -> list[str]:
    """Indexes, triggers and views that are not there, or not as they should be."""
    return sorted(
        name for name, thing in wanted.objects.items() if thing[0] in LOOSE and found.objects.get(name) != thing
    )


def mend(db: sqlite3.Connection) -> list[str]:
    """Make indexes, triggers and views again that are not as they should be, in the caller's transaction; which."""
    made = loose_ends(drawn(db), fresh())
    present = {str(name): str(kind) for name, kind, *_ in db.execute(OBJECTS).fetchall()}
    for name in made:
        if present.get(name) in LOOSE:
            db.execute(f'DROP {present[name]} "{name}"')
        db.execute(fresh().objects[name][1])
    return made
