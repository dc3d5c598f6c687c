from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.exports.database import OPERATION, write
from archive.store import Archive
from tests.filling import ARTICLES, fill


def asked(path: Path, sql: str) -> list[tuple[object, ...]]:
    """What a reader is told that may write nothing, as `datasette -i` is."""
    with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as db:
        return db.execute(sql).fetchall()


def test_a_copy_is_one_file_in_which_can_be_searched(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    assert write(kept, path) == len(ARTICLES)
    assert {one.name for one in tmp_path.iterdir()} == {"copy.db"}
    assert asked(path, "PRAGMA journal_mode") == [("delete",)]
    assert asked(path, "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'zither'") == [(4,)]
    assert asked(path, "SELECT COUNT(*) FROM candidates") != [(0,)]
    assert asked(path, "PRAGMA integrity_check") == [("ok",)]


def test_it_is_made_while_somebody_writes(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET section = 'World'")
        write(data, tmp_path / "copy.db")
    assert asked(tmp_path / "copy.db", "SELECT DISTINCT section FROM articles") == [("",)]


def test_a_public_copy_has_nothing_that_is_its_operators_alone(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    with closing(Archive.open(data)) as archive:
        archive.topics.ensure("talks", "Peace talks", 'sources = ["https://feed.example/?key=S3CRET"]')
        archive.answers.give(1, 1, "yes", "2019-03-14T00:00:00Z")
    path = tmp_path / "copy.db"
    write(data, path, is_public=True)
    for table in OPERATION:
        assert asked(path, f"SELECT COUNT(*) FROM {table}") == [(0,)], table
    assert asked(path, "SELECT COUNT(*) FROM articles") == [(len(ARTICLES),)]
    assert asked(path, "SELECT COUNT(*) FROM records WHERE article_id IS NULL") == [(0,)]
    assert asked(path, "SELECT DISTINCT answer FROM article_topics") == [("",)]
    assert asked(path, "PRAGMA foreign_key_check") == []
    assert asked(path, "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'zither'") == [(4,)]
    for secret in (b"S3CRET", b"slow.example", b"closed.example", b"feed.xml"):
        assert secret not in path.read_bytes(), "it is in no page of the file, free ones included"


def test_a_damaged_archive_gives_no_copy(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    with (data / "news.db").open("r+b") as file:
        file.seek(8192)
        file.write(b"\xff" * 40_000)
    with pytest.raises(StoreError):
        write(data, tmp_path / "copy.db")
