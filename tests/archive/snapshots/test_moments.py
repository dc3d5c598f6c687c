from __future__ import annotations

import resource
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from archive.errors import StoreError
from archive.snapshots.moments import are_together, connection, of_one_moment, sorting

SORTED = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
    SELECT line FROM (SELECT hex(randomblob(60)) AS line FROM n) ORDER BY line"""


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "some archive" / "news.db"
    made.parent.mkdir()
    with closing(sqlite3.connect(made, isolation_level=None)) as db:
        db.executescript("PRAGMA journal_mode = WAL; CREATE TABLE things (number); INSERT INTO things VALUES (0)")
        yield made


def number(db: sqlite3.Connection) -> int:
    return int(db.execute("SELECT number FROM things").fetchone()[0])


def test_all_read_the_same_moment_while_a_writer_goes_on(path: Path) -> None:
    is_over = False

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            while not is_over:
                db.execute("UPDATE things SET number = number + 1")

    writer = Thread(target=write)
    writer.start()
    try:
        for _ in range(10):
            with closing(sqlite3.connect(path)) as db, of_one_moment(db, 4, len) as readers:
                seen = {number(reader) for reader in readers for _ in range(2)}
                assert len(seen) == 1
                assert len(readers) in {1, 4}
    finally:
        is_over = True
        writer.join()


def test_a_change_between_two_of_them_is_seen(path: Path) -> None:
    class Slow(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            if sql == "BEGIN":
                with closing(sqlite3.connect(path, isolation_level=None)) as db:
                    db.execute("UPDATE things SET number = number + 1")
            return super().execute(sql, *values)  # type: ignore[arg-type]  # passes on

    with closing(connection(path, len)) as one, closing(connection(path, len)) as watch:
        assert are_together([one], watch)
        with closing(sqlite3.connect(path, factory=Slow, isolation_level=None)) as other:
            assert not are_together([one, other], watch)


def test_they_only_read(path: Path) -> None:
    with closing(connection(path, len)) as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("UPDATE things SET number = 1")


def sort(db: sqlite3.Connection) -> None:
    with sorting():
        db.execute(SORTED).fetchall()


def test_where_there_is_no_room_to_sort_it_says_where_to_make_some() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with closing(sqlite3.connect(":memory:")) as db:
            db.execute("PRAGMA cache_size = 10")
            with pytest.raises(StoreError, match="SQLITE_TMPDIR") as fault:
                sort(db)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert fault.value.kind == "full"


def test_other_faults_pass_as_they_are() -> None:
    fault = sqlite3.OperationalError("no such table: nothing")
    with pytest.raises(sqlite3.OperationalError, match="nothing"), sorting():
        raise fault
