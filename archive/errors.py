"""What can go wrong with an archive, in words that name the file, the fault and the mend."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Kind = Literal["locked", "full", "readonly", "corrupt", "other"]

LOCKED = "is locked by another program; close it and run the crawl again"
FULL = "cannot grow: the disk is full, or over its quota; make room, or name another disk with --data"
UNWRITTEN = "could not be written: the disk is full or failing; make room, or name another disk with --data"
READONLY = "cannot be written; give yourself the right to write it, or name another folder with --data"
UNOPENED = "cannot be opened; see that the folder is there and may be written, or name another with --data"
DAMAGED = "is damaged; keep it aside: `dossier doctor --repair` saves what can be read, and a backup has all"
FOREIGN = "is no database; move it away, or name another folder with --data"
MOVED = "was moved or deleted while it was in use; put it back and run the crawl again"
UNREAD = "could not be read or written: look at the disk; then run the crawl again"

FAULTS: dict[int, tuple[Kind, str]] = {
    sqlite3.SQLITE_BUSY: ("locked", LOCKED),
    sqlite3.SQLITE_LOCKED: ("locked", LOCKED),
    sqlite3.SQLITE_PROTOCOL: ("locked", LOCKED),
    sqlite3.SQLITE_FULL: ("full", FULL),
    # A quota or a limit of file sizes comes as a failed write; so does a full disk where the shared memory grows.
    sqlite3.SQLITE_IOERR_WRITE: ("full", UNWRITTEN),
    sqlite3.SQLITE_IOERR_SHMSIZE: ("full", UNWRITTEN),
    sqlite3.SQLITE_IOERR_TRUNCATE: ("full", UNWRITTEN),
    sqlite3.SQLITE_READONLY: ("readonly", READONLY),
    sqlite3.SQLITE_READONLY_DBMOVED: ("other", MOVED),
    sqlite3.SQLITE_PERM: ("readonly", READONLY),
    sqlite3.SQLITE_CANTOPEN: ("readonly", UNOPENED),
    sqlite3.SQLITE_CORRUPT: ("corrupt", DAMAGED),
    sqlite3.SQLITE_NOTADB: ("corrupt", FOREIGN),
    sqlite3.SQLITE_IOERR: ("other", UNREAD),
}
"""What SQLite's result codes mean for a user, the extended ones first. Any other is a fault of ours."""


class StoreError(Exception):
    """The archive cannot take or give something; `kind` says in a word why."""

    def __init__(self, message: str, kind: Kind = "other") -> None:
        super().__init__(message)
        self.kind: Kind = kind


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite refuses about the file `path` into `StoreError`; faults of our own pass as they are."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        fault = FAULTS.get(code) or FAULTS.get(code & 0xFF)
        if fault is None:
            raise
        kind, mend = fault
        raise StoreError(f"{path} {mend} ({error})", kind) from error


def refused(path: Path, error: OSError) -> StoreError:
    """What to raise where the file system refuses a file or folder."""
    kind: Kind = "full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "readonly"
    return StoreError(f"{path} {FULL if kind == 'full' else UNOPENED} ({error.strerror or error})", kind)
