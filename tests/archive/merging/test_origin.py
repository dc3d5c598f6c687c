from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.merging.origin import OriginError, is_sound, opened
from archive.queries import NEWEST
from tests.filling import fill
from tests.machines import LATEST


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("filled"))


def refusal(folder: Path, into: Path) -> str:
    with pytest.raises(OriginError) as error, opened(folder, into, LATEST):
        pass
    return str(error.value)


def test_what_cannot_be_merged_is_told_with_a_mend(filled: Path, tmp_path: Path) -> None:
    assert "there is no such folder" in refusal(tmp_path / "nowhere", filled)
    assert "holds no archive (news.db)" in refusal(tmp_path, filled)
    assert "is this archive itself" in refusal(filled, filled)
    (tmp_path / "link").symlink_to(filled)
    assert "is this archive itself" in refusal(tmp_path / "link", filled)


def test_an_archive_of_another_release_is_told_apart(filled: Path, tmp_path: Path) -> None:
    for name, told in (
        ("older", f"dossier --data {tmp_path / 'older'} rescore --dry-run"),
        ("newer", "update this one"),
    ):
        folder = shutil.copytree(filled, tmp_path / name)
        db = sqlite3.connect(folder / "news.db")
        db.execute(
            "UPDATE _sqlite_migrations SET name = ? WHERE name = ?", ["m008_x" if name == "older" else "m999", NEWEST]
        )
        if name == "older":
            db.execute("DELETE FROM _sqlite_migrations WHERE name > 'm008_x'")
        db.commit()
        db.close()
        assert told in refusal(folder, filled)


def test_it_is_only_read_and_of_one_moment(filled: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(filled, tmp_path / "other")
    with opened(folder, filled, LATEST) as origin:
        before = origin.rows("SELECT COUNT(*) FROM articles")
        with pytest.raises(sqlite3.OperationalError):
            origin.db.execute("DELETE FROM events")
        db = sqlite3.connect(folder / "news.db")
        db.execute("DELETE FROM events")
        db.execute("INSERT INTO outlets (domain) VALUES ('later.example')")
        db.commit()
        db.close()
        assert origin.rows("SELECT COUNT(*) FROM articles") == before
        assert origin.rows("SELECT 1 FROM outlets WHERE domain = 'later.example'") == []


def read_all(folder: Path, into: Path) -> None:
    with opened(folder, into, LATEST) as origin:
        for table in ("articles", "candidates", "records", "runs"):
            origin.rows(f"SELECT * FROM {table}")


def test_a_damaged_one_says_so(filled: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(filled, tmp_path / "damaged")
    path = folder / "news.db"
    body = bytearray(path.read_bytes())
    body[8192:] = b"\xa5" * (len(body) - 8192)
    path.write_bytes(bytes(body))
    with pytest.raises(StoreError, match="is damaged"):
        read_all(folder, filled)


@pytest.mark.parametrize(
    ("value", "kind", "sound"),
    [
        ("https://a.example/x", "u", True), ("javascript:alert(1)", "u", False), ("https://a.example/ x", "u", False),
        ("https://" + "a" * 9000, "u", False), ("2021-08-15T12:00:00Z", "w", True),
        ("2999-08-15T12:00:00Z", "w", False),
        ("2999-08-15T12:00:00Z", "l", True), ("yesterday", "l", False), (None, "w", False), (None, "W", True),
        ("a" * 20_001, "t", False), ("a" * 20_001, "b", True), (b"bytes", "t", False), (7, "t", False), (7, "i", True),
        ("7", "i", False), (0.5, "f", True), (float("nan"), "f", False), (float("inf"), "f", False),
        (b"12345678", "h", True), (b"1234567", "h", False), ("text", "h", False),
        ("2021-06-31T12:00:00Z", "l", False), ("[[1]]", "j", True), ("{}", "j", False),
        ("[" * 100_000, "j", False), ("x", "j", False), (10**15, "i", False), (-(1 << 63), "i", False),
        ("2021-09-07T00:00:00Z", "r", True), ("2021-10-01T00:00:00Z", "r", False), ("later", "r", False),
        (10_080, "p", True), (0, "p", False), (10**9, "p", False), (None, "P", True),
    ],
)  # fmt: skip
def test_values_are_what_an_archive_writes(value: object, kind: str, sound: bool) -> None:
    assert is_sound(value, kind, "2021-09-01T00:00:00Z") is sound


def test_rows_that_no_archive_writes_are_counted(filled: Path, tmp_path: Path) -> None:
    with opened(filled, tmp_path, LATEST) as origin:
        assert origin.sound([(1, "x"), ("1", "x")], "it") == [(1, "x")]
        assert origin.refused == 1


@pytest.mark.parametrize("table", ["candidates", "articles", "_sqlite_migrations"])
def test_what_is_no_table_is_never_read_since_it_may_go_on_for_ever(filled: Path, tmp_path: Path, table: str) -> None:
    folder = shutil.copytree(filled, tmp_path / "hostile")
    db = sqlite3.connect(folder / "news.db")
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    db.execute("PRAGMA legacy_alter_table = ON")
    db.execute(f"ALTER TABLE {table} RENAME TO away")
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
    db.execute(f"CREATE VIEW {table} AS {endless} SELECT {', '.join(f'x AS {name}' for name in columns)} FROM c")
    db.commit()
    db.close()
    assert f"{table} is not the table" in refusal(folder, filled)


def test_a_column_that_is_computed_is_never_read_since_it_may_be_of_any_size(filled: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(filled, tmp_path / "hostile")
    db = sqlite3.connect(folder / "news.db")
    db.execute("ALTER TABLE outlets ADD COLUMN extra AS (hex(zeroblob(400000000)))")
    db.commit()
    db.close()
    assert "outlets is not the table" in refusal(folder, filled)
