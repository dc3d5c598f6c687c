"""Articles as CSV: exact for programs, or guarded for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from archive.cells import guarded, is_harmless
from archive.exports.columns import columns_of, rows_of
from archive.exports.progress import Progress
from archive.exports.selection import Selection

# As RFC 4180 has it; with a bare line feed, Python's writer leaves a carriage return within a text without quotes.
END = "\r\n"
MARK = "\ufeff"  # by which spreadsheets know UTF-8


def table(selection: Selection, progress: Progress, *, is_for_spreadsheets: bool = False) -> Iterator[bytes]:
    """The file, piece by piece: the names of the columns, then one article a row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=END)
    text.write(MARK if is_for_spreadsheets else "")
    writer.writerow(column.name for column in columns_of(selection))
    for rows in rows_of(selection):
        writer.writerows(map(_harmless, rows) if is_for_spreadsheets else rows)
        yield _taken(text)
        progress.done(len(rows))
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    """What was written since the last look."""
    said = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return said


def _harmless(row: Sequence[Any]) -> Sequence[Any]:
    """A row whose cells cannot begin a formula; nearly all are done with after one look."""
    if all(is_harmless(one) for one in row if isinstance(one, str)):
        return row
    return [guarded(one) if isinstance(one, str) else one for one in row]
