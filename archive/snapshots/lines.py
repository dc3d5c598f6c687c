"""Lines of CSV that SQLite writes itself: each text in quotes, numbers bare, and what is not there is empty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from archive.columns import Column
from archive.snapshots.columns import Pack, Table, selected

PACKED = Column("packed", "(packed)", "some columns at once")

# A cell as it stands in a line: in quotes, with the quotes in it doubled, or bare.
_CELL = re.compile(r'(?:\A|,)(?:"((?:[^"]++|"")*+)"|([^,"]*+))(?=,|\Z)')


def ordered(table: Table) -> str:
    """The SQL of all lines of a table as bytes, without their ends, in the order of its key."""
    columns, packed = table.columns, ""
    if table.pack:
        columns, packed = unpacked(table.columns, table.pack), f"{table.pack.sql} AS packed, "
    rows = selected(table.columns, table.source).replace("SELECT ", f"SELECT {packed}", 1)
    key = ", ".join(table.key)
    return f"SELECT line FROM (SELECT {key}, CAST({line(columns)} AS BLOB) AS line FROM ({rows})) ORDER BY {key}"


def unpacked(columns: Sequence[Column], pack: Pack) -> tuple[Column, ...]:
    """The columns with one in the place of those of a pack."""
    place = [column.name for column in columns].index(pack.columns[0])
    return (*columns[:place], PACKED, *columns[place + len(pack.columns) :])


def line(columns: Sequence[Column]) -> str:
    """The SQL of one line, of columns by name."""
    form = ",".join("%s" if is_bare(column) else '"%w"' for column in columns)
    given = [f"COALESCE({value(column)}, '')" for column in columns]
    # What is looked up in other tables would be looked up once more; of that, NUL is never a part.
    texts = "||".join(one for column, one in zip(columns, given, strict=True) if column.is_plain)
    whole = "||','||".join(
        one if is_bare(column) else f"'\"'||replace({one}, '\"', '\"\"')||'\"'"
        for column, one in zip(columns, given, strict=True)
    )
    # printf is quicker by a third and ends a text at the first NUL.
    return f"CASE WHEN instr({texts}, char(0)) THEN {whole} ELSE printf('{form}', {', '.join(given)}) END"


def is_bare(column: Column) -> bool:
    """Whether a value is written as it is, without quotes of ours."""
    return column.is_number or column is PACKED


def value(column: Column) -> str:
    """The SQL of a value by its name; what stands bare is a number, whatever the archive was given."""
    casts = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
    return f"CAST({column.name} AS {casts[column.kind]})" if column.is_number else column.name


def written(values: Iterable[str | int]) -> bytes:
    """The same line of values that are at hand."""
    return ",".join(quoted(value) if isinstance(value, str) else str(value) for value in values).encode()


def quoted(text: str) -> str:
    """A text as a cell."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def cells(text: str) -> list[str]:
    """The values of a line, also of one that quotes only what has to be; ValueError where it is none."""
    found, end = [], 0
    for match in _CELL.finditer(text):
        if match.start() != end:
            break
        quoted, end = match[1], match.end()
        found.append(match[2] if quoted is None else quoted.replace('""', '"'))
    if end != len(text):
        raise ValueError(f"no line of CSV: {text[end : end + 40]!r}")
    return found


def readable(lines: list[bytes]) -> list[bytes]:
    """The lines as valid UTF-8: half a surrogate pair, which a text may hold, becomes a replacement character."""
    try:
        b"\n".join(lines).decode()
    except UnicodeDecodeError:
        return [one.decode(errors="replace").encode() for one in lines]
    return lines
