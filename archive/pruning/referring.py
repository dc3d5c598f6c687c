"""Which tables refer to which, as the database itself says: what a later release adds is found too."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

REFERRING = """
SELECT m.name, f."from" FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f
WHERE m.type = 'table' AND f."table" = ? ORDER BY m.name, f."from"
"""


def referring(db: Database, table: str, but: Collection[str] = ()) -> list[tuple[str, str]]:
    """The tables with a column that refers to a table, and the column; those in `but` are left out."""
    return [(name, column) for name, column in db.execute(REFERRING, [table]).fetchall() if name not in but]


def forget(db: Database, table: str, ids: str, but: Collection[str] = ()) -> None:
    """Delete all rows that refer to some rows of a table, whose ids are a JSON list."""
    for name, column in referring(db, table, but):
        db.execute(f'DELETE FROM "{name}" WHERE "{column}" IN (SELECT value FROM json_each(?))', [ids])
