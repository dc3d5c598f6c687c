"""WARC files without the records that left: written beside the old ones, and put in their place with the rows.

Killed in between, files and rows tell the same: the old file lies there until the rows name the new one, and whoever
comes next takes away the one that no row names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from archive.disk import sync
from archive.errors import StoreError, refused
from archive.members import information, member_end
from archive.pruning.note import Note, Place
from archive.warc import LEVEL, software

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

CHUNK = 1024 * 1024
BUILDING = ".pruning"  # after the name of a file that is being written

NAMED = "SELECT warc_offset, warc_length FROM records WHERE warc_file = ? ORDER BY warc_offset"
IS_NAMED = "SELECT EXISTS (SELECT 1 FROM records WHERE warc_file = ?)"
MOVE = """
UPDATE records SET warc_file = :new, warc_offset = warc_offset + :shift
WHERE warc_file = :old AND warc_offset >= :begin AND warc_offset < :end
"""
_NAME = re.compile(r"dossier-([0-9]{14})-([0-9]{5})\.warc\.gz")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file that stays: from where to where, and how far it moves."""

    begin: int
    end: int
    shift: int


def free(archive: Archive, note: Note, now: datetime) -> int:
    """How many bytes were freed: every file with records that are noted and that no row names is written anew.

    StoreError where the disk refuses; what was not done is done next time.
    """
    folder = archive.folder / "warc"
    freed = 0
    try:
        with archive.reading() as db:
            _take_away(db, folder, note)
        for file, places in sorted(note.places().items()):
            freed += _without(archive, note, folder, file, places, now)
        note.clear()
    except OSError as error:
        raise refused(folder, error) from error
    return freed


def _take_away(db: Database, folder: Path, note: Note) -> None:
    """Take away the files that were replaced, and those that did not come to replace any or were never finished.

    Where rows name both, a crawl came between and went on in the new one: then the old one holds what no other does.
    """
    for left in folder.glob(f"*{BUILDING}"):
        if _NAME.fullmatch(left.name.removesuffix(BUILDING)):
            left.unlink(missing_ok=True)
    for old, new in note.replaced():
        if not (_NAME.fullmatch(old) and _NAME.fullmatch(new)):
            continue
        if not _is_named(db, old) and _is_named(db, new):
            (folder / old).unlink(missing_ok=True)
        elif (folder / old).exists() and not _is_named(db, new):
            (folder / new).unlink(missing_ok=True)


def _without(archive: Archive, note: Note, folder: Path, file: str, places: Sequence[Place], now: datetime) -> int:
    """Write one file anew without the records that left; how many bytes that freed."""
    path = folder / file
    name = _NAME.fullmatch(file)
    if name is None or not path.is_file():
        return 0
    with archive.reading() as db:
        gone = _gone(db, file, places, path.stat().st_size)
    if not gone:
        return 0
    new = folder / _next_name(folder, name[2], now)
    building = new.with_name(new.name + BUILDING)
    with path.open("rb") as old:
        size = old.seek(0, os.SEEK_END)
        head = _head(old, gone[0].offset)
        about = information(new.name, software(), LEVEL) if head else b""
        pieces = _kept(gone, head, size, len(about))
        if not pieces:
            path.unlink()
            sync(folder)
            return size
        try:
            _copy(old, building, about, pieces)
            note.replacing(file, new.name)
            building.rename(new)
        finally:
            building.unlink(missing_ok=True)
    sync(folder)
    with archive.writing() as db:
        for piece in pieces:
            values = {"old": file, "new": new.name, "begin": piece.begin, "end": piece.end, "shift": piece.shift}
            db.execute(MOVE, values)
    if archive.db.execute(IS_NAMED, [file]).fetchone()[0]:
        raise StoreError(
            f"{path}: the archive names records in it that overlap; `dossier doctor` tells which", "corrupt"
        )
    freed = size - new.stat().st_size
    path.unlink()
    sync(folder)
    return freed


def _gone(db: Database, file: str, places: Sequence[Place], size: int) -> list[Place]:
    """Of noted places those that are there and that no row touches: a crawl may have cut them off and gone on there."""
    named = [(offset, offset + length) for offset, length in db.execute(NAMED, [file]).fetchall()]
    found: list[Place] = []
    at = 0
    for place in places:
        while at < len(named) and named[at][1] <= place.offset:
            at += 1
        end = place.offset + place.length
        is_free = end <= size and (at == len(named) or named[at][0] >= end)
        if is_free and (not found or found[-1].offset + found[-1].length <= place.offset):
            found.append(place)
    return found


def _kept(gone: Sequence[Place], head: int, size: int, about: int) -> list[Piece]:
    """What stays of a file behind its first member, in order."""
    pieces, begin, shift = [], head, about - head
    for place in gone:
        if place.offset > begin:
            pieces.append(Piece(begin, place.offset, shift))
        shift -= place.offset + place.length - max(begin, place.offset)
        begin = place.offset + place.length
    if begin < size:
        pieces.append(Piece(begin, size, shift))
    return pieces


def _head(file: BinaryIO, first: int) -> int:
    """Where the member ends that says who wrote a file; 0 where it has none before its first record."""
    try:
        end = member_end(file, 0) or 0
    except ValueError:
        return 0
    return end if end <= first else 0


def _copy(old: BinaryIO, path: Path, about: bytes, pieces: Sequence[Piece]) -> None:
    with path.open("wb") as file:
        file.write(about)
        for piece in pieces:
            old.seek(piece.begin)
            left = piece.end - piece.begin
            while left and (chunk := old.read(min(left, CHUNK))):
                file.write(chunk)
                left -= len(chunk)
            if left:
                raise StoreError(f"{old.name} ends before its records do; take it from a backup", "corrupt")
    sync(path)


def _next_name(folder: Path, serial: str, now: datetime) -> str:
    """A name that no file has, in the place of the old one among all: the newest file is the one with most serial."""
    while (folder / (name := f"dossier-{now:%Y%m%d%H%M%S}-{serial}.warc.gz")).exists():
        now += timedelta(seconds=1)
    return name


def _is_named(db: Database, file: str) -> bool:
    return bool(db.execute(IS_NAMED, [file]).fetchone()[0])
