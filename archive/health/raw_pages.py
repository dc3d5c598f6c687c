"""The pages of a database file as bytes, with what its log has of them: for a file that SQLite reads no more."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

MAGIC = b"SQLite format 3\x00"
USUAL = 4096  # bytes of a page, where nothing says otherwise
HEAD = 100  # bytes of the first page before its rows
_WAL_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
_FRAME = 24
_SIZES = frozenset(2**power for power in range(9, 17))


class RawPages:
    """Every page of a database by its number from 1, as its last commit left it."""

    def __init__(self, file: BinaryIO, log: BinaryIO | None) -> None:
        self.file = file
        self.log = log
        head = file.read(HEAD)
        self.is_headed = head.startswith(MAGIC)
        self.size = page_size(head, log)
        self.usable = self.size - (head[20] if self.is_headed and head[20] < self.size // 8 else 0)
        self.count = (file.seek(0, 2) + self.size - 1) // self.size
        self.newer: dict[int, int] = {}
        if log is not None:
            self.newer = committed(log, self.size)
            self.count = max(self.count, *self.newer, 0) if self.newer else self.count
        self.is_headed = self.page(1).startswith(MAGIC)

    def page(self, number: int) -> bytes:
        """A page; empty where there is none, or where the disk does not give it."""
        if not 0 < number <= self.count:
            return b""
        source, place = (self.file, (number - 1) * self.size)
        if number in self.newer and self.log is not None:
            source, place = self.log, self.newer[number]
        try:
            source.seek(place)
            page = source.read(self.size)
        except OSError:
            return b""
        return page if len(page) == self.size else b""

    def free(self) -> set[int]:
        """The pages that hold nothing any more, as far as their list can be read."""
        found: set[int] = set()
        trunk = number_at(self.page(1), 32) if self.is_headed else 0
        while trunk and trunk not in found and (page := self.page(trunk)):
            found.add(trunk)
            count = min(number_at(page, 4), (self.usable - 8) // 4)
            found.update(struct.unpack_from(f">{count}I", page, 8))
            trunk = number_at(page, 0)
        return found


def number_at(page: bytes, place: int) -> int:
    """Four bytes of a page as a number; 0 behind its end."""
    return int.from_bytes(page[place : place + 4], "big")


def page_size(head: bytes, log: BinaryIO | None) -> int:
    """How long a page is, by the file's own beginning, else by its log's, else as usual."""
    told = []
    if head.startswith(MAGIC) and len(head) >= 18:
        told.append(int.from_bytes(head[16:18], "big"))
    if log is not None:
        log.seek(0)
        told.append(number_at(log.read(32), 8))
    for size in told:
        if (real := 65_536 if size == 1 else size) in _SIZES:
            return real
    return USUAL


def committed(log: BinaryIO, size: int) -> dict[int, int]:
    """Where in a log the last committed bytes of each page lie that it has."""
    log.seek(0)
    head = log.read(32)
    order = _WAL_MAGIC.get(number_at(head, 0))
    if order is None or len(head) < 32 or number_at(head, 8) != size:
        return {}
    found: dict[int, int] = {}
    held: dict[int, int] = {}
    for number, is_commit, place in frames(log, size, head, order):
        held[number] = place
        if is_commit:
            found.update(held)
            held = {}
    return found


def frames(log: BinaryIO, size: int, head: bytes, order: str) -> Iterator[tuple[int, bool, int]]:
    """The frames of a log up to the first that is not whole: page, whether it ends a commit, place of its bytes."""
    sums = summed(head[:24], (0, 0), order)
    place = len(head)
    while len(frame := log.read(_FRAME + size)) == _FRAME + size and frame[8:16] == head[16:24]:
        sums = summed(frame[:8] + frame[_FRAME:], sums, order)
        if sums != (number_at(frame, 16), number_at(frame, 20)):
            return
        yield number_at(frame, 0), number_at(frame, 4) != 0, place + _FRAME
        place += _FRAME + size


def summed(data: bytes, before: tuple[int, int], order: str) -> tuple[int, int]:
    """SQLite's checksum of a log, gone on with."""
    one, two = before
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for place in range(0, len(words), 2):
        one = (one + words[place] + two) & 0xFFFFFFFF
        two = (two + words[place + 1] + one) & 0xFFFFFFFF
    return one, two


def opened_pages(path: Path) -> tuple[BinaryIO, BinaryIO | None]:
    """A database file and its log, None where it has none."""
    log = path.with_name(f"{path.name}-wal")
    return path.open("rb"), log.open("rb") if log.is_file() else None
