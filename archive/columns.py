"""A column of a table that is handed on, as a file of a snapshot or of an export."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["string", "integer", "number", "boolean", "datetime", "array", "yearmonth"]
NUMBERS = frozenset({"integer", "number", "boolean"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, the SQL that gives it, what it says, and of which Frictionless type it is.

    `one_of` are its only values, where they are few and known. What differs in it is told a person `never`, where that
    says nothing, or `alone`, where nothing else differs.
    """

    name: str
    sql: str
    says: str
    kind: Kind = "string"
    is_required: bool = False
    one_of: tuple[str, ...] = ()
    told: Literal["", "alone", "never"] = ""

    @property
    def is_number(self) -> bool:
        """Whether its values stand in a file without quotes."""
        return self.kind in NUMBERS

    @property
    def is_plain(self) -> bool:
        """Whether it is a text that stands in a row as it is."""
        return not self.is_number and self.sql.replace(".", "").isidentifier()


def arrow_type(arrow: Any, column: Column) -> Any:
    """The type of a column in a Parquet file, of pyarrow's module."""
    if column.kind == "datetime":
        return arrow.timestamp("s", tz="UTC")
    types = {"integer": arrow.int64, "number": arrow.float64, "boolean": arrow.bool_}
    return types.get(column.kind, arrow.string)()
