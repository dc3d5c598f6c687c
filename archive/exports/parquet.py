"""Articles as Parquet: the columns of the CSV file with their types, compressed, for data frames."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, BinaryIO

from archive.columns import NUMBERS, Kind, arrow_type
from archive.exports.columns import columns_of, rows_of
from archive.exports.progress import Progress
from archive.exports.selection import Selection

GROUP = 5_000  # rows that lie together
WEIGHT = 4_000_000  # characters of a group at most
MISSING = "Parquet needs pyarrow (55 MB), which is not installed: pip install 'dossier-news[parquet]'"


class MissingExtraError(Exception):
    """A package is not installed that this form needs; the message says how to get it."""


def write(selection: Selection, progress: Progress, file: BinaryIO) -> None:
    """Write the file, one group of rows after the other; MissingExtraError where pyarrow is not installed."""
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtraError(MISSING) from error
    columns = columns_of(selection)
    schema = arrow.schema([(column.name, arrow_type(arrow, column)) for column in columns])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(selection, progress):
            values = [
                column_of(column.kind, found) for column, found in zip(columns, zip(*group, strict=True), strict=True)
            ]
            arrays = [arrow.array(found, type=one.type) for found, one in zip(values, schema, strict=True)]
            writer.write_table(arrow.Table.from_arrays(arrays, schema=schema))


def _groups(selection: Selection, progress: Progress) -> Any:
    group: list[tuple[Any, ...]] = []
    weight = 0
    for rows in rows_of(selection):
        group += rows
        weight += sum(len(one) for row in rows for one in row if isinstance(one, str))
        progress.done(len(rows))
        if len(group) >= GROUP or weight >= WEIGHT:
            yield group
            group, weight = [], 0
    if group:
        yield group


def column_of(kind: Kind, values: Sequence[Any]) -> list[Any]:
    """The values of a column as its type takes them; a time that is none is empty."""
    if kind == "datetime":
        return [moment(value) for value in values]
    if kind == "boolean":
        return [bool(value) for value in values]
    if kind in NUMBERS:
        return list(values)
    return [None if value is None else str(value) for value in values]


def moment(text: str | None) -> datetime | None:
    """The time that a text names, to the second; None where it names none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).replace(microsecond=0)
