"""Older snapshots, as far as they can be read: what a new one is compared with."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from archive.snapshots.files import ZIPPED, opened, sha256_of
from archive.snapshots.lines import cells

SUMS = "SHA256SUMS"
FILE = "articles.csv"
LONGEST = 1 << 28  # bytes of a row; an article has far less


class BaseFaultError(Exception):
    """A snapshot cannot be compared with; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The names of a file's columns, and its rows as they stand there, without their ends."""

    names: list[str]
    lines: Iterator[bytes]


@contextmanager
def articles_of(folder: Path) -> Iterator[Rows]:
    """The articles of a snapshot; BaseFaultError where they are damaged, now or while they are read."""
    path = next((path for path in (folder / FILE, folder / (FILE + ZIPPED)) if path.is_file()), None)
    if path is None:
        raise BaseFaultError(f"{folder.name} has no {FILE}")
    with _damage(path):
        check(path)
        file = opened(path)
    with closing(file):
        lines = _lines(path, file.readline)
        yield Rows(names=values(next(lines, b"")), lines=lines)


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """What goes wrong in reading a file is a fault of it."""
    try:
        yield
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise BaseFaultError(f"{path.parent.name}/{path.name} is damaged ({error})") from error


def _lines(path: Path, readline: Callable[[int], bytes]) -> Iterator[bytes]:
    # Not around the caller's work: that a new file cannot be written is no fault of the old one.
    with _damage(path):
        yield from whole_lines(readline)


def check(path: Path) -> None:
    """BaseFaultError where a file is not the one that its snapshot was finished with. Older releases wrote no sums."""
    sums = path.with_name(SUMS)
    if not sums.is_file():
        return
    lines = sums.read_text("utf-8").splitlines()
    if f"{sha256_of(path)}  {path.name}" not in lines:
        raise BaseFaultError(f"{path.parent.name}/{path.name} is damaged (it is not what its {SUMS} says)")


def whole_lines(readline: Callable[[int], bytes]) -> Iterator[bytes]:
    """Rows, which may go over several lines: one ends where all quotes are closed."""
    kept: list[bytes] = []
    size = 0
    while line := readline(LONGEST):
        is_whole = line.count(b'"') % 2 == bool(kept)  # no quote is open where the line ends
        if is_whole and not kept:
            yield line.rstrip(b"\r\n")
            continue
        kept.append(line)
        size += len(line)
        if is_whole:
            yield b"".join(kept).rstrip(b"\r\n")
            kept, size = [], 0
        elif size >= LONGEST:
            raise BaseFaultError("a quote is never closed")
    if kept:
        raise BaseFaultError("its last row is cut off")


def values(line: bytes) -> list[str]:
    """The cells of a row; BaseFaultError where it is none."""
    try:
        return cells(line.decode())
    except ValueError as error:
        raise BaseFaultError(str(error)) from error
