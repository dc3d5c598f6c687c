"""The bytes of pages, from the WARC files of one archive into those of another, as they lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive import members
from archive.errors import StoreError
from archive.merging.origin import Origin
from archive.records import insert_record
from archive.rows import RecordRow
from archive.warc import TAIL, WarcFiles, read_member

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

Fetch = tuple[str, str, int, str]
"""What a record is known by in every archive: time, digest, status, URL."""

MISSED = 10  # records that could not be had, that are named

RECORDS = """
SELECT id, fetched, digest, status, url, warc_file, warc_offset, warc_length FROM records
WHERE id > ? ORDER BY id LIMIT ?
"""
FIND = "SELECT id FROM records WHERE digest = ? AND fetched = ? AND status = ? AND url = ? ORDER BY id LIMIT 1"


@dataclass(slots=True)
class Copying:
    """What became of the records of an archive; `missed` names the first that are damaged or gone, and why."""

    copied: int = 0
    damaged: int = 0
    missed: list[tuple[str, str]] | None = None

    def lost(self, url: str, reason: str) -> None:
        """Count a record that could not be had."""
        self.damaged += 1
        self.missed = self.missed or []
        if len(self.missed) < MISSED:
            self.missed.append((url, reason))


def find_record(db: Database, fetch: Sequence[Any] | None) -> int | None:
    """The id here of a fetch that is known by time, digest, status and URL; None where its bytes are not here."""
    if fetch is None or fetch[0] is None:
        return None
    fetched, digest, status, url = fetch
    row = db.execute(FIND, [digest, fetched, status, url]).fetchone()
    return None if row is None else int(row[0])


def join_records(
    archive: Archive, origin: Origin, files: WarcFiles, told: Callable[[int], None], *, dry: bool = False
) -> Copying:
    """Copy what is not here yet, so many records a transaction as a killed one may leave behind its last.

    What is damaged is left out, and the rest goes on. `told` hears how many were looked at.
    """
    copying = Copying()
    for batch in origin.batches(RECORDS, TAIL):
        with archive.reading() as db:
            rows = origin.sound(batch, "iwtiutii")
            new = [row for row in rows if find_record(db, row[1:5]) is None]
        if dry:
            copying.copied += len(new)
        elif new:
            _copy(archive, origin, files, new, copying)
        told(len(batch))
    return copying


def _copy(
    archive: Archive, origin: Origin, files: WarcFiles, rows: Sequence[tuple[Any, ...]], copying: Copying
) -> None:
    with archive.writing() as db:
        for _, fetched, digest, status, url, *place in rows:
            if find_record(db, (fetched, digest, status, url)) is not None:
                continue
            try:
                member = whole(origin, digest, *place)
            except StoreError as error:
                copying.lost(url, str(error))
                continue
            row = RecordRow(
                url=url, fetched=fetched, status=status, digest=digest, warc_file="", warc_offset=0, warc_length=0
            )
            insert_record(db, files.take(member, row))
            copying.copied += 1


def whole(origin: Origin, digest: str, file: str, offset: int, length: int) -> bytes:
    """The bytes of a record, read and compared with its digest; StoreError where they are not all there."""
    member = read_member(origin.folder / "warc", file, offset, length)
    try:
        _, body = members.opened(member)
    except ValueError as error:
        raise StoreError(f"{file} at {offset}: {error}", "corrupt") from error
    if body and members.payload_digest(body) != digest:
        raise StoreError(f"{file} at {offset}: these are the bytes of another page", "corrupt")
    return member
