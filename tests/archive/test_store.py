from __future__ import annotations

import asyncio
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from archive.rows import CaptureRows
from archive.store import Archive, StoreError

ROOT = Path(__file__).parents[2]
NOW = "2019-02-01T12:00:00Z"
Make = Callable[..., CaptureRows]

WRITER = """
import sys
from pathlib import Path
from archive.rows import ArticleRow, CaptureRows, CandidateRow, MembershipRow, OutcomeRow
from archive.store import Archive, StoreError
archive = Archive.open(Path(sys.argv[1]))
topic = archive.topics.ensure("t", "", "")
source = archive.sources.ensure("feeds", "https://a.example/f", "a.example")
start = archive.db.execute("SELECT COALESCE(MAX(id), 0) FROM candidates").fetchone()[0]
for number in range(start, start + int(sys.argv[2])):
    url = f"https://a.example/{number}"
    archive.candidates.note(topic, source, [CandidateRow(url=url, host="a.example")], "2019-01-01T00:00:00Z")
    candidate = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()[0]
    body = f"word{number} " + "many words of some length " * 80
    archive.articles.store(CaptureRows(change="new", article=ArticleRow(url=url, outlet="a.example", title=f"T{number}",
        fetched="2019-01-01T00:00:00Z", words=400, content_hash=str(number), words_hash=str(number), body_source="t",
        extractor="t", body=body), membership=MembershipRow(topic_id=topic, score=1, verdict="keep", matched="[]"),
        outcome=OutcomeRow(candidate_id=candidate, state="stored"), fingerprints=(number + 1, -number)),
        "2019-01-01T00:00:00Z")
    print(number, flush=True)
"""


READER = """
import os, sys
from pathlib import Path
from archive.store import Archive, StoreError
if os.geteuid() == 0:
    os.setuid(65534)  # root may write anywhere
try:
    Archive.open(Path(sys.argv[1])).topics.ensure("t", "", "")
except StoreError as error:
    print(error.kind, error)
"""


def started(script: str, *arguments: object) -> subprocess.Popen[str]:
    """A process of its own that runs a script."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def assert_sound(folder: Path) -> int:
    """An archive that holds whole articles only; how many."""
    with closing(Archive.open(folder)) as archive:
        assert archive.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        archive.db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
        articles = archive.db.execute("SELECT COUNT(*) FROM articles").fetchone()[0]
        for table in ("stories", "aliases", "article_topics"):
            counts = archive.db.execute(f"SELECT COUNT(*), COUNT(DISTINCT article_id) FROM {table}").fetchone()
            assert counts == (articles, articles), table
        assert archive.db.execute("SELECT COUNT(*) FROM fingerprints").fetchone() == (2 * articles,)
        assert archive.db.execute("SELECT COUNT(*) FROM candidates WHERE state = 'stored'").fetchone() == (articles,)
    return int(articles)


def test_a_writer_killed_at_any_instant_leaves_whole_articles(tmp_path: Path) -> None:
    told = 0
    for kill in range(10):
        with started(WRITER, tmp_path, 9_999) as process:
            assert process.stdout is not None
            for _ in range(1 + kill % 4):
                assert process.stdout.readline()
                told += 1
            time.sleep(kill * 0.0017)  # anywhere in the next articles
            process.kill()
        assert assert_sound(tmp_path) >= told


def test_a_full_disk_is_told_and_nothing_is_half_done(tmp_path: Path) -> None:
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2_400_000, 2_400_000))\n{WRITER}"
    with started(limited, tmp_path, 9_999) as process:
        output, error = process.communicate()
    assert "StoreError" in error
    assert f"{tmp_path}/news.db could not be written: the disk is full or failing; make room" in error
    assert assert_sound(tmp_path) == len(output.splitlines()) > 10


def store_all(archive: Archive, rows: Iterable[CaptureRows]) -> None:
    for row in rows:
        archive.articles.store(row, NOW)


def test_an_archive_goes_on_after_the_disk_was_full(archive: Archive, rows: Make) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    waiting = [rows(number, body=f"word{number} " * 20_000) for number in range(20)]
    size = archive.path.with_name("news.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limit[1]))
    try:
        with pytest.raises(StoreError, match="make room") as caught:
            store_all(archive, waiting)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert caught.value.kind == "full"
    stored = archive.db.execute("SELECT COUNT(*) FROM articles").fetchone()[0]
    store_all(archive, waiting[stored:])
    archive.close()
    assert assert_sound(archive.folder) == 20


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of this machine can reach."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(
    os.geteuid() != 0 and os.access("/", os.W_OK), reason="this user may write where the folder forbids it"
)
def test_a_folder_that_may_not_be_written_is_told(open_folder: Path) -> None:
    (open_folder / "new").mkdir(mode=0o555)
    Archive.open(open_folder / "old").close()
    (open_folder / "old").chmod(0o555)
    (open_folder / "old" / "news.db").chmod(0o444)
    for folder in ("new", "old", "new/deeper"):
        with started(READER, open_folder / folder) as process:
            said, error = process.communicate()
        assert said.startswith(f"readonly {open_folder}/{folder}"), error
        assert "--data" in said


@contextmanager
def locked(archive: Archive) -> Iterator[sqlite3.Connection]:
    """Another program that writes and does not let go."""
    with closing(sqlite3.connect(archive.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


def test_a_locked_archive_is_told_with_its_mend(archive: Archive) -> None:
    with locked(archive), pytest.raises(StoreError) as caught:
        archive.topics.ensure("other", "", "")
    assert caught.value.kind == "locked"
    assert str(caught.value).startswith(
        f"{archive.path} is locked by another program; close it and run the crawl again"
    )


def test_a_lock_that_never_ends_is_waited_for_as_long_as_patience_lasts(archive: Archive) -> None:
    turns: list[int] = []

    async def work() -> None:
        while True:
            turns.append(1)
            await asyncio.sleep(0.01)

    async def wait() -> None:
        task = asyncio.create_task(work())
        with pytest.raises(StoreError, match="locked by another program") as caught:
            await archive.writable(0.6, lambda: False)
        task.cancel()
        assert caught.value.kind == "locked"

    with locked(archive):
        asyncio.run(wait())
    # The engine went on between the looks.
    assert len(turns) > 4


def test_a_lock_that_ends_in_time_is_waited_for(archive: Archive) -> None:
    async def both(other: sqlite3.Connection) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(0.3, other.rollback)
        await archive.writable(20, lambda: False)
        archive.topics.ensure("other", "", "")

    with locked(archive) as other:
        asyncio.run(both(other))
    assert archive.db.execute("SELECT COUNT(*) FROM topics").fetchone() == (2,)


def test_nobody_waits_for_a_lock_when_the_run_is_to_stop(archive: Archive) -> None:
    looks: list[bool] = []
    with locked(archive), pytest.raises(StoreError):
        asyncio.run(archive.writable(3600, lambda: looks.append(True) or len(looks) > 1))
    assert len(looks) == 2


def test_who_was_told_to_write_cannot_be_locked_out_before_it_does(archive: Archive, rows: Make) -> None:
    row = rows(1)

    async def write() -> None:
        with closing(sqlite3.connect(archive.path, timeout=0)) as other:
            await archive.writable(0, lambda: False)
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
            archive.articles.store(row, NOW)
            other.execute("BEGIN IMMEDIATE")

    asyncio.run(write())
    assert archive.db.execute("SELECT COUNT(*) FROM articles").fetchone() == (1,)


def test_who_writes_nothing_lets_others_write_at_once(archive: Archive) -> None:
    async def look() -> None:
        with closing(sqlite3.connect(archive.path, timeout=0)) as other:
            await archive.writable(0, lambda: False)
            await archive.writable(0, lambda: False)
            await asyncio.sleep(0)
            other.execute("BEGIN IMMEDIATE")

    asyncio.run(look())
    assert not archive.db.conn.in_transaction


def test_a_transaction_within_another_is_part_of_it(archive: Archive) -> None:
    with pytest.raises(sqlite3.IntegrityError), archive.writing():
        archive.runs.start(archive.topics.ensure("other", "", "") + 1, NOW)
    assert archive.db.execute("SELECT name FROM topics").fetchall() == [("talks",)]
    with archive.writing():
        archive.topics.ensure("other", "", "")
    assert archive.db.execute("SELECT COUNT(*) FROM topics").fetchone() == (2,)


def test_a_file_that_is_no_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_bytes(b"this is not a database, it is a love letter " * 50)
    with pytest.raises(StoreError, match=r"news\.db is no database; move it away") as caught:
        Archive.open(tmp_path)
    assert caught.value.kind == "corrupt"


def test_a_damaged_archive_is_told(archive: Archive, rows: Make) -> None:
    store_all(archive, map(rows, range(30)))
    archive.close()
    with archive.path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (archive.path.stat().st_size - 4096))
    with pytest.raises(StoreError, match="is damaged; keep it aside") as caught:
        Archive.open(archive.folder).topics.ensure("other", "", "")
    assert caught.value.kind == "corrupt"


def test_an_archive_is_open_once_a_process(tmp_path: Path) -> None:
    first, second = Archive.shared(tmp_path / "a"), Archive.shared(tmp_path / "b" / ".." / "a")
    assert first is second
    first.close()
    assert second.topics.ensure("t", "", "") == 1
    second.close()
    third = Archive.shared(tmp_path / "a")
    assert third is not first
    third.close()


def test_the_archive_is_as_durable_as_it_says(archive: Archive) -> None:
    pragmas = [
        archive.db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert pragmas == ["wal", 2, 1]
