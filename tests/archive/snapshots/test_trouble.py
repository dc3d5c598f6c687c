"""Snapshots that are killed, find no room, or are taken while a crawl writes."""

from __future__ import annotations

import errno
import gc
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.snapshots.changes import CHANGES
from archive.snapshots.folders import pointed
from archive.snapshots.writing import Lines
from tests.snapshotted import (
    DAY,
    FILES,
    NEXT,
    check,
    contents,
    read,
    taken,
    written,
)


def test_what_a_crawl_writes_meanwhile_is_not_half_in_it(data: Path) -> None:
    """A writer commits between any two tables: all files show one state, in which both columns are the same."""
    with written(data) as writer:
        number = 0

        def more(_name: str, _rows: int) -> None:
            nonlocal number
            number += 1
            writer.execute("BEGIN")
            writer.execute("UPDATE articles SET title = ?, section = ?", [f"state {number}", f"state {number}"])
            writer.execute("UPDATE outlets SET name = ?", [f"state {number}"])
            writer.execute("COMMIT")

        more("", 0)
        folder = taken(data, said=more).folder
    assert number > 5
    states = {one[name] for one in read(folder / "articles.csv") for name in ("title", "section", "outlet_name")}
    states |= {one["title"] for one in read(folder / "stories.csv")}
    states |= {one["name"] for one in read(folder / "outlets.csv")}
    assert states == {"state 1"}


def test_what_a_killed_snapshot_left_is_removed_by_the_next(data: Path) -> None:
    left = data / "snapshots" / ".building"
    left.mkdir(parents=True)
    (left / "articles.csv").write_text("half")
    folder = taken(data).folder
    assert not left.exists()
    assert "half" not in (folder / "articles.csv").read_text(encoding="utf-8")


AGAIN = """
import sys
from contextlib import closing
from pathlib import Path
from archive.queries import open_reader
from archive.snapshots import snapshot
data = Path(sys.argv[1])
with closing(open_reader(data)) as db:
    print("ready", flush=True)
    while True:
        for day in ("2019-03-14", "2019-03-15"):
            snapshot(db, data, day, bodies=True, keep_last=1)
"""


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.soak)])
def test_a_kill_at_any_moment_leaves_whole_snapshots_and_a_pointer_to_one(data: Path, kills: int) -> None:
    root, chance = data / "snapshots", random.Random(kills)
    for _ in range(kills):
        process = subprocess.Popen([sys.executable, "-c", AGAIN, str(data)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0.02, 0.25))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        for folder in root.glob("2019-*"):
            assert {path.name for path in folder.iterdir()} == FILES
            assert (
                subprocess.run(["sha256sum", "-c", "--status", "SHA256SUMS"], cwd=folder, check=False).returncode == 0
            )
        if (root / "latest").is_symlink():
            assert (root / "latest" / "articles.csv").is_file()
    folder = taken(data, "2019-03-16").folder
    assert check(folder) == []
    assert pointed(root) == "2019-03-16"
    assert {path.name for path in root.iterdir()} <= {".lock", "latest", DAY, NEXT, "2019-03-16"}


def test_a_snapshot_that_cannot_be_written_says_so(data: Path) -> None:
    (data / "snapshots").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        taken(data)


def test_what_cannot_be_compared_for_want_of_room_is_no_fault_of_the_base(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken(data)
    with written(data) as db:
        db.execute("UPDATE articles SET title = 'Other' WHERE id = 1")

    def full(_lines: Lines, _batch: list[bytes]) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    real = Lines.write
    monkeypatch.setattr(Lines, "write", lambda lines, batch: (full if lines.table is CHANGES else real)(lines, batch))
    with pytest.raises(StoreError, match="No space left") as fault:
        taken(data, NEXT)
    assert fault.value.kind == "full"
    assert pointed(data / "snapshots") == DAY


@pytest.fixture
def small_files() -> Iterator[None]:
    """No file may grow beyond some kilobytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (900, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "zipped"])
def test_a_full_disk_is_told_and_the_old_snapshot_stays(
    data: Path, request: pytest.FixtureRequest, zipped: bool
) -> None:
    before = contents(taken(data).folder)
    request.getfixturevalue("small_files")
    with pytest.raises(StoreError, match="make room") as fault:
        taken(data, bodies=True, zipped=zipped)
    gc.collect()
    assert fault.value.kind == "full"
    assert contents(data / "snapshots" / DAY) == before
    assert not (data / "snapshots" / ".building").exists()


ONCE = """
import resource, sys
from contextlib import closing
from pathlib import Path
from archive.queries import open_reader
from archive.snapshots import snapshot
data = Path(sys.argv[1])
with closing(open_reader(data)) as db:
    snapshot(db, data, "2019-03-13")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for day in ("2019-03-14", "2019-03-15"):
        snapshot(db, data, day, bodies=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_does_not_grow_with_the_archive(data: Path) -> None:
    with written(data) as db:
        db.execute("DROP TRIGGER articles_ai")  # the index plays no part, and would take most of the time
        columns = ", ".join(
            name for _, name, *_ in db.execute("PRAGMA table_info(articles)") if name not in {"id", "url", "body"}
        )
        db.execute(
            f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
            INSERT INTO articles (url, {columns}, body)
            SELECT 'https://wire.example/' || i, {columns}, hex(zeroblob(5000)) FROM n, articles WHERE id = 1"""
        )
    done = subprocess.run([sys.executable, "-c", ONCE, str(data)], capture_output=True, text=True, check=True)
    assert (data / "snapshots" / DAY / "articles.csv").stat().st_size > 15_000_000
    assert int(done.stdout) < 15_000  # kilobytes: some hundred rows at a time, of which there are 30 MB


def test_one_connection_is_enough_where_a_writer_leaves_no_gap(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(taken(data).folder)
    numbers = count()
    monkeypatch.setattr("archive.snapshots.moments.version", lambda _watch: next(numbers))
    assert contents(taken(data).folder) == before
