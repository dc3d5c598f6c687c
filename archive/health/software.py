"""The programs that an archive rests on: Python, SQLite, and all that this one asks for."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from importlib.metadata import PackageNotFoundError, requires, version

from packaging.requirements import InvalidRequirement, Requirement

from archive.health.diagnosis import Diagnosis, fault, well
from archive.health.patient import Patient

NAME = "software"
PACKAGE = "dossier-news"
PYTHON = (3, 11)
SQLITE = (3, 38, 0)  # unixepoch()

# Two connections that write or checkpoint in the same moment can, very rarely, damage a database in WAL mode.
# https://sqlite.org/wal.html#walresetbug
WAL_RESET = (3, 51, 3)


def examine(_: Patient) -> Iterator[Diagnosis]:
    """Whether each program is there, and new enough."""
    yield from (*python(), *sqlite(), *packages())


def python() -> Iterator[Diagnosis]:
    """Python's version."""
    name = f"Python {sys.version.split()[0]}"
    if sys.version_info[:2] < PYTHON:
        yield fault(NAME, name, f"dossier needs Python {PYTHON[0]}.{PYTHON[1]} or newer")
    else:
        yield well(NAME, name)


def sqlite() -> Iterator[Diagnosis]:
    """SQLite's version, and whether it has full-text search."""
    name, number = f"SQLite {sqlite3.sqlite_version}", sqlite3.sqlite_version_info
    with closing(sqlite3.connect(":memory:")) as db:
        has_fts = db.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0]
    if number < SQLITE:
        yield fault(NAME, name, f"dossier needs SQLite {'.'.join(map(str, SQLITE))} or newer")
    elif not has_fts:
        yield fault(NAME, f"{name} without FTS5", "use a Python whose SQLite has full-text search")
    elif number < WAL_RESET:
        remark = "which 3.51.3 mends: when two programs write in one instant, it may, very rarely, damage a database"
        yield well(NAME, f"{name} with FTS5 (it has a fault {remark}; backups help)")
    else:
        yield well(NAME, f"{name} with FTS5")


@cache
def packages() -> tuple[Diagnosis, ...]:
    """What this program asks for, against what is installed: a process has the same until its end."""
    try:
        asked = requires(PACKAGE) or []
    except PackageNotFoundError:
        return (well(NAME, "run from a checkout: what it asks for is not known"),)
    mend = f"install this program again: pip install --upgrade {PACKAGE}"
    wrong = tuple(fault(NAME, line, mend) for line in map(unmet, asked) if line)
    return wrong or (well(NAME, f"{PACKAGE} {version(PACKAGE)}, and every package that it asks for"),)


def unmet(line: str) -> str:
    """What is wrong with one package that is asked for, empty for nothing; extras are nobody's duty."""
    try:
        wanted = Requirement(line)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            return ""
        found = version(wanted.name)
    except InvalidRequirement:
        return ""
    except PackageNotFoundError:
        return f"{wanted.name} is not installed"
    if wanted.specifier.contains(found, prereleases=True):
        return ""
    return f"{wanted.name} {found} is installed, and {wanted.specifier} is asked for"
