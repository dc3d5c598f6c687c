"""Where an export goes: a file or a folder that is there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.disk import sync
from archive.errors import StoreError, refused
from archive.exports.markdown import GENERATOR, quoted
from archive.lock import HeldError, Lock

MARK = f"---\ngenerator: {quoted(GENERATOR)}\n"
"""How `index.md` of a folder begins that an export made."""


@contextmanager
def new_file(path: Path, *, is_forced: bool = False) -> Iterator[Path]:
    """A path beside `path` to write to, which gets its name when all is written; else nothing is left of it.

    StoreError where there is such a file already and it is not `is_forced`, where another export writes it, or where
    the disk refuses. What a killed export left is written over.
    """
    with _faults(path), _held(path):
        if not is_forced and path.exists():
            raise StoreError(f"{path} is there already; name another file, or give --force to replace it", "readonly")
        if path.is_dir():
            raise StoreError(f"{path} is a folder; name a file", "readonly")
        building = _building(path)
        try:
            _clear(building)
            yield building
            sync(building)
            building.replace(path)
            sync(path.parent)
        finally:
            _clear(building)


def write_file(path: Path, pieces: Iterable[bytes], *, is_forced: bool = False) -> None:
    """Write the pieces to a file, all of them or nothing."""
    with new_file(path, is_forced=is_forced) as building, building.open("wb") as file:
        file.writelines(pieces)


@contextmanager
def new_folder(path: Path, *, is_forced: bool = False) -> Iterator[Path]:
    """The same for a folder. Only an empty one is replaced or, where that is forced, one that an export made."""
    with _faults(path), _held(path):
        _put_right(path)
        _see_that_it_may_go(path, is_forced=is_forced)
        building = _building(path)
        try:
            _clear(building)
            building.mkdir()
            yield building
            for one in (*building.iterdir(), building):
                sync(one)
            _put_in_place(building, path)
        finally:
            _clear(building)


def _see_that_it_may_go(path: Path, *, is_forced: bool) -> None:
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if not path.is_dir():
        raise StoreError(f"{path} is a file; this form is a folder: name a new one", "readonly")
    if not is_forced:
        raise StoreError(f"{path} is there already; name another folder, or give --force to replace it", "readonly")
    index = path / "index.md"
    if not index.is_file() or not index.read_bytes().startswith(MARK.encode()):
        raise StoreError(f"{path} is not of an export's making, so it is not replaced; name a new folder", "readonly")


def _put_in_place(building: Path, path: Path) -> None:
    """Give a folder its name. The one that had it lies beside it until then: it is whole, or not there."""
    going = _going(path)
    if path.exists() or path.is_symlink():
        path.rename(going)
    building.rename(path)
    sync(path.parent)
    _clear(going)


def _put_right(path: Path) -> None:
    """Give back its name to a folder that a killed export was about to replace; remove one that it has replaced."""
    going = _going(path)
    if not path.exists() and going.is_dir():
        going.rename(path)
    _clear(going)


def _going(path: Path) -> Path:
    return path.with_name(f".{path.name}.going")


def _building(path: Path) -> Path:
    return path.with_name(f".{path.name}.exporting")


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Hold the lock of a target, which dies with its process."""
    lock = Lock(path.with_name(f".{path.name}.lock"))
    try:
        lock.take()
        is_ours = lock.path.exists() and os.fstat(lock.fd).st_ino == lock.path.stat().st_ino
    except HeldError:
        is_ours = False
    try:
        if not is_ours:  # held, or given back and taken away between two steps of ours
            raise StoreError(f"{path} is being written by another export; wait for it", "locked")
        try:
            yield
        finally:
            lock.path.unlink(missing_ok=True)
    finally:
        lock.release()


def _clear(path: Path) -> None:
    """Take away a file or a folder, where there is one, with what SQLite puts beside a database."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
        return
    for beside in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise refused(path, error) from error
