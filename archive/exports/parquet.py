"""Articles as Parquet: the columns of the CSV file with their types, compressed, for data frames."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, BinaryIO

from archive.exports.columns import Kind, columns_of, rows_of
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
    types = {
        "text": arrow.string(), "time": arrow.timestamp("s", tz="UTC"), "whole": arrow.int64(),
        "share": arrow.float64(), "yes or no": arrow.bool_(),
    }  # fmt: skip
    kinds = {name: column.kind for name, column in columns_of(selection).items()}
    schema = arrow.schema([(name, types[kind]) for name, kind in kinds.items()])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(selection, progress):
            values = [
                column_of(kind, found) for kind, found in zip(kinds.values(), zip(*group, strict=True), strict=True)
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
    if kind == "time":
        return [moment(value) for value in values]
    if kind == "yes or no":
        return [bool(value) for value in values]
    if kind == "text":
        return [None if value is None else str(value) for value in values]
    return list(values)


def moment(text: str | None) -> datetime | None:
    """The time that a text names, to the second; None where it names none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).replace(microsecond=0)
