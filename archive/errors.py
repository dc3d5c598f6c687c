"""What can go wrong with an archive, in words that name the file, the fault and the mend."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Kind = Literal["locked", "full", "readonly", "corrupt", "other"]

FAULTS: tuple[tuple[str, Kind, str], ...] = (
    ("locked", "locked", "is locked by another program; close it and run this again"),
    ("busy", "locked", "is locked by another program; close it and run this again"),
    ("full", "full", "cannot grow: the disk is full; make room, or name another disk with --data"),
    ("readonly", "readonly", "cannot be written; check its owner and its rights"),
    ("read-only", "readonly", "cannot be written; check its owner and its rights"),
    ("unable to open", "readonly", "cannot be opened; check that the folder exists and may be written"),
    ("malformed", "corrupt", "is damaged; keep it aside and restore a copy"),
    ("not a database", "corrupt", "is not an archive; name another folder with --data"),
    ("disk i/o", "full", "could not be written: the disk is full or failing; make room and run this again"),
)


class StoreError(Exception):
    """The archive cannot take or give something; `kind` says in a word why."""

    def __init__(self, message: str, kind: Kind = "other") -> None:
        super().__init__(message)
        self.kind: Kind = kind


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn SQLite's and the file system's errors about `path` into `StoreError`."""
    try:
        yield
    except sqlite3.Error as error:
        text = str(error)
        for sign, kind, mend in FAULTS:
            if sign in text.lower():
                raise StoreError(f"{path} {mend} ({text})", kind) from error
        raise StoreError(f"{path}: {text}; run `dossier status` and report it", "other") from error
