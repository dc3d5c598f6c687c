"""Several connections that read one moment of an archive, so that its tables are read side by side."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from archive.errors import StoreError, told
from archive.queries import Reader

TRIES = 50


@contextmanager
def of_one_moment(db: Reader, number: int, words: Callable[[str], int]) -> Iterator[list[Reader]]:
    """So many connections to the archive of a connection, or one where a writer leaves no gap; any thread may use them.

    All read the same moment, the present. Each knows `words_of(text)`.
    """
    path = Path(db.execute("PRAGMA database_list").fetchone()[2])
    with ExitStack() as stack, told(path):
        readers = [stack.enter_context(closing(connection(path, words))) for _ in range(number)]
        watch = stack.enter_context(closing(connection(path, words)))
        yield readers if are_together(readers, watch) else readers[:1]


def connection(path: Path, words: Callable[[str], int]) -> Reader:
    """A read-only connection that any thread may use, by one at a time."""
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, check_same_thread=False, isolation_level=None)
    db.create_function("words_of", 1, lambda text: words(str(text)), deterministic=True)
    return db


def are_together(readers: list[Reader], watch: Reader) -> bool:
    """Whether all began to read while nothing was written: then they see the same. The first one reads in any case."""
    for _ in range(TRIES):  # once at least, so that one of them reads one moment
        before = version(watch)
        for reader in readers:
            if reader.in_transaction:
                reader.rollback()
            reader.execute("BEGIN")
            reader.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        if version(watch) == before:
            return True
    return False


def version(watch: Reader) -> int:
    """A number that is another one after every change by anybody."""
    return int(watch.execute("PRAGMA data_version").fetchone()[0])


@contextmanager
def sorting() -> Iterator[None]:
    """Say what to do where there is no room to sort: SQLite does that in files of its own."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise
        message = f"the rows cannot be sorted ({error}); make room in the folder for temporary files, or name another"
        raise StoreError(f"{message} in SQLITE_TMPDIR", "full") from error
