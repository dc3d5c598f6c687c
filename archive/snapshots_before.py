"""Dated snapshots: the archive as CSV files that are the same, byte for byte, as long as nothing changed."""

from __future__ import annotations

import csv
import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from archive.cells import guarded
from archive.errors import StoreError
from archive.queries import SNAPSHOT, Reader

# Every column, in order, with what it says. A later version may add some at the end; none changes its meaning.
COLUMNS = {
    "url": "canonical address; the key, and the order of the rows",
    "outlet": "registrable domain of the publisher",
    "outlet_name": "the publisher's own name, where its pages give one",
    "title": "headline",
    "byline": "authors as named",
    "summary": "standfirst",
    "language": "language code",
    "section": "section of the outlet",
    "published": "ISO 8601, UTC",
    "published_precision": "instant, or day where the page gives no time",
    "published_offset": "the page's own time zone, in minutes from UTC",
    "modified": "when the page says that it was changed; ISO 8601, UTC",
    "fetched": "when this text was fetched; ISO 8601, UTC",
    "words": "words of the text",
    "kind": "article, live blog, video, gallery or list",
    "is_paywalled": "1 where the page says that a reader has to pay",
    "is_partial": "1 where only a part of the text was on the page",
    "topics": "names of the topics that it belongs to, separated by spaces",
    "verdicts": "keep, review, or drop where its reader said no, in the order of the topics",
    "scores": "relevance from 0 to 1, in the order of the topics",
    "story": "address of the article that stands for all copies of this text",
    "story_relation": "original, or what kind of copy",
    "story_similarity": "share of the text that is also in the original, 0 to 1",
    "versions": "earlier texts that the archive keeps",
    "content_hash": "changes when, and only when, headline or text change",
    "partial_reason": "why it is not all of the text",
    "tags": "the page's own keywords, a JSON list",
    "removed": "since when its page is gone; ISO 8601, UTC; empty where it is not",
}
BODY = {"body": "the text, one paragraph a line"}

_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A finished snapshot: its folder, and how many articles are in it."""

    folder: Path
    articles: int


def snapshot(db: Reader, data: Path, day: str, *, bodies: bool = False) -> Snapshot:
    """Write `snapshots/DAY` of a data folder, all of it or nothing; a snapshot of the same day is replaced.

    The articles are read one by one, so memory does not grow with the archive. StoreError where the disk does not take
    it.
    """
    root = data / "snapshots"
    target = root / day
    try:
        with alone(root) as building:
            count = write(db, building, {**COLUMNS, **(BODY if bodies else {})})
            keep(building, target)
    except OSError as error:
        message = f"{target} cannot be written ({error.strerror}); make room or mend its rights, and run this again"
        raise StoreError(message, "full" if error.errno == errno.ENOSPC else "readonly") from error
    return Snapshot(folder=target, articles=count)


@contextmanager
def alone(root: Path) -> Iterator[Path]:
    """A new folder to build in, while no other process builds one; what a killed one left behind is removed."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        building = root / ".building"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir()
        try:
            yield building
        finally:
            shutil.rmtree(building, ignore_errors=True)


def write(db: Reader, folder: Path, columns: dict[str, str]) -> int:
    """How many articles were written into the files of a snapshot, which are on disk when this returns."""
    with (
        (folder / "articles.csv").open("w", encoding="utf-8", newline="") as exact,
        # Spreadsheets know UTF-8 by the mark at its beginning only.
        (folder / "articles-spreadsheet.csv").open("w", encoding="utf-8-sig", newline="") as safe,
        (folder / "README.md").open("w", encoding="utf-8") as about,
    ):
        count = write_rows(db, list(columns), exact, safe)
        about.write(described(columns, count))
        for file in (exact, safe, about):
            file.flush()
            os.fsync(file.fileno())
    return count


def write_rows(db: Reader, names: list[str], exact: IO[str], safe: IO[str]) -> int:
    """Write every article twice: as it is for programs, and guarded for spreadsheets; how many there were."""
    plain, spreadsheet = csv.writer(exact, lineterminator="\n"), csv.writer(safe, lineterminator="\r\n")
    plain.writerow(names)
    spreadsheet.writerow(names)
    count = 0
    for row in db.execute(SNAPSHOT.format(columns=", ".join(names))):
        plain.writerow(row)
        spreadsheet.writerow([cell(value) for value in row])
        count += 1
    return count


def cell(value: Any) -> Any:
    """A value for a spreadsheet: text that cannot be a formula; numbers as they are."""
    return guarded(value) if isinstance(value, str) else value


def described(columns: dict[str, str], count: int) -> str:
    """What is in the files, as a page for whoever gets them."""
    lines = [
        "# Snapshot of a news archive",
        "",
        f"{count:,} articles, one a row, in UTF-8. `articles.csv` is for programs. `articles-spreadsheet.csv` holds",
        "the same for spreadsheets: an apostrophe stands before everything that could begin a formula, and cells end",
        "at 32,000 characters.",
        "",
        "| column | says |",
        "|---|---|",
        *(f"| {name} | {meaning} |" for name, meaning in columns.items()),
        "",
        "Headlines and texts belong to their publishers.",
    ]
    return "\n".join(lines) + "\n"


def keep(building: Path, target: Path) -> None:
    """Give a finished folder its name; a reader sees the old one or the new one, whole."""
    sync(building)
    if not target.exists():
        building.rename(target)
    elif not exchanged(building, target):
        shutil.rmtree(target)
        building.rename(target)
    sync(target.parent)


def exchanged(one: Path, other: Path) -> bool:
    """Whether two folders changed names in one step, which Linux can and most others cannot."""
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    return renameat2 is not None and renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0


def sync(folder: Path) -> None:
    """Bring a folder's names to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
