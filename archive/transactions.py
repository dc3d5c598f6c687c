"""The transactions of the one connection that writes: each by itself, or several that are committed together."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from archive.errors import StoreError, told

BUSY = 250  # milliseconds that one statement waits for a lock
MOST = 64  # units that are committed together at most


class Transactions:
    """Units of writing: each is whole or not at all, and lasts once it is committed.

    A commit waits for the disk. `together` lets units that follow each other closely share one: each is a savepoint of
    one transaction that stays open for a moment. Nothing can be lost by that, since what says that a page was seen is
    part of its unit: a process that is killed in that moment has not seen the page. `before_commit` are called first,
    and may refuse.
    """

    def __init__(self, db: Database, path: Path) -> None:
        self.db = db
        self.path = path
        self.before_commit: list[Callable[[], None]] = []
        self._seconds = 0.0
        self._failed: Callable[[StoreError], None] = _raise
        self._timer: asyncio.TimerHandle | None = None
        self._held = 0
        self._writes = False
        self._reserved = False

    def together(self, seconds: float, failed: Callable[[StoreError], None]) -> None:
        """Commit units together that begin within so many seconds; `failed` hears of a commit that was refused."""
        self._seconds = seconds
        self._failed = failed

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One unit, joined by those opened inside it: all of it or nothing, and StoreError in words."""
        if self._writes:
            yield self.db
            return
        with told(self.path):
            if not self.db.conn.in_transaction:
                self.db.execute("BEGIN IMMEDIATE")
            self.db.execute("SAVEPOINT unit")
            self._reserved, self._writes = False, True
            try:
                yield self.db
                self.db.execute("RELEASE unit")
            except BaseException:
                self._undo()
                raise
            finally:
                self._writes = False
        self._held += 1
        if not self._seconds or self._held >= MOST:
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._due)

    def flush(self) -> None:
        """Commit what is held; StoreError where the disk refuses, and then none of it was written."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._held:
            return
        self._held = 0
        with told(self.path):
            try:
                for hook in self.before_commit:
                    hook()
                self.db.execute("COMMIT")
            except BaseException:
                self.db.rollback()
                raise

    def reserve(self) -> bool:
        """Whether this process may write now; the right ends with the present turn of the event loop."""
        if self._reserved or self._held:
            return True
        with told(self.path):
            self.db.execute("PRAGMA busy_timeout = 0")
            try:
                self.db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                return False
            finally:
                self.db.execute(f"PRAGMA busy_timeout = {BUSY}")
        self._reserved = True
        asyncio.get_running_loop().call_soon(self._release)
        return True

    def end(self) -> None:
        """Commit what is held, and let go of a right that was not used."""
        self._reserved = False
        self.flush()

    def _undo(self) -> None:
        """Take back one unit; a full disk may have taken back the whole transaction already."""
        if not self.db.conn.in_transaction:
            self._held = 0
        elif self._held:
            self.db.execute("ROLLBACK TO unit")
            self.db.execute("RELEASE unit")
        else:
            self.db.rollback()

    def _due(self) -> None:
        self._timer = None
        try:
            self.flush()
        except StoreError as error:
            self._failed(error)

    def _release(self) -> None:
        if self._reserved:
            self._reserved = False
            self.db.rollback()


def _raise(error: StoreError) -> None:
    raise error
