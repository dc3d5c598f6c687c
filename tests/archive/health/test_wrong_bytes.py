"""A database of which a few bytes, a table or a column are not as they should be: found and mended."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.errors import StoreError
from tests.ailing import PAGE, ROOTS, ills, mended, overwrite, settled, values


def flip(whole: Path, folder: Path, seed: int) -> None:
    """Change a few bytes here and there, look, mend, and look again."""
    data = shutil.copytree(whole, folder / "data")
    settled(data)
    draw = random.Random(seed)
    size = (data / "news.db").stat().st_size
    for _ in range(draw.randint(1, 30)):
        overwrite(data / "news.db", draw.randrange(size), draw.randbytes(draw.randint(1, 3)))
    if found := ills(data):
        try:
            mended(data, found)
        except StoreError:  # what says who wrote it was hit
            return
        left = ills(data)
        assert left == [] or left[0].what.startswith("written by a newer dossier"), seed


@pytest.mark.parametrize("seed", [26, 29, 52])
def test_a_few_wrong_bytes_anywhere_are_mended(whole: Path, tmp_path: Path, seed: int) -> None:
    flip(whole, tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1400))
def test_many_wrong_bytes_anywhere_are_mended(whole: Path, tmp_path: Path, seed: int) -> None:
    flip(whole, tmp_path, seed)


@pytest.mark.parametrize("table", ["captions", "articles_fts"])
def test_a_table_that_is_gone_is_made_again_in_a_new_database(whole: Path, tmp_path: Path, table: str) -> None:
    data = shutil.copytree(whole, tmp_path / "data")
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute(f"DROP TABLE {table}")
    assert {one.examination for one in ills(data)} == {"schema"}
    mended(data)
    assert ills(data) == []
    assert len(values(data, "SELECT id FROM articles")) == 6


def test_columns_of_somebody_else_are_a_warning_and_cost_no_row(whole: Path, tmp_path: Path) -> None:
    data = shutil.copytree(whole, tmp_path / "data")
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("ALTER TABLE outlets ADD COLUMN notes TEXT")
    (found,) = ills(data, least="warning")
    assert (found.state, found.is_mendable) == ("warning", False)
    settled(data)
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("UPDATE outlets SET notes = 'mine'")
        db.commit()
        root = dict(db.execute(ROOTS).fetchall())["candidates"]
    settled(data)
    before = values(data, "SELECT domain FROM outlets ORDER BY id")
    overwrite(data / "news.db", (root - 1) * PAGE, bytes(PAGE))
    mended(data)
    assert values(data, "SELECT domain FROM outlets ORDER BY id") == before
