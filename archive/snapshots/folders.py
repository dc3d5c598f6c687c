"""The folder of snapshots: each appears whole under its day, and a pointer names the newest."""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from archive.disk import sync
from archive.errors import StoreError
from archive.lock import ArchiveBusy
from archive.snapshots.bases import FILE
from archive.snapshots.datapackage import NAME as DESCRIPTOR
from archive.snapshots.files import ZIPPED

LATEST = "latest"
_BUILDING, _GOING, _POINTER = ".building", ".going", ".latest"
LOCK = ".lock"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD


@contextmanager
def alone(root: Path) -> Iterator[Path]:
    """A new folder to build in, while no other process builds one; what a killed one left behind is put right.

    ArchiveBusy where another process does.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ArchiveBusy(f"another snapshot is being written into {root}; wait for it") from error
        tidied(root)
        building = root / _BUILDING
        building.mkdir()
        try:
            yield building
        finally:
            _discard(building)


def tidied(root: Path) -> None:
    """Remove what a killed snapshot left; a day whose folder had not changed places yet gets its old one back."""
    for left in root.glob(f"{_GOING}-*"):
        day = left.name.removeprefix(f"{_GOING}-")
        if _DAY.fullmatch(day) and not (root / day).exists():
            left.rename(root / day)
        else:
            _discard(left)
    _discard(root / _BUILDING)
    pointer = root / LATEST
    if pointer.is_dir() and not pointer.is_symlink():  # copied with its links followed
        raise StoreError(f"{pointer} is a folder and should be a link to one: remove it, and run this again")
    (root / _POINTER).unlink(missing_ok=True)


def keep(building: Path, target: Path) -> None:
    """Give a finished folder, which is on disk, its name; a reader sees the old one or the new one, whole."""
    going = target.with_name(f"{_GOING}-{target.name}")
    if not target.exists():
        building.rename(target)
    elif not exchanged(building, target):
        target.rename(going)
        building.rename(target)
    sync(target.parent)
    _discard(going)


def replaceable(target: Path) -> None:
    """StoreError where a folder has the name of a snapshot and holds something else, which is not ours to remove."""
    if target.exists() and not is_snapshot(target) and not (target.is_dir() and not any(target.iterdir())):
        raise StoreError(f"{target} is there and holds no snapshot: give it another name, and run this again")


def is_snapshot(folder: Path) -> bool:
    """Whether a folder holds a snapshot, or what somebody has left of it."""
    return any((folder / name).is_file() for name in (FILE, FILE + ZIPPED, DESCRIPTOR))


def _discard(path: Path) -> None:
    """Remove a folder, or only the link to one."""
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def exchanged(one: Path, other: Path) -> bool:
    """Whether two folders changed names in one step, which Linux can and most others cannot."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    return renameat2 is not None and renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0


def days(root: Path) -> list[str]:
    """The days of all snapshots, oldest first."""
    try:
        return sorted(path.name for path in root.iterdir() if _DAY.fullmatch(path.name) and path.is_dir())
    except OSError:
        return []


def point(root: Path, day: str) -> None:
    """Let the pointer name a snapshot, in one step. Without links, it is a file of one line."""
    made = root / _POINTER
    made.unlink(missing_ok=True)
    try:
        made.symlink_to(day, target_is_directory=True)
    except OSError:
        made.write_text(f"{day}\n", encoding="ascii")
    made.replace(root / LATEST)
    sync(root)


def pointed(root: Path) -> str:
    """The day that the pointer names, empty where there is none."""
    pointer = root / LATEST
    found = ""
    with suppress(OSError, ValueError):
        found = str(pointer.readlink()) if pointer.is_symlink() else pointer.read_text(encoding="ascii").strip()
    return found if _DAY.fullmatch(found) else ""


def thinned(root: Path, most: int, needed: Collection[str]) -> list[str]:
    """The days whose snapshots were removed so that the newest `most` stay, and those that are `needed`.

    Folders that hold no snapshot stay, and so does what a link leads to.
    """
    known = [day for day in days(root) if is_snapshot(root / day) and not (root / day).is_symlink()]
    removed = [day for day in known[:-most] if day not in needed]
    for day in removed:
        going = root / f"{_GOING}-{day}.old"  # a name that is never given back
        (root / day).rename(going)
        shutil.rmtree(going)
    return removed
