"""The WARC files against the rows that say what lies where in them.

Rows are read a few at a time, each look for itself: a crawl may write meanwhile, and what it appends is no fault.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from archive.health.diagnosis import EXAMPLES, RESTORE, Diagnosis, examples, fault, mendable, warning, well
from archive.health.patient import Patient
from archive.health.record_faults import fault_of
from archive.health.samples import places
from archive.health.surroundings import is_held_elsewhere
from archive.members import member_end
from archive.rows import RecordRow
from archive.warc import is_file_name, newest_file
from archive.wording import counted

NAME = "kept bytes"
BATCH = 500  # rows that are read at once
SAMPLE = 200  # records
MOST_MEMBERS = 100_000  # between two records that are counted

FIRST = "SELECT MIN(warc_file) FROM records"
NEXT = "SELECT MIN(warc_file) FROM records WHERE warc_file > ?"
COUNT = "SELECT COUNT(*) FROM records WHERE warc_file = ?"
COLUMNS = "id, url, fetched, status, digest, warc_file, warc_offset, warc_length"
ROWS = f"""
SELECT {COLUMNS} FROM records WHERE warc_file = ? AND (warc_offset, id) > (?, ?) ORDER BY warc_offset, id LIMIT {BATCH}
"""
STILL = "SELECT 1 FROM records WHERE warc_file = ? AND warc_offset = ? AND url = ?"
AT = f"SELECT {COLUMNS} FROM records WHERE id >= ? ORDER BY id LIMIT 1"


@dataclass(slots=True, kw_only=True)
class Found:
    """What was found in all files so far; `kinds` are damaged records by what is wrong, with a few addresses."""

    records: int = 0
    files: int = 0
    size: int = 0
    lost: int = 0
    kinds: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    unnamed: int = 0
    torn: int = 0
    twice: int = 0

    def damaged(self, what: str, row: RecordRow) -> None:
        """Count one record that is not as it should be."""
        self.lost += 1
        count, urls = self.kinds.get(what, (0, []))
        self.kinds[what] = (count + 1, urls if len(urls) > EXAMPLES else [*urls, row.url])


def examine(patient: Patient) -> Iterator[Diagnosis]:
    """Whether the bytes of every record are there, as its row says, and nothing else lies in the files."""
    found = Found()
    if not (patient.data / "warc").is_dir():
        with patient.look() as db:
            count = db.execute("SELECT COUNT(*) FROM records").fetchone()[0]
        yield unfolded(patient.data / "warc", count)
        return
    yield from sampled(patient, found) if patient.is_quick else walked(patient, found)
    for what, (count, urls) in found.kinds.items():
        told = f"{counted(count, 'record')}: {what}{examples(urls)}"
        yield mendable(NAME, told, f"lets go of bytes that are lost ({RESTORE} first, if there is one); articles stay")
    if found.unnamed:
        mend = "leave them; or `dossier merge` the archive that they came from"
        yield warning(NAME, f"{counted(found.unnamed, 'record')} in the files that the archive does not name", mend)
    if found.twice:
        mend = "no byte is lost by it; what is damaged has a line of its own"
        yield warning(NAME, f"{counted(found.twice, 'record')} that two rows name, or that lie over others", mend)
    if found.torn:
        yield well(NAME, f"{counted(found.torn, 'byte')} behind the last record, which the next crawl cuts off")
    if not found.kinds:
        what = f"{counted(found.records, 'record')} in {counted(found.files, 'file')}"
        yield well(NAME, f"{what}, each with the bytes that its digest tells" if found.records else "none are kept")


def unfolded(folder: Path, count: int) -> Diagnosis:
    """What is said where there is no folder of files: a disk that is not there is no reason to let go of anything."""
    if not count:
        return well(NAME, "none are kept")
    what = f"{folder} is not there, and {counted(count, 'record')} of the archive should be in it"
    return fault(NAME, what, f"mount its disk, or {RESTORE}")


def sampled(patient: Patient, found: Found) -> Iterator[Diagnosis]:
    """Look at some records of all, others every day."""
    with patient.look() as db:
        highest = db.execute("SELECT MAX(id) FROM records").fetchone()[0] or 0
        rows = [db.execute(AT, [place]).fetchone() for place in places(patient.now[:10], highest, SAMPLE)]
    wanted = sorted({row[0]: row for row in rows if row}.values(), key=lambda row: (str(row[5]), row[0]))
    files = sorted({str(row[5]) for row in wanted})
    for name in files:
        own = [record_of(row) for row in wanted if str(row[5]) == name]
        yield from in_file(patient, name, len(own), found, iter(own))


def walked(patient: Patient, found: Found) -> Iterator[Diagnosis]:
    """Look at all records of all files, and at what lies between them."""
    newest = newest_file(patient.data / "warc")
    named = files_named(patient)
    for name in named:
        with patient.look() as db:
            count = db.execute(COUNT, [name]).fetchone()[0]
        is_last = name >= newest
        yield from in_file(patient, name, count, found, rows_of(patient, name), is_whole=True, is_last=is_last)
    found.unnamed += unclaimed(patient, named)


def unclaimed(patient: Patient, named: Sequence[str]) -> int:
    """How many records lie in files of which no row says anything; the newest, and what a crawl writes, has time."""
    if is_held_elsewhere(patient.data):
        return 0
    folder = patient.data / "warc"
    known = {*named, newest_file(folder)}
    count = 0
    for path in sorted(path for path in folder.iterdir() if is_file_name(path.name) and path.name not in known):
        patient.progress(f"{NAME}: {path.name}", 0, 0)
        with path.open("rb") as file:
            count += between(file, 0, size_of(file))
    return count


def files_named(patient: Patient) -> list[str]:
    """The files that rows name, in order: from one to the next along the index."""
    names = []
    with patient.look() as db:
        name = db.execute(FIRST).fetchone()[0]
        while name is not None:
            names.append(str(name))
            name = db.execute(NEXT, [name]).fetchone()[0]
    return names


def rows_of(patient: Patient, name: str) -> Iterator[RecordRow]:
    """The records of a file, in the order in which they lie in it."""
    after: tuple[Any, Any] = (-(2**62), 0)
    while True:
        with patient.look() as db:
            rows = db.execute(ROWS, [name, *after]).fetchall()
        yield from map(record_of, rows)
        if len(rows) < BATCH:
            return
        after = (rows[-1][6], rows[-1][0])


def in_file(
    patient: Patient,
    name: str,
    count: int,
    found: Found,
    rows: Iterator[RecordRow],
    *,
    is_whole: bool = False,
    is_last: bool = False,
) -> Iterator[Diagnosis]:
    """Look at records of one file, and with `is_whole` at what else is in it."""
    path = patient.data / "warc" / name
    if not is_file_name(name) or not path.is_file():
        with patient.look() as db:
            count = min(count, db.execute(COUNT, [name]).fetchone()[0])
        if not count:  # it was rewritten meanwhile, and its rows name another one
            return
        found.lost += count
        found.kinds.setdefault(f"{name[:80]} is not there", (count, []))
        return
    try:
        with path.open("rb") as file:
            end = 0
            for done, row in enumerate(rows):
                patient.progress(f"{NAME}: {name}", done, max(done, count))
                if is_whole:
                    found.unnamed += between(file, end, row.warc_offset)
                    found.twice += row.warc_offset < end
                judge(patient, file, row, found)
                end = max(end, row.warc_offset + row.warc_length)
            if is_whole:
                behind(file, end, found, is_last=is_last)
            found.size += path.stat().st_size
    except OSError as error:
        yield fault(NAME, f"{path} cannot be read: {error.strerror or error}", "make it readable; look at the disk")
    found.files += 1


def judge(patient: Patient, file: BinaryIO, row: RecordRow, found: Found) -> None:
    """Look at one record; what its row says no more was rewritten meanwhile, and is no fault."""
    found.records += 1
    if what := fault_of(file, size_of(file), row):
        with patient.look() as db:
            is_still_said = db.execute(STILL, [row.warc_file, row.warc_offset, row.url]).fetchone()
        if is_still_said:
            found.damaged(what, row)


def size_of(file: BinaryIO) -> int:
    """How long a file is now."""
    return file.seek(0, 2)


def between(file: BinaryIO, start: int, end: int) -> int:
    """How many records lie between two places that no row names; the one that opens a file has none."""
    count, place = 0, start
    while place < end and count < MOST_MEMBERS:
        try:
            following = member_end(file, place)
        except ValueError:
            following = None
        if following is None or following > end:
            break
        count, place = count + 1, following
    return count - 1 if start == 0 and count else count


def behind(file: BinaryIO, end: int, found: Found, *, is_last: bool) -> None:
    """Count what lies behind the last record of a file: in the last file, it is the next crawl's to cut off."""
    size = size_of(file)
    if is_last:
        found.torn += max(0, size - end)
    else:
        found.unnamed += between(file, end, size)


def record_of(row: Any) -> RecordRow:
    """A row of COLUMNS, frozen; numbers that are none lie nowhere."""
    _, url, fetched, status, digest, name, offset, length = row
    return RecordRow(
        url=str(url), fetched=str(fetched), status=number(status), digest=str(digest), warc_file=str(name),
        warc_offset=number(offset), warc_length=number(length),
    )  # fmt: skip


def number(value: Any) -> int:
    """A number of the database, -1 where something else stands there."""
    return value if isinstance(value, int) else -1


def lost_rows(data: Path, db: sqlite3.Connection, after: int, limit: int) -> tuple[list[int], int | None]:
    """Of the next rows behind an id, those whose bytes are not there whole, and the last id; None at the end."""
    rows = db.execute(f"SELECT {COLUMNS} FROM records WHERE id > ? ORDER BY id LIMIT ?", [after, limit]).fetchall()
    return [row[0] for row in rows if is_lost(data, record_of(row))], rows[-1][0] if rows else None


def is_lost(data: Path, row: RecordRow) -> bool:
    """Whether the bytes of a record are gone or damaged; what cannot be read just now is not."""
    folder = data / "warc"
    if not folder.is_dir() or not is_file_name(row.warc_file):
        return folder.is_dir()
    path = folder / row.warc_file
    try:
        with path.open("rb") as file:
            what = fault_of(file, size_of(file), row)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return bool(what) and not what.startswith("cannot be read")
