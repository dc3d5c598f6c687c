"""The archive, and its only writer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic
from typing import ClassVar, Self

from sqlite_utils import Database

from archive.acquaintances import Acquaintances
from archive.answers import Answers
from archive.articles import Articles
from archive.candidates import Candidates
from archive.coverage import Coverage
from archive.dropped import Dropped
from archive.errors import LOCKED, StoreError, refused, told
from archive.events import Events
from archive.furniture import Furniture
from archive.health.integrity import READY, SAVED
from archive.memberships import Memberships
from archive.rechecks import Rechecks
from archive.records import Records
from archive.rereadings import Rereadings
from archive.rulings import Rulings
from archive.runs import Runs, Topics
from archive.schema import migrate
from archive.sources import Hosts, Sources, Validators
from archive.texts import Texts
from archive.transactions import BUSY, Transactions
from archive.waiting import Waiting
from archive.warc import WarcFiles
from archive.yields import Yields

__all__ = ["Archive", "StoreError"]

NAME = "news.db"
SLICE = 0.25  # seconds between two looks at a locked database
CACHE = 65_536  # KiB of pages kept in memory: fingerprints are written all over their table
WAL_LIMIT = 64 * 1024 * 1024  # bytes that the write-ahead log keeps once it has been copied into the database


class Archive:
    """An open archive: one connection, and one noun a table group that reads and writes through it."""

    _open: ClassVar[dict[Path, tuple[Archive, int]]] = {}

    def __init__(self, folder: Path, db: Database) -> None:
        self.folder = folder
        self.path = folder / NAME
        self.db = db
        self.topics = Topics(self)
        self.runs = Runs(self)
        self.coverage = Coverage(self)
        self.sources = Sources(self)
        self.hosts = Hosts(self)
        self.validators = Validators(self)
        self.candidates = Candidates(self)
        self.yields = Yields(self)
        self.rechecks = Rechecks(self)
        self.articles = Articles(self)
        self.answers = Answers(self)
        self.texts = Texts(self)
        self.events = Events(self)
        self.records = Records(self)
        self.furniture = Furniture(self)
        self.rereadings = Rereadings(self)
        self.memberships = Memberships(self)
        self.acquaintances = Acquaintances(self)
        self.dropped = Dropped(self)
        self.waiting = Waiting(self)
        self.rulings = Rulings(self)
        self.transactions = Transactions(db, self.path)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The archive in a folder, made and migrated where need be; StoreError where that cannot be."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise refused(folder, error) from error
        path = folder / NAME
        is_new = not path.exists()
        if is_new and (folder / SAVED / READY).is_file():
            raise StoreError(
                f"{path} is about to be replaced: `dossier doctor --repair` ends what was killed", "corrupt"
            )
        with told(path):
            connection = sqlite3.connect(path, timeout=BUSY / 1000)
            try:
                if is_new:  # the pages of a database that was lost are no left-overs of a killed crawl
                    WarcFiles(folder / "warc", committed=lambda _: 0).pass_over()
                return cls(folder, prepared(connection, path))
            except BaseException:
                connection.close()
                raise

    @classmethod
    def shared(cls, folder: Path) -> Archive:
        """The archive of a folder, opened once a process; each `close` gives one share back."""
        key = folder.resolve()
        archive, shares = cls._open.get(key) or (cls.open(folder), 0)
        cls._open[key] = (archive, shares + 1)
        return archive

    def close(self) -> None:
        """Give one share back; the last one closes the connection."""
        key = self.folder.resolve()
        archive, shares = self._open.get(key, (self, 1))
        if archive is self and shares > 1:
            self._open[key] = (self, shares - 1)
            return
        if archive is self:
            self._open.pop(key, None)
        try:
            self.transactions.end()
        finally:
            self.db.close()

    def writing(self) -> AbstractContextManager[Database]:
        """One unit of writing, joined by those opened inside it: all of it or nothing, and StoreError in words."""
        return self.transactions.writing()

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """A look, with StoreError in words."""
        with told(self.path):
            yield self.db

    async def writable(self, patience: float, stop: Callable[[], bool]) -> None:
        """Return as soon as a write can begin, with the right to it kept until the caller awaits again.

        Another writer is waited for up to `patience` seconds, or until `stop`, in short slices that let the engine go
        on; then StoreError of kind `locked`. What the caller reads and writes at once, no other program can slip into.
        """
        until = monotonic() + patience
        while not self.transactions.reserve():
            if monotonic() >= until or stop():
                raise StoreError(f"{self.path} {LOCKED}", "locked")
            await asyncio.sleep(SLICE)


def prepared(connection: sqlite3.Connection, path: Path) -> Database:
    """The database behind a connection, migrated, durable and strict."""
    db = Database(connection, execute_plugins=False)  # what else is installed has no say in what is stored
    if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise StoreError(f"{path} is on a disk that shares no memory (a network drive?); name a local one with --data")
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA cache_size = -{CACHE}")
    db.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT}")
    migrate(db, path)
    db.execute("PRAGMA foreign_keys = ON")
    return db
