"""Which table a row is of, told by its values: for pages that no tree leads to any more."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlite_utils import Database

from archive.health.raw_rows import Row, Value
from archive.schema import migrations

# Made again from other rows, or nothing that a new file needs.
UNSAVED = frozenset(("fingerprints", "furniture", "touched"))
# Too like the entries of an index: they are saved where their tree still leads to them.
ALIKE = frozenset(("yields", "unsettled", "tracks"))
# Tables of one shape: what may be of either is taken for the second.
TWINS = {"other_aliases": "aliases"}

# They have got columns since they were made: of rows that are older, these are not on disk.
GROWN = frozenset(("sources", "coverage", "candidates", "article_topics", "versions"))

TABLES = "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name"
COLUMNS = 'SELECT name, upper(type), "notnull", dflt_value IS NOT NULL, pk FROM pragma_table_info(?) ORDER BY cid'

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?")
_HOST = re.compile(r"[^\s/]{1,260}")
_MIGRATION = re.compile(r"m\d{3}_\w+")
_NAME = re.compile(r"[\w.-]{1,200}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what stands in it, and whether it may be left out at the end of a row."""

    name: str
    type: str
    is_needed: bool
    has_default: bool
    look: Callable[[Value], bool] | None


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its columns in the order in which they lie on disk, and whether its rows have numbers."""

    name: str
    columns: tuple[Column, ...]
    has_rowid: bool
    id_column: int | None

    def fits(self, row: Row, *, closely: bool = False) -> bool:
        """Whether a row may be one of this table; `closely` looks at what its values say, not at their types only."""
        rowid, values = row
        if (rowid is not None) != self.has_rowid:
            return False
        if closely and not self.is_as_long(len(values)):
            return False
        if any(column.is_needed and not column.has_default for column in self.columns[len(values) :]):
            return False
        return all(
            value is None if place == self.id_column else suits(column, value, closely=closely)
            for place, (column, value) in enumerate(zip(self.columns, values, strict=False))
        )

    def is_as_long(self, count: int) -> bool:
        """Whether a row of so many values is as long as the table's are; one that a tree leads to may have others."""
        return count == len(self.columns) or (count < len(self.columns) and self.name in GROWN)

    def named(self, row: Row) -> dict[str, Value]:
        """The values of a row by column; what it was written without is left to its default."""
        rowid, values = row
        found = {column.name: value for column, value in zip(self.columns, values, strict=False)}
        if self.id_column is not None:
            found[self.columns[self.id_column].name] = rowid
        return found


def suits(column: Column, value: Value, *, closely: bool) -> bool:
    """Whether a value may stand in a column."""
    if value is None:
        return not column.is_needed
    if column.name == "track":  # a hash of words, which is text, or a number
        return isinstance(value, str | int)
    if column.type == "INTEGER":
        return isinstance(value, int)
    if column.type == "REAL":
        return isinstance(value, float | int)
    if not isinstance(value, bytes if column.type == "BLOB" else str):
        return False
    return not closely or column.look is None or column.look(value)


def is_time(text: Any) -> bool:
    """Whether a text is a time as the archive writes it."""
    return _TIME.fullmatch(text) is not None


def is_sketch(packed: Any) -> bool:
    """Whether bytes are numbers of eight bytes in the order of their size."""
    return len(packed) % 8 == 0 and (numbers := array("q", packed)) == array("q", sorted(numbers))


LOOKS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(
        (
            "fetched", "started", "finished", "first_seen", "last_seen", "made", "at", "due", "asked", "rests_until",
            "removed", "answered", "checked", "next_try", "last_asked", "last_success", "last_listed", "next_ask",
        ),
        is_time,
    ),
    "posts.published": is_time,
    "hashes": lambda packed: len(packed) > 0 and is_sketch(packed),
    "lines": is_sketch,
    "furniture": is_sketch,
    "url": lambda text: ":" in text[:20],
    "domain": lambda text: _HOST.fullmatch(text) is not None and "." in text,
    "topics.title": lambda text: _MIGRATION.fullmatch(text) is None,  # SQLite knows them by rows of the same shape
    "topics.name": lambda text: _NAME.fullmatch(text) is not None and "." not in text,
    "host": lambda text: not text or _HOST.fullmatch(text) is not None,
    "country": lambda text: len(text) <= 3,
    "digest": lambda text: text.startswith("sha1:"),
    "verdict": lambda text: text in {"keep", "review", "drop"},
    "ruling": lambda text: text in {"together", "apart"},
    "month": lambda text: text == "" or re.fullmatch(r"\d{4}-\d\d", text) is not None,
    "channel": lambda text: _NAME.fullmatch(text) is not None,
    "warc_file": lambda text: text.endswith(".gz"),
    "matched": lambda text: text.startswith("["),
    "others": lambda text: text.startswith("["),
}  # fmt: skip


@cache
def shapes() -> dict[str, Shape]:
    """The tables of an archive whose rows are saved, by name."""
    found = {}
    with Database(memory=True, execute_plugins=False) as db:
        migrations.apply(db)
        for name, without_rowid in db.execute(TABLES).fetchall():
            is_own = not name.startswith(("sqlite_", "_", "articles_fts"))
            if is_own and name not in UNSAVED:
                found[name] = shape_of(db, name, has_rowid=not without_rowid)
    return found


def shape_of(db: Database, name: str, *, has_rowid: bool) -> Shape:
    """The shape of one table; without numbers of their own, rows begin with the columns of their key."""
    told = db.execute(COLUMNS, [name]).fetchall()
    if not has_rowid:
        told = sorted(told, key=lambda column: column[4] or len(told) + 1)
    columns = tuple(
        Column(
            one[0],
            one[1],
            bool(one[2]) or (not has_rowid and one[4] > 0),
            bool(one[3]),
            LOOKS.get(f"{name}.{one[0]}") or LOOKS.get(one[0]),
        )
        for one in told
    )
    keys = [place for place, one in enumerate(told) if one[4] and one[1] == "INTEGER"]
    return Shape(name, columns, has_rowid, keys[0] if has_rowid and len(keys) == 1 else None)


def table_of(rows: Sequence[Row], among: Iterable[Shape] | None = None) -> Shape | None:
    """The one table that all rows of a page may be of; None where there is none, or more than one."""
    if not rows:
        return None
    known = shapes().values() if among is None else among
    fitting = [
        shape for shape in known if shape.name not in ALIKE and all(shape.fits(row, closely=True) for row in rows)
    ]
    if len(fitting) > 1:
        fitting = [shape for shape in fitting if len(rows[0][1]) == len(shape.columns)]
    names = {shape.name for shape in fitting}
    fitting = [shape for shape in fitting if TWINS.get(shape.name) not in names]
    return fitting[0] if len(fitting) == 1 else None
