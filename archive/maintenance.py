"""Upkeep: what an archive wants every night, in steps so short that a crawl and its readers go on.

Only the turn to a new WARC file needs the lock of crawls.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from archive.articles import LAST
from archive.errors import told
from archive.queries import DATABASE
from archive.warc import WarcFiles
from archive.wording import counted

WAIT = 30.0  # seconds that one step waits for another writer
STEP = 250  # pages of the full-text index that one transaction writes
NIGHTLY = 100_000  # pages of it that one night writes: 400 MB
FEW = 8  # parts in which the index may lie: a search asks each of them
ROWS = 1_000  # of each index, that are looked at for the planner
KEPT_DAYS = 400  # of sources' days: a year and what is compared with it
FINISHED_DAYS = 7  # after which a WARC file is finished, so that a backup finds it as it was

PARTS = "SELECT COUNT(DISTINCT segid) FROM articles_fts_idx"
MERGE = "INSERT INTO articles_fts(articles_fts, rank) VALUES ('merge', ?)"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
SHADOW = "articles_fts"
FORGET = """
DELETE FROM source_days WHERE (source_id, day) IN (SELECT source_id, day FROM source_days WHERE day < ? LIMIT ?)
"""
FORGOTTEN = 5_000  # rows that one transaction drops
VACUUMED = 1_000  # pages that one transaction gives back


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """What was done of one kind, in a sentence; `seconds` in all, and of the longest write. `is_done` says if all."""

    name: str
    text: str
    seconds: float
    longest: float
    is_done: bool = True


class Steps:
    """The writes of one chore, and how long they took."""

    def __init__(self, db: sqlite3.Connection, clock: Callable[[], float] = monotonic) -> None:
        self.db = db
        self.clock = clock
        self.began = clock()
        self.longest = 0.0

    def write(self, statement: str, *values: object) -> int:
        """How many rows a statement changed, in a transaction of its own."""
        began = self.clock()
        before = self.db.total_changes
        self.db.execute(statement, values).fetchall()
        self.longest = max(self.longest, self.clock() - began)
        return self.db.total_changes - before

    def done(self, name: str, text: str, *, is_done: bool = True) -> Chore:
        """The chore, as done so far."""
        return Chore(
            name=name,
            text=text,
            seconds=round(self.clock() - self.began, 3),
            longest=round(self.longest, 3),
            is_done=is_done,
        )


def maintained(data: Path, now: datetime) -> Iterator[Chore]:
    """What was done for the database, chore by chore; StoreError in words where it cannot be written."""
    path = data / DATABASE
    with told(path), closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = FULL")
        chores = (search_index, statistics, forgetting(now), *((emptied,) if is_incremental(db) else ()), log)
        for chore in chores:
            try:
                yield chore(Steps(db))
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                    raise
                text = f"another program wrote for {WAIT:.0f} s: the rest is left for the next night"
                yield Steps(db).done("waiting", text, is_done=False)


def search_index(steps: Steps) -> Chore:
    """Bring the parts of the full-text index together, some pages at a time, and no more than a night's."""
    name = "search index"
    parts = steps.db.execute(PARTS).fetchone()[0]
    if parts <= FEW:
        return steps.done(name, f"in {counted(parts, 'part')}: no more than a search can ask")
    written = 0
    changed = steps.write(MERGE, -STEP)
    while changed > 1 and written < NIGHTLY:  # a merge with nothing to do changes one row
        written += STEP
        changed = steps.write(MERGE, STEP)
    left = steps.db.execute(PARTS).fetchone()[0]
    more = "" if changed <= 1 else "; the rest the next night"
    return steps.done(
        name, f"brought together: {counted(parts, 'part')} before, {left} now{more}", is_done=changed <= 1
    )


def statistics(steps: Steps) -> Chore:
    """Tell SQLite how its tables are filled, a table at a time."""
    steps.db.execute(f"PRAGMA analysis_limit = {ROWS}")
    tables = [str(row[0]) for row in steps.db.execute(TABLES) if not str(row[0]).startswith(SHADOW)]
    for table in tables:
        steps.write(f'ANALYZE "{table}"')
    steps.db.execute("PRAGMA optimize")
    return steps.done("statistics", f"of {len(tables)} tables taken again")


def forgetting(now: datetime) -> Callable[[Steps], Chore]:
    """Forget the days of sources that no band is told from any more."""
    before = f"{now - timedelta(days=KEPT_DAYS):%Y-%m-%d}"

    def forget(steps: Steps) -> Chore:
        forgotten = 0
        while changed := steps.write(FORGET, before, FORGOTTEN):
            forgotten += changed
        return steps.done("forgetting", f"{forgotten:,} days of sources from before {before}")

    return forget


def is_incremental(db: sqlite3.Connection) -> bool:
    """Whether a database gives free pages back step by step."""
    return bool(db.execute("PRAGMA auto_vacuum").fetchone()[0] == 2)


def emptied(steps: Steps) -> Chore:
    """Give free pages back to the disk."""
    pages = steps.db.execute("PRAGMA freelist_count").fetchone()[0]
    for _ in range(0, pages, VACUUMED):
        began = steps.clock()
        # Python ends a statement without columns after its first step, which is a page.
        steps.db.executescript(f"PRAGMA incremental_vacuum({VACUUMED})")
        steps.longest = max(steps.longest, steps.clock() - began)
    return steps.done("free pages", f"{pages:,} given back to the disk")


def log(steps: Steps) -> Chore:
    """Copy the write-ahead log into the database and make it empty, as far as readers let it be."""
    is_busy, size, copied = steps.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    if not is_busy and copied == size:  # what is left to do holds up writers for a moment only
        steps.db.execute("PRAGMA busy_timeout = 250")  # a reader that began before is not waited for
        began = steps.clock()
        is_busy, *_ = steps.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        steps.longest = steps.clock() - began
        steps.db.execute(f"PRAGMA busy_timeout = {int(WAIT * 1000)}")
    if is_busy or copied < size:
        return steps.done("log", f"{copied:,} of {size:,} pages copied: a reader holds the rest", is_done=False)
    return steps.done("log", f"all of its {size:,} pages copied, and emptied")


def turned_over(data: Path, now: datetime) -> Chore:
    """Begin a new WARC file where the present one is old: what is finished never changes again.

    The caller holds the lock of the archive. StoreError where the disk takes no more.
    """
    path = data / DATABASE
    with told(path), closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as db:

        def committed(name: str) -> int:
            row = db.execute(LAST, [name]).fetchone()
            return 0 if row is None else int(row[0])

        steps = Steps(db)
        with closing(WarcFiles(data / "warc", committed=committed)) as files:
            finished = files.turn_over(now - timedelta(days=FINISHED_DAYS))
    if finished:
        return steps.done("WARC files", f"{finished} is finished, and may be copied away")
    return steps.done("WARC files", f"the present one is not {FINISHED_DAYS} days old, or empty")
