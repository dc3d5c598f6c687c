from __future__ import annotations

import errno
import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.exports.target import MARK, new_folder, write_file


def broken() -> Iterator[bytes]:
    yield b"half"
    raise KeyboardInterrupt


def test_a_file_has_its_name_when_it_is_whole_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"

    def pieces() -> Iterator[bytes]:
        yield b"one "
        assert not path.exists()
        yield b"two"

    write_file(path, pieces())
    assert path.read_bytes() == b"one two"
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("is_forced", [False, True])
def test_one_that_breaks_off_leaves_what_was_there(tmp_path: Path, is_forced: bool) -> None:
    path = tmp_path / "a.csv"
    if is_forced:
        path.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        write_file(path, broken(), is_forced=is_forced)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"before"] * is_forced


def test_a_file_that_is_there_is_replaced_only_where_that_is_forced(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"before")
    with pytest.raises(StoreError, match="--force"):
        write_file(path, [b"after"])
    assert path.read_bytes() == b"before"
    write_file(path, [b"after"], is_forced=True)
    assert path.read_bytes() == b"after"
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_what_a_killed_export_left_is_written_over(tmp_path: Path) -> None:
    for name in (".a.csv.exporting", ".a.csv.exporting-journal", ".a.csv.lock"):
        (tmp_path / name).write_bytes(b"left")
    write_file(tmp_path / "a.csv", [b"whole"])
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]
    (tmp_path / ".notes.exporting" / "2019").mkdir(parents=True)
    with new_folder(tmp_path / "notes") as folder:
        assert not list(folder.iterdir())
    assert {one.name for one in tmp_path.iterdir()} == {"a.csv", "notes"}


def test_two_exports_do_not_write_one_file(tmp_path: Path) -> None:
    with (tmp_path / ".a.csv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreError, match="another export"):
            write_file(tmp_path / "a.csv", [b"x"])


@pytest.mark.parametrize("place", ["missing/a.csv", "a.txt/b.csv"])
def test_where_nothing_can_be_written_it_says_so(tmp_path: Path, place: str) -> None:
    (tmp_path / "a.txt").write_text("a file")
    with pytest.raises(StoreError, match=r"cannot be opened"):
        write_file(tmp_path / place, [b"x"])


def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StoreError, match="full") as caught:
        write_file(tmp_path / "a.csv", pieces())
    assert caught.value.kind == "full"
    assert not list(tmp_path.iterdir())


def test_a_folder_is_replaced_only_where_an_export_made_it(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.mkdir()
    with new_folder(path) as folder:
        (folder / "index.md").write_text(f"{MARK}---\n", encoding="utf-8")
    with pytest.raises(StoreError, match="--force"), new_folder(path):
        pass
    with new_folder(path, is_forced=True) as folder:
        (folder / "other.md").write_text("mine", encoding="utf-8")
    assert [one.name for one in path.iterdir()] == ["other.md"]
    with pytest.raises(StoreError, match="not of an export's making"), new_folder(path, is_forced=True):
        pass
    assert (path / "other.md").read_text(encoding="utf-8") == "mine"
    for is_forced in (False, True):
        with pytest.raises(StoreError, match="is a f"), new_folder(path / "other.md", is_forced=is_forced):
            pass
    with pytest.raises(StoreError, match="is a folder"):
        write_file(path, [b"x"], is_forced=True)


def test_a_folder_that_is_replaced_is_whole_until_then_and_comes_back_where_that_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    with new_folder(path) as folder:
        (folder / "index.md").write_text(f"{MARK}---\n", encoding="utf-8")
    path.rename(tmp_path / ".notes.going")  # as a process leaves it that is killed between two names
    (tmp_path / ".notes.exporting").mkdir()
    with pytest.raises(StoreError, match="--force"), new_folder(path):
        pass
    assert (path / "index.md").is_file()
    with new_folder(path, is_forced=True) as folder:
        (folder / "index.md").write_text("new", encoding="utf-8")
    (tmp_path / ".notes.going").mkdir()  # as one that is killed after it
    with pytest.raises(StoreError, match="--force"), new_folder(path):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["notes"]
    assert (path / "index.md").read_text(encoding="utf-8") == "new"
