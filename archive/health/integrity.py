"""The database as a file and as pages: is it one, is it whole, and do its rows refer to rows that are there."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from archive.health.diagnosis import REPAIR, RESTORE, Diagnosis, examples, fault, well
from archive.health.patient import Patient
from archive.wording import counted

FILE = "database file"
PAGES = "database pages"
MAGIC = b"SQLite format 3\x00"
SAVED, READY = ".salvage", "ready"
"""Where a damaged database is saved to, and the file there that says that all of it is."""
MOST = 100  # faults that SQLite is asked for
SALVAGE = (
    f"{REPAIR}saves into a new file whatever can be read, and keeps this one beside it; a backup, if there is one,"
    " has all"
)


def examine_file(patient: Patient) -> Iterator[Diagnosis]:
    """Whether there is a file that may be a database."""
    trouble = trouble_of(patient.path)
    if trouble:
        what, mend, is_mendable = trouble
        yield fault(FILE, f"{patient.path} {what}", mend, is_mendable=is_mendable)
    else:
        wal = patient.path.with_name(f"{patient.path.name}-wal")
        log = f", {wal.stat().st_size:,} bytes in its log" if wal.is_file() else ""
        yield well(FILE, f"{patient.path.name}: {patient.path.stat().st_size:,} bytes{log}")


def trouble_of(path: Path) -> tuple[str, str, bool] | None:
    """What is wrong with a file that should be a database, the mend, and whether its pages can be looked at."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            what = "is a folder, not a database" if stat.S_ISDIR(mode) else "is no file"
            return what, "move it away, and take the database from a backup", False
        with path.open("rb") as file:
            head = file.read(len(MAGIC))
    except FileNotFoundError:
        if (path.parent / SAVED / READY).is_file():
            return "is about to be replaced: a repair was killed near its end", SALVAGE, True
        return "is not there", "`dossier crawl` makes one; take it from a backup if there was one", False
    except OSError as error:
        return f"cannot be read: {error.strerror or error}", "make it readable for yourself", False
    if not head:
        return "is empty", f"{RESTORE}; nothing can be saved from it", False
    return None if head == MAGIC else ("does not begin as a database does", SALVAGE, True)


def examine_pages(patient: Patient) -> Iterator[Diagnosis]:
    """Whether every page of the database is whole and in its place."""
    check = "quick_check" if patient.is_quick else "integrity_check"
    patient.progress(PAGES, 0, 0)
    try:
        with patient.look() as db:
            told = [str(row[0]) for row in db.execute(f"PRAGMA {check}({MOST})")]
            pages = db.execute("PRAGMA page_count").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR}:
            yield fault(PAGES, f"{patient.path} cannot be opened: {error}", "see that it may be read, and its folder")
            return
        told = [str(error)]
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the second where a message quotes damaged names
        told = [str(error)]
    if told == ["ok"]:
        yield well(PAGES, f"{counted(pages, 'page')}, all in their places ({check})")
    elif is_of_indexes(told):
        yield fault(
            PAGES, f"indexes say other than tables{examples(told)}", f"{REPAIR}writes them anew", is_mendable=True
        )
    else:
        yield fault(
            PAGES, f"the database is damaged{examples(one_line(line) for line in told)}", SALVAGE, is_mendable=True
        )


def is_of_indexes(told: list[str]) -> bool:
    """Whether all that SQLite found is in indexes, which are made again from their tables."""
    marks = ("missing from index", "wrong # of entries in index")
    return bool(told) and all(any(mark in line for mark in marks) for line in told)


def one_line(text: str) -> str:
    """SQLite's word on a fault without line breaks."""
    return " ".join(text.replace("*** in database main ***", "").split())


def reindexed(path: Path) -> bool:
    """Whether every index could be written anew from its table; not where two rows have one key."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        try:
            db.execute("REINDEX")
        except sqlite3.IntegrityError:
            return False
    return True
