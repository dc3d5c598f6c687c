"""The archive, and its only writer."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import ClassVar, Self

from sqlite_utils import Database

from archive.articles import Articles
from archive.candidates import Candidates
from archive.errors import StoreError, told
from archive.runs import Coverage, Runs, Topics
from archive.schema import migrations
from archive.sources import Hosts, Sources, Validators

__all__ = ["Archive", "StoreError"]

NAME = "news.db"
BUSY = 250  # milliseconds that one statement waits for a lock; longer waits are `writable`'s, which does not block
SLICE = 0.25  # seconds between two looks at a locked database


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
        self.articles = Articles(self)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The archive in a folder, made and migrated where need be; StoreError where that cannot be."""
        path = folder / NAME
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"{folder} cannot be made ({error.strerror}); name another folder with --data"
            raise StoreError(message, "readonly") from error
        with told(path):
            connection = sqlite3.connect(path, timeout=BUSY / 1000)
            db = Database(connection)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("PRAGMA cache_size = -65536")
            if migrations.pending(db):
                migrations.apply(db)
            return cls(folder, db)

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
        self.db.close()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction: all of it or nothing, and StoreError in words."""
        with told(self.path):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield self.db
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.conn.in_transaction:
                    self.db.conn.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """A look, with StoreError in words."""
        with told(self.path):
            yield self.db

    async def writable(self, patience: float, stop: Callable[[], bool]) -> None:
        """Return when a write can begin now; wait for another writer up to `patience` seconds, or until `stop`.

        Waiting is in short slices that let the engine go on. StoreError of kind `locked` when patience ends.
        """
        until = monotonic() + patience
        while True:
            try:
                with self.writing():
                    return
            except StoreError as error:
                if error.kind != "locked" or monotonic() >= until or stop():
                    raise
            await asyncio.sleep(SLICE)
