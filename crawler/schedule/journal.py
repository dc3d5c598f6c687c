"""What jobs said: a file each in `logs/`, so many and so large and no more."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

FOLDER = "logs"
FILES = 30
ALL_BYTES = 10_000_000
ONE_BYTES = 2_000_000
SUFFIX = ".log"
_OWN = re.compile(r"[0-9]{8}T[0-9]{6}Z-[a-z]")


def opened(data: Path, kind: str, topic: str, now: datetime) -> Path:
    """The empty file for what a job says; older ones make room. OSError where none can be written."""
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    thin_out(folder, FILES - 1, ALL_BYTES - ONE_BYTES)
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "-_") else "_" for char in topic)[:60]
    path = folder / f"{now:%Y%m%dT%H%M%SZ}-{kind}{'-' * bool(plain)}{plain}{SUFFIX}"
    path.unlink(missing_ok=True)
    path.touch(exist_ok=False)
    return path


def thin_out(folder: Path, files: int, most: int) -> None:
    """Keep so many of the newest files at most, and so many bytes of them; files of others stay."""
    logs = [path for path in folder.glob(f"*{SUFFIX}") if _OWN.match(path.name) and path.is_file()]
    total = 0
    for number, path in enumerate(sorted(logs, key=_written, reverse=True)):
        total += _size(path)
        if number >= files or total > most:
            with suppress(OSError):
                path.unlink()


def cut(path: Path) -> None:
    """Begin a file anew that has grown beyond all measure; its job goes on writing at its end."""
    if _size(path) > ONE_BYTES:
        with suppress(OSError):
            os.truncate(path, 0)
            with path.open("a", encoding="utf-8") as file:
                file.write(f"(what stood here was longer than {ONE_BYTES:,} bytes)\n")


def end_of(path: Path) -> str:
    """The last line of a file that says something, empty where none does."""
    with suppress(OSError), path.open("rb") as file:
        file.seek(max(_size(path) - 4_000, 0))
        lines = [line.strip() for line in file.read(4_000).decode("utf-8", "replace").splitlines()]
        return next((line for line in reversed(lines) if line), "")[:300]
    return ""


def _written(path: Path) -> tuple[float, str]:
    """When a file was written last: its name may be from a clock that was wrong."""
    with suppress(OSError):
        return path.stat().st_mtime, path.name
    return 0.0, path.name


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
