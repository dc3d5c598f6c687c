"""The disk that the database gives back once much was taken out of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.errors import StoreError

if TYPE_CHECKING:
    from archive.store import Archive

LEAST = 1_000_000  # bytes; less is used up again soon enough
NEEDED = 2.2  # times the size that is left: the new database in the log, and the log copied


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many bytes the database gave back, and how many it keeps for what comes, with the reason."""

    freed: int = 0
    kept: int = 0
    why: str = ""


def give_back(archive: Archive) -> Room:
    """Write the database anew where that gives much back and the disk has room for it; all else stays as it is."""
    page, pages, empty = (archive.db.execute(f"PRAGMA {name}").fetchone()[0] for name in _FIGURES)
    try:
        with archive.writing() as db:
            db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('optimize')")
        page, pages, empty = (archive.db.execute(f"PRAGMA {name}").fetchone()[0] for name in _FIGURES)
        if empty * page < LEAST:
            return Room(kept=empty * page)
        if shutil.disk_usage(archive.folder).free < NEEDED * (pages - empty) * page:
            return Room(kept=empty * page, why="the disk has no room to write it anew")
        with archive.reading() as db:
            db.execute("VACUUM")
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except StoreError as error:
        return Room(kept=empty * page, why=str(error))
    return Room(freed=(pages - archive.db.execute("PRAGMA page_count").fetchone()[0]) * page)


_FIGURES = ("page_size", "page_count", "freelist_count")
