"""The tables of an archive written into a folder, read side by side and at one moment."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing
from dataclasses import dataclass

from archive.queries import Reader
from archive.snapshots.columns import Table
from archive.snapshots.files import Folder, Written
from archive.snapshots.lines import ordered, readable
from archive.snapshots.spreadsheet import MARK, guarded_lines

Said = Callable[[str, int], None]
"""Is told the name of a file, and how many rows of it are written."""

BATCH = 250  # rows
READING = min(3, os.cpu_count() or 1)  # tables at a time: SQLite reads and sorts without holding up Python


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table as a file of a snapshot, as it is or, with `is_twin`, for spreadsheets; its longest row in bytes."""

    table: Table
    file: Written
    longest: int
    is_twin: bool = False


def sheets(readers: Sequence[Reader], tables: Sequence[Table], folder: Folder, said: Said) -> list[Sheet]:
    """Write each table, and its twin where it has one; all readers see the same moment."""
    written = {}
    with closing(cursors(readers, tables)) as found:  # at once, also where one of them cannot be written
        for table, lines in found:
            written[table.name] = sheet(table, lines, folder, said)
    return [one for table in tables for one in written[table.name]]


def cursors(readers: Sequence[Reader], tables: Sequence[Table]) -> Generator[tuple[Table, sqlite3.Cursor], None, None]:
    """The lines of each table, those first that are sorted first."""
    if len(readers) < len(tables):
        for table in tables:
            yield table, readers[0].execute(ordered(table))
        return
    with ThreadPoolExecutor(READING) as pool:
        asked = {
            pool.submit(reader.execute, ordered(table)): table for reader, table in zip(readers, tables, strict=False)
        }
        try:
            for found in as_completed(asked):
                yield asked[found], found.result()
        finally:  # where something failed, the others need not go on
            pool.shutdown(wait=False, cancel_futures=True)
            for reader in readers:
                reader.interrupt()


def sheet(table: Table, lines: sqlite3.Cursor, folder: Folder, said: Said) -> list[Sheet]:
    """Write one table while its lines are read."""
    with ExitStack() as stack:
        writer = Lines(table, folder, stack)
        while batch := [one for (one,) in lines.fetchmany(BATCH)]:
            writer.write(batch)
            said(table.name, writer.rows)
        return writer.done()


class Lines:
    """A table that is written line by line; its files are open as long as the stack."""

    def __init__(self, table: Table, folder: Folder, stack: ExitStack) -> None:
        self.table = table
        self.write_both = folder.write_both
        self.exact = stack.enter_context(folder.table(table.name))
        self.safe = stack.enter_context(folder.table(f"{table.name}-spreadsheet")) if table.has_twin else None
        self.rows = self.longest = 0
        header = ",".join(table.names).encode()
        self.exact.write(header + b"\n")
        if self.safe is not None:
            self.safe.write(MARK + header + b"\r\n")

    def write(self, lines: list[bytes]) -> None:
        """Add some lines."""
        lines = readable(lines)
        self.rows += len(lines)
        self.longest = max(self.longest, *map(len, lines))
        exact = b"\n".join(lines) + b"\n"
        if self.safe is None:
            self.exact.write(exact)
        else:
            safe = b"\r\n".join(guarded_lines(lines, self.table)) + b"\r\n"
            self.write_both((self.exact, exact), (self.safe, safe))

    def done(self) -> list[Sheet]:
        """The files, finished."""
        made = []
        for file in (self.exact, self.safe):
            if file is not None:
                file.rows = self.rows
                is_twin = file is self.safe
                made.append(Sheet(table=self.table, file=file.done(), longest=self.longest, is_twin=is_twin))
        return made
