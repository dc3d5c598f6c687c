"""Whatever lies in the place of a database is told in words, and never ends an examination."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.health.salvage import salvaged
from archive.store import Archive
from tests.ailing import (
    ills,
    mended,
    overwrite,
    settled,
    values,
)


def write_text(path: Path) -> None:
    path.write_text("Dear diary\n" * 1000)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 + 100)


def scramble(path: Path) -> None:
    overwrite(path, 100, b"\xa5" * (path.stat().st_size - 100))


def make_another(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


HOSTILE: dict[str, Callable[[Path], None]] = {
    "missing": Path.unlink,
    "empty": lambda path: os.truncate(path, 0),
    "one byte": lambda path: os.truncate(path, 1),
    "a header": lambda path: os.truncate(path, 100),
    "a text": write_text,
    "zeros": lambda path: overwrite(path, 0, bytes(path.stat().st_size)),
    "half of it": cut,
    "scrambled": scramble,
    "a folder": make_folder,
    "of another program": make_another,
    "a wrong page size": lambda path: overwrite(path, 16, b"\x00\x03"),
    "a root that leads to itself": lambda path: overwrite(path, 4096, bytes.fromhex("050000000000ff00000002")),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_lies_in_its_place_is_told_in_words(data: Path, name: str) -> None:
    settled(data)
    HOSTILE[name](data / "news.db")
    found = ills(data, quick=len(name) % 2 == 0)
    assert found
    assert all(one.mend for one in found)
    assert {one.examination for one in found} <= {"database file", "database pages", "schema"}


def test_a_log_that_is_gone_or_torn_ends_no_examination(data: Path) -> None:
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("UPDATE articles SET title = 'Another one' WHERE id = 1")
        db.commit()
        shutil.copytree(data, data.parent / "torn")
        shutil.copytree(data, data.parent / "gone")
    overwrite(data.parent / "torn" / "news.db-wal", 200, b"\xff" * 50)
    (data.parent / "gone" / "news.db-wal").unlink()
    for name in ("torn", "gone"):
        assert {one.examination for one in ills(data.parent / name)} <= {"database pages", "full text"}


def test_a_repair_that_was_killed_near_its_end_is_ended_by_the_next(data: Path) -> None:
    settled(data)
    overwrite(data / "news.db", 4096 * 3, b"\xa5" * 4096)
    before = (data / "news.db").read_bytes()
    for step in salvaged(data, "20260301-120000", lambda *_: None):
        if step.startswith("made again"):
            break
    (data / ".salvage" / "ready").write_text("20260301-120000")
    (data / "news.db").rename(data / "news.db.damaged-20260301-120000")
    (found,) = [one for one in ills(data) if one.examination == "database file"]
    assert "killed" in found.what
    mended(data)
    assert ills(data) == []
    assert (data / "news.db.damaged-20260301-120000").read_bytes() == before
    assert not (data / ".salvage").exists()


def test_what_was_written_since_a_repair_was_killed_at_its_end_is_saved_too(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = shutil.copytree(large, tmp_path / "data")

    def killed(_: Path) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("archive.health.salvage.swapped", killed)
        with pytest.raises(KeyboardInterrupt):
            list(salvaged(data, "20260301-120000", lambda *_: None))
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("UPDATE articles SET title = 'Came in since' WHERE id = 3")
        db.commit()
    list(salvaged(data, "20260301-130000", lambda *_: None))
    assert "Came in since" in values(data, "SELECT title FROM articles")
    assert min(path.name for path in data.glob("news.db.damaged-*")) == "news.db.damaged-20260301-130000"


def test_where_a_repair_was_killed_between_two_names_nobody_makes_another_archive(large: Path, tmp_path: Path) -> None:
    data = shutil.copytree(large, tmp_path / "data")
    (data / ".salvage").mkdir()
    (data / "news.db").rename(data / ".salvage" / "news.db")
    (data / ".salvage" / "ready").write_text("20260301-120000", encoding="ascii")
    with pytest.raises(StoreError, match="doctor --repair"):
        Archive.open(data)
    assert not (data / "news.db").exists()
    list(salvaged(data, "20260301-130000", lambda *_: None))
    Archive.open(data).close()
