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

LATEST = "latest"
_BUILDING, _GOING, _POINTER = ".building", ".going", ".latest"
LOCK = ".lock"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD


@contextmanager
def alone(root: Path) -> Iterator[Path]:
    """A new folder to build in, while no other process builds one; what a killed one left behind is put right."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tidied(root)
        building = root / _BUILDING
        building.mkdir()
        try:
            yield building
        finally:
            shutil.rmtree(building, ignore_errors=True)


def tidied(root: Path) -> None:
    """Remove what a killed snapshot left; a day whose folder had not changed places yet gets its old one back."""
    for left in root.glob(f"{_GOING}-*"):
        day = left.name.removeprefix(f"{_GOING}-")
        if _DAY.fullmatch(day) and not (root / day).exists():
            left.rename(root / day)
        else:
            shutil.rmtree(left, ignore_errors=True)
    shutil.rmtree(root / _BUILDING, ignore_errors=True)
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
    shutil.rmtree(going, ignore_errors=True)


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


def point(root: Path) -> str:
    """Let the pointer name the newest snapshot, in one step; the day. Without links, it is a file of one line."""
    newest, made = days(root)[-1], root / _POINTER
    made.unlink(missing_ok=True)
    try:
        made.symlink_to(newest, target_is_directory=True)
    except OSError:
        made.write_text(f"{newest}\n", encoding="ascii")
    made.replace(root / LATEST)
    sync(root)
    return newest


def pointed(root: Path) -> str:
    """The day that the pointer names, empty where there is none."""
    pointer = root / LATEST
    found = ""
    with suppress(OSError, ValueError):
        found = str(pointer.readlink()) if pointer.is_symlink() else pointer.read_text(encoding="ascii").strip()
    return found if _DAY.fullmatch(found) else ""


def thinned(root: Path, most: int, needed: Collection[str]) -> list[str]:
    """The days whose snapshots were removed so that the newest `most` stay, and those that are `needed`."""
    removed = [day for day in days(root)[:-most] if day not in needed]
    for day in removed:
        going = root / f"{_GOING}-{day}.old"  # a name that is never given back
        (root / day).rename(going)
        shutil.rmtree(going)
    return removed
