"""Which table each page of a damaged database is of: by the trees that lead to it, else by the shape of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.errors import StoreError
from archive.health import blueprint, raw_rows
from archive.health.raw_pages import RawPages
from archive.health.raw_rows import LEAF_TABLE, WITH_ROWS
from archive.health.shapes import Shape, shapes, table_of

OTHER = -1
REBUILT = "m008_judgement"
"""The last migration that gave articles other columns in another order."""

_MIGRATION = re.compile(r"m\d{3}_\w{1,60}")


def check_release(damaged: Path, pages: RawPages) -> None:
    """StoreError where another release wrote the database, as far as that can be read: its rows say other things."""
    found: set[str] = set()
    for name, root in roots(pages):
        if name == "_sqlite_migrations":
            for page in raw_rows.reached(pages, root, set()):
                for _, values in raw_rows.rows(pages, page):
                    found.update(str(value) for value in values if _MIGRATION.fullmatch(str(value)))
    if newer := sorted(found - blueprint.fresh().applied):
        raise StoreError(f"{damaged} was written by a newer dossier ({newer[-1]}); update this one", "corrupt")
    if found and REBUILT not in found:
        mend = "mend it by the release that wrote it, or take it from a backup"
        raise StoreError(f"{damaged} was written by an older dossier (without {REBUILT}); {mend}", "corrupt")


def owners(pages: RawPages) -> Iterator[tuple[Shape, int]]:
    """The pages with rows, each with its table: first those that a tree leads to, then those known by their rows."""
    known = [*shapes().values()]
    claims = claimed(pages, known)
    for page in np.flatnonzero(claims > 0).tolist():
        yield known[claims[page] - 1], page
    free = pages.free()
    for number in range(1, pages.count + 1):
        kind = raw_rows.kind(pages.page(number), number)
        is_of_index = claims[number] == OTHER and kind != LEAF_TABLE
        if claims[number] <= 0 and number not in free and kind in WITH_ROWS and not is_of_index:
            shape = table_of([*raw_rows.rows(pages, number)])
            if shape is not None:
                yield shape, number


def claimed(pages: RawPages, known: Sequence[Shape]) -> NDArray[np.int16]:
    """By page, the table whose tree leads to it, counted from 1; OTHER of trees of something else, 0 of none.

    A damaged tree may lead into another one: what does not fit a table is left to the others that lead to it.
    """
    claims = np.zeros(pages.count + 1, dtype=np.int16)
    places = {shape.name: place for place, shape in enumerate(known, start=1)}
    for name, root in roots(pages):
        place = places.get(name, OTHER)
        for number in raw_rows.reached(pages, root, set()):
            if place != OTHER and is_of(pages, number, known[place - 1]):
                claims[number] = claims[number] if claims[number] > 0 else place
            elif not claims[number]:
                claims[number] = OTHER
    return claims


def roots(pages: RawPages) -> Iterator[tuple[str, int]]:
    """The trees of a database: the table that each is of, empty for an index, and its first page."""
    yield "", 1
    for page in raw_rows.reached(pages, 1, set()):
        for _, values in raw_rows.rows(pages, page):
            if len(values) > 3 and isinstance(values[3], int):
                yield str(values[1]) if values[0] == "table" else "", values[3]


def is_of(pages: RawPages, number: int, shape: Shape) -> bool:
    """Whether the rows of a page that a table's tree leads to are that table's: a damaged tree may lead anywhere."""
    kind = raw_rows.kind(pages.page(number), number)
    if kind not in WITH_ROWS or (kind == LEAF_TABLE) != shape.has_rowid:
        return False
    return all(map(shape.fits, raw_rows.rows(pages, number)))
