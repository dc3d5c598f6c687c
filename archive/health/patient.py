"""The archive that is examined: nothing is written to it, and all that one look reads is of one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.health.diagnosis import EXAMPLES
from archive.queries import DATABASE

Progress = Callable[[str, int, int], None]
"""What is examined, how far, of how much; 0 of 0 where that is not known."""

WAIT = 5.0  # seconds for a lock that another program holds


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A data folder under examination. `now` is ISO 8601 UTC text; `is_quick` takes samples, others each day."""

    data: Path
    now: str
    is_quick: bool = False
    progress: Progress = silent

    @property
    def path(self) -> Path:
        """The database."""
        return self.data / DATABASE

    @contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        """A connection that cannot write to the archive; a crawl goes on meanwhile."""
        uri = f"{self.path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=WAIT, isolation_level=None)) as db:
            db.text_factory = shown
            db.execute("PRAGMA cell_size_check = ON")
            db.execute("BEGIN")
            yield db


def shown(raw: bytes) -> str:
    """Text of the database; what is no UTF-8 is marked, where an error would end the examination."""
    return raw.decode("utf-8", "replace")


def tally(db: sqlite3.Connection, rows: str, *values: Any) -> tuple[int, list[Any]]:
    """How many rows a query gives, and the first column of the first few."""
    count = 0
    few: list[Any] = []
    for row in db.execute(rows, values):
        count += 1
        if len(few) <= EXAMPLES:
            few.append(row[0])
    return count, few
