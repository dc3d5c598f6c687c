"""Archives that no dossier wrote: whatever their rows hold, a merge ends, and what was here stays sound."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from archive.merging.merge import Rules
from archive.merging.origin import OriginError
from archive.store import Archive
from tests.dumped import UNNAMED
from tests.machines import joined

GARBAGE = (b"\xff\xfe\x00", "\udcff".encode("utf-8", "surrogatepass").decode("latin-1") * 9_000, -(1 << 63), 1e308, "")
FEW = [("articles", "published"), ("stories", "article_id")]


def columns(data: Path) -> list[tuple[str, str]]:
    db = sqlite3.connect(data / "news.db")
    tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    wanted = [table for table in tables if table not in UNNAMED and not table.startswith("articles_fts")]
    found = [(table, row[1]) for table in wanted for row in db.execute(f"PRAGMA table_info({table})")]
    db.close()
    return found


def spoil(data: Path, table: str, column: str, value: object) -> None:
    """Put a value into a column of half of a table's rows, as far as the table takes it."""
    db = sqlite3.connect(data / "news.db")
    keys = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[5]]
    rows = db.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchall()
    for row in rows[::2]:
        same = " AND ".join(f"{key} IS ?" for key in keys)
        db.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {same}", [value, *row])
    db.commit()
    db.close()


def check(base: Path, machines: dict[str, Path], known: Rules, table: str, column: str) -> None:
    for number, value in enumerate(GARBAGE):
        folder = base / f"{table}-{column}-{number}"
        there = shutil.copytree(machines["b"], folder / "there")
        try:
            spoil(there, table, column, value)
        except sqlite3.IntegrityError:
            continue
        here = shutil.copytree(machines["a"], folder / "here")
        try:
            joined(here, [there], known)
        except OriginError:
            continue  # a topic that cannot be read
        archive = Archive.open(here)
        assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert archive.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert archive.db.execute("SELECT MAX(fetched) < '2022', MIN(fetched) > '2021' FROM articles").fetchone() == (
            1,
            1,
        )
        assert archive.db.execute("SELECT COUNT(*) FROM unsettled").fetchone() == (0,)
        archive.close()
        shutil.rmtree(folder)


@pytest.mark.parametrize(("table", "column"), FEW)
def test_whatever_a_column_holds(
    table: str, column: str, tmp_path: Path, machines: dict[str, Path], known: Rules
) -> None:
    check(tmp_path, machines, known, table, column)


@pytest.mark.soak
def test_whatever_any_column_holds(tmp_path: Path, machines: dict[str, Path], known: Rules) -> None:
    for table, column in columns(machines["b"]):
        check(tmp_path, machines, known, table, column)
