"""The forms of an export: what each is written to, and how a file's name tells which is meant."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from archive.exports import database, lines, markdown, pages, parquet, references, table
from archive.exports.atom import ENTRIES, MOST, feed
from archive.exports.progress import Progress
from archive.exports.selection import Selection
from archive.exports.target import new_file, new_folder

Form = Literal["csv", "jsonl", "parquet", "atom", "markdown", "bibtex", "ris", "warc", "sqlite"]
FORMS: tuple[Form, ...] = ("csv", "jsonl", "parquet", "atom", "markdown", "bibtex", "ris", "warc", "sqlite")

TEXTS: dict[Form, Callable[[Selection, Progress], Iterator[bytes]]] = {
    "csv": table.table,
    "jsonl": lines.lines,
    "atom": feed,
    "bibtex": references.entries,
    "ris": references.records,
}
"""The forms that are text: they can go to a pipe, and be packed."""

LIMITS: dict[Form, tuple[int, int]] = {"atom": (ENTRIES, MOST)}
"""The articles that a form takes where no number is asked for, and the most."""

ENDINGS: dict[str, Form] = {
    ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".atom": "atom", ".xml": "atom",
    ".bib": "bibtex", ".ris": "ris", ".warc.gz": "warc", ".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite",
}  # fmt: skip
PACKED = ".gz"


def form_of(path: Path) -> Form | None:
    """The form that a file's name tells; None where it tells none."""
    name = path.name.lower()
    return next((form for ending, form in ENDINGS.items() if name.endswith((ending, ending + PACKED))), None)


def pieces(
    form: Form, selection: Selection, progress: Progress, *, is_for_spreadsheets: bool = False
) -> Iterator[bytes]:
    """A form that is text, piece by piece."""
    if is_for_spreadsheets:
        return table.table(selection, progress, is_for_spreadsheets=True)
    return TEXTS[form](selection, progress)


def write(
    form: Form, selection: Selection, progress: Progress, data: Path, path: Path, *, is_forced: bool = False
) -> None:
    """Write a form that is no text to where it goes, all of it or nothing.

    StoreError where that cannot be, MissingExtraError where a package is missing.
    """
    if form == "markdown":
        with new_folder(path, is_forced=is_forced) as folder:
            markdown.write(selection, progress, folder)
        return
    with new_file(path, is_forced=is_forced) as building, building.open("wb") as file:
        if form == "parquet":
            parquet.write(selection, progress, file)
        else:
            file.writelines(pages.warc(selection, progress, data / "warc", path.name))


def write_database(progress: Progress, data: Path, path: Path, *, is_public: bool, is_forced: bool) -> None:
    """Write a copy of the whole archive, all of it or nothing."""
    with new_file(path, is_forced=is_forced) as building:
        progress.done(database.write(data, building, is_public=is_public))


def packed(some: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces as a gzip file, which is the same for the same pieces."""
    packer = zlib.compressobj(6, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    for piece in some:
        yield packer.compress(piece)
    yield packer.flush()
