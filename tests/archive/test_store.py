from __future__ import annotations

import asyncio
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.rows import CaptureRows
from archive.schema import migrations, rebuild
from archive.store import Archive, StoreError

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
        outcome=OutcomeRow(candidate_id=candidate, state="stored"), fingerprints=(number, -number)),
        "2019-01-01T00:00:00Z")
    print(number, flush=True)
"""


def writer(folder: Path, count: int, **options: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(folder), str(count)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2], **options
    )  # type: ignore[call-overload,no-any-return]  # Popen's overloads do not take a mapping


def sound(folder: Path) -> Archive:
    archive = Archive.open(folder)
    assert archive.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    archive.db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
    return archive


def test_a_writer_killed_at_any_instant_leaves_whole_articles(tmp_path: Path) -> None:
    written = 0
    for kill in range(6):
        with writer(tmp_path, 9_999) as process:
            assert process.stdout is not None
            for _ in range(3 + kill):
                assert process.stdout.readline()
                written += 1
            process.send_signal(signal.SIGKILL)
        archive = sound(tmp_path)
        articles = archive.db.execute("SELECT COUNT(*) FROM articles").fetchone()[0]
        assert articles >= written
        assert archive.db.execute("SELECT COUNT(*) FROM candidates WHERE state = 'stored'").fetchone() == (articles,)
        assert archive.db.execute("SELECT COUNT(*) FROM fingerprints").fetchone()[0] in {2 * articles, 2 * articles - 1}
        archive.close()


def test_a_full_disk_is_told_and_nothing_is_half_done(tmp_path: Path) -> None:
    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))

    with writer(tmp_path, 9_999, preexec_fn=small_disk) as process:
        assert process.stderr is not None
        error = process.stderr.read()
    assert "StoreError" in error
    assert "disk" in error
    sound(tmp_path).close()


def test_a_locked_archive_is_waited_for_and_then_told(archive: Archive) -> None:
    other = sqlite3.connect(archive.path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another program") as caught:
        asyncio.run(archive.writable(0.3, lambda: False))
    assert caught.value.kind == "locked"

    async def release() -> None:
        await asyncio.sleep(0.3)
        other.rollback()

    async def both() -> None:
        await asyncio.gather(release(), archive.writable(20, lambda: False))

    asyncio.run(both())
    other.close()


def test_nobody_waits_for_a_lock_when_the_run_is_to_stop(archive: Archive) -> None:
    other = sqlite3.connect(archive.path)
    other.execute("BEGIN IMMEDIATE")
    looks: list[bool] = []
    with pytest.raises(StoreError):
        asyncio.run(archive.writable(3600, lambda: looks.append(True) or len(looks) > 1))
    assert len(looks) == 2
    other.close()


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc").exists(), reason="needs a folder that cannot be made")
def test_a_folder_that_cannot_be_made_is_told() -> None:
    with pytest.raises(StoreError, match="--data"):
        Archive.open(Path("/proc/dossier"))


def test_a_file_that_is_no_archive_is_told(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_bytes(b"this is not a database, it is a love letter " * 50)
    with pytest.raises(StoreError, match="is not an archive"):
        Archive.open(tmp_path)


def test_an_archive_is_open_once_a_process(tmp_path: Path) -> None:
    first, second = Archive.shared(tmp_path), Archive.shared(tmp_path)
    assert first is second
    first.close()
    assert second.topics.ensure("t", "", "") == 1
    second.close()
    third = Archive.shared(tmp_path)
    assert third is not first
    third.close()


def test_the_archive_is_as_durable_as_it_says(archive: Archive) -> None:
    pragmas = [
        archive.db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    assert pragmas == ["wal", 2, 1]


def test_articles_can_be_rebuilt_and_are_still_found(archive: Archive, rows: Make) -> None:
    for number in range(1, 6):
        archive.articles.store(rows(number), NOW)
    sql = archive.db.execute("SELECT sql FROM sqlite_master WHERE name = 'articles'").fetchone()[0]
    columns = sql[sql.index("(") + 1 : sql.rindex(")")].replace(
        "    body TEXT", "    extra TEXT DEFAULT 'x',\n    body TEXT"
    )
    names = ", ".join(column.name for column in archive.db["articles"].columns)
    archive.db.execute("PRAGMA foreign_keys = OFF")
    with archive.writing() as db:
        rebuild(db, columns, names)
    archive.db.execute("PRAGMA foreign_keys = ON")
    assert [column.name for column in archive.db["articles"].columns][-2:] == ["extra", "body"]
    assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
    archive.articles.store(rows(7, body="A word that only the seventh has: quorum"), NOW)
    match = "SELECT COUNT(*) FROM articles_fts WHERE articles_fts MATCH ?"
    assert archive.db.execute(match, ["envoys"]).fetchone() == (5,)
    assert archive.db.execute(match, ["quorum"]).fetchone() == (1,)
    archive.db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def test_every_migration_is_applied_once(archive: Archive) -> None:
    assert migrations.pending(archive.db) == []
    names = [migration.name for migration in migrations.applied(archive.db)]
    assert names == sorted(names)
