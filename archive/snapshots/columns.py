"""What a file of a snapshot is made of: a table with its columns, its key, and the SQL that gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from archive.columns import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A column whose values are those of a key of another table."""

    column: str
    table: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Columns of text that stand side by side and are looked up at once, which takes half the time.

    `sql` gives their cells as they stand in a line, with the quotes and the commas between them.
    """

    columns: tuple[str, ...]
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file: its rows come FROM `source`, in the order of `key`, which no two of them share.

    With `has_twin`, the same is written for spreadsheets too. What `pack` gives is what its columns give.
    """

    name: str
    says: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    source: str = ""
    references: tuple[Reference, ...] = ()
    has_twin: bool = False
    pack: Pack | None = None

    @property
    def names(self) -> list[str]:
        """Its columns."""
        return [column.name for column in self.columns]

    def values(self, *names: str) -> str:
        """The SQL of some of its columns, for all of its rows, in order."""
        return f"SELECT {', '.join(names)} FROM ({selected(self.columns, self.source)}) ORDER BY {', '.join(self.key)}"


def selected(columns: Iterable[Column], source: str) -> str:
    """The SQL of rows with named columns, in no order."""
    return f"SELECT {', '.join(f'{column.sql} AS {column.name}' for column in columns)} FROM {source}"
