"""Connections for a server: threads that read the archive, each page from one moment, each within its time."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from archive.queries import Reader, open_reader
from archive.serving.gate import Gate

T = TypeVar("T")

STEPS = 20_000  # of SQLite's machine between two looks at the clock
MOST = 150  # that wait
PATIENCE = 5.0  # seconds for which they do
LONGEST_VALUE = 64 * 1024 * 1024  # bytes of one value


class TooLong(Exception):  # noqa: N818 - it is an answer to the reader, who asks for less
    """A page would have taken longer than a reader may wait."""


class Busy(Exception):  # noqa: N818 - it is an answer to the reader, who comes again
    """No thread was free for a page as long as a reader may wait."""


class Readers:
    """A few threads with a read-only connection each. Work waits for a free one, for a while."""

    def __init__(self, data: Path, *, threads: int = 3, seconds: float = 2.0) -> None:
        self.data, self.seconds = data, seconds
        self.mine = threading.local()
        self.opened: list[Reader] = []
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="dossier-reader")
        self.gate = Gate(room=threads, waiting=MOST, seconds=PATIENCE)

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """What `work(connection, *args)` gives; TooLong where SQLite took too long, Busy where it never began."""
        if not await self.gate.entered():
            raise Busy
        try:
            return await asyncio.get_running_loop().run_in_executor(self.pool, self.answer, work, *args)
        finally:
            self.gate.leave()

    def answer(self, work: Callable[..., T], *args: Any) -> T:
        """The same in the calling thread."""
        db = self.connection()
        ends = time.monotonic() + self.seconds
        db.set_progress_handler(lambda: time.monotonic() > ends, STEPS)
        db.execute("BEGIN")
        try:
            return work(db, *args)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TooLong from error
            raise
        finally:
            db.rollback()

    def connection(self) -> Reader:
        """The connection of the calling thread."""
        db: Reader | None = getattr(self.mine, "db", None)
        if db is None:
            db = open_reader(self.data, shared=True)
            db.rollback()
            db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
            self.mine.db = db
            self.opened.append(db)
        return db

    def close(self) -> None:
        """Wait for what is being answered, and close all connections."""
        self.pool.shutdown(wait=True, cancel_futures=True)
        for db in self.opened:
            db.close()
        self.opened.clear()
