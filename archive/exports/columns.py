"""The columns of an article in a table, as CSV and Parquet have them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from archive import article_columns
from archive.columns import Column
from archive.exports.selection import Selection
from archive.queries import Reader

# What a snapshot says in a file of its own stands in the row here.
COLUMNS = (*article_columns.COLUMNS, Column("copies", "COALESCE(s.size, 1)", "articles of its story", "integer"))

_ROWS = """
SELECT {columns} FROM json_each(:ids) AS k CROSS JOIN articles AS a ON a.id = k.value
JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN stories AS s ON s.id = a.story_id ORDER BY k.key
"""


def columns_of(selection: Selection) -> tuple[Column, ...]:
    """The columns of a selection: its texts are the last one, where they are wanted."""
    return (*COLUMNS, article_columns.BODY) if selection.has_bodies else COLUMNS


def rows_of(selection: Selection) -> Iterator[list[tuple[Any, ...]]]:
    """The values of a selection's articles, some articles at a time."""
    sql = _ROWS.format(columns=", ".join(column.sql for column in columns_of(selection)))
    for ids in selection.ids():
        yield [tuple(row) for row in looked_up(selection.db, sql, ids)]


def looked_up(db: Reader, sql: str, ids: Sequence[int]) -> list[Any]:
    """What a statement finds of these articles, in their order."""
    return db.execute(sql, {"ids": json.dumps(ids)}).fetchall()
