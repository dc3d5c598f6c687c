"""A database whose pages were overwritten: found, saved into a new one, and every article of whole pages is there."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.health import raw_rows
from archive.health.raw_pages import RawPages, opened_pages
from archive.health.raw_rows import rows
from archive.health.shapes import shapes, table_of
from tests.ailing import PAGE, ROOTS, ills, mended, overwrite, settled, values


def trees(path: Path) -> dict[str, set[int]]:
    """The pages of each table's tree, without overflow pages, as SQLite counts them."""
    with closing(sqlite3.connect(path)) as db:
        found: dict[str, set[int]] = {}
        for name, page, kind in db.execute("SELECT name, pageno, pagetype FROM dbstat"):
            if kind != "overflow":
                found.setdefault(name, set()).add(page)
        return found


def homes(path: Path) -> dict[str, set[int]]:
    """The pages on which each article lies, by its address: the leaf, and those that its text runs over to."""
    found = {}
    leaves = trees(path)["articles"]
    file, _ = opened_pages(path)
    with file:
        pages = RawPages(file, None)
        for number in leaves:
            page = pages.page(number)
            if page[raw_rows.begin(number)] != raw_rows.LEAF_TABLE:
                continue
            for place in raw_rows.cells(page, number):
                _, values = raw_rows.row_at(pages, page, place, raw_rows.LEAF_TABLE)
                length, start = raw_rows.varint(page, place)
                _, start = raw_rows.varint(page, start)
                parts = raw_rows.payload_of(pages, page, start, length, is_table=True)
                found[str(values[1])] = {number, *(where for _, where in parts if where)}
    return found


def spoil(path: Path, numbers: Iterator[int] | set[int], draw: random.Random) -> None:
    """Overwrite pages: with noise, with zeros, or with another page."""
    whole = path.read_bytes()
    for number in sorted(numbers):
        other = draw.randrange(len(whole) // PAGE) * PAGE
        raw = draw.choice((draw.randbytes(PAGE), bytes(PAGE), whole[other : other + PAGE]))
        overwrite(path, (number - 1) * PAGE, raw)


def check(large: Path, folder: Path, seed: int, hurt: set[int] | None = None) -> None:
    """Spoil some pages, look, mend, and compare."""
    data = shutil.copytree(large, folder / "data")
    path = data / "news.db"
    draw = random.Random(seed)
    count = path.stat().st_size // PAGE
    hurt = hurt or set(draw.sample(range(1, count + 1), draw.randint(1, 12)))
    safe = {url for url, pages in homes(path).items() if not pages & hurt}
    before = path.read_bytes()
    spoil(path, hurt, draw)
    damaged = path.read_bytes()
    found = ills(data)
    if not found:  # in free pages, or with what was there before
        return
    mended(data, found)
    assert ills(data) == [], (seed, hurt)
    kept = set(values(data, "SELECT url FROM articles"))
    assert safe <= kept, (seed, hurt)
    if aside := sorted(data.glob("news.db.damaged-*")):
        assert aside[0].read_bytes() == damaged
    assert damaged != before


@pytest.mark.parametrize("seed", range(2))
def test_of_a_damaged_database_every_article_of_whole_pages_is_saved(large: Path, tmp_path: Path, seed: int) -> None:
    check(large, tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 500))
def test_of_many_damaged_databases_too(large: Path, tmp_path: Path, seed: int) -> None:
    check(large, tmp_path, seed)


@pytest.mark.parametrize("tree", ["articles", "article_topics"])
def test_without_the_root_of_a_table_its_rows_are_saved(large: Path, tmp_path: Path, tree: str) -> None:
    path = large / "news.db"
    root = dict(sqlite3.connect(path).execute(ROOTS).fetchall())[tree]
    check(large, tmp_path, 1, {root})
    before, after = (values(place, "SELECT url FROM articles ORDER BY url") for place in (large, tmp_path / "data"))
    assert before == after


def test_what_is_saved_is_what_was_there(large: Path, tmp_path: Path) -> None:
    data = shutil.copytree(large, tmp_path / "data")
    overwrite(data / "news.db", 0, b"\xa5" * PAGE)
    mended(data)
    for name, shape in shapes().items():
        if name == "yields":  # counted again, by what candidates have come to
            continue
        columns = ", ".join(f'"{column.name}"' for column in shape.columns)
        query = f'SELECT {columns} FROM "{name}" ORDER BY {columns}'
        before, after = (sqlite3.connect(place / "news.db").execute(query).fetchall() for place in (large, data))
        assert before == after, name


def test_what_a_merge_and_the_days_have_entered_is_saved_too(large: Path, tmp_path: Path) -> None:
    data = shutil.copytree(large, tmp_path / "data")
    told = {
        "tracks": [("a-hash-of-words", 3), (-7_790_989_511_953_617_300, 3), (5, 4)],
        "tellings": [(3, "2019-03-12T18:00:00Z", "A headline", "A text", "hash")],
        "other_aliases": [("https://tal.example/other", 3, "requested")],
        "source_days": [(1, "2019-03-12", 4)],
    }
    columns = {"tracks": "*", "other_aliases": "*", "source_days": "source_id, day, asked",
               "tellings": "article_id, fetched, title, body, content_hash"}  # fmt: skip
    with closing(sqlite3.connect(data / "news.db")) as db:
        for name, rows_ in told.items():
            into = "" if columns[name] == "*" else f"({columns[name]})"
            db.execute(f"DELETE FROM {name}")
            db.executemany(f"INSERT INTO {name} {into} VALUES ({', '.join('?' * len(rows_[0]))})", rows_)
        db.execute("UPDATE versions SET tracked = 1")
        db.commit()
        root = dict(db.execute(ROOTS).fetchall())["candidates"]
    settled(data)
    overwrite(data / "news.db", (root - 1) * PAGE, bytes(PAGE))
    mended(data)
    with closing(sqlite3.connect(data / "news.db")) as db:
        for name, rows_ in told.items():
            assert sorted(db.execute(f"SELECT {columns[name]} FROM {name}").fetchall(), key=str) == sorted(
                rows_, key=str
            )
        assert db.execute("SELECT COUNT(*) FROM versions WHERE tracked").fetchone() == (0,)
    assert ills(data) == []


def test_what_only_the_log_has_is_saved_and_the_log_kept_aside(large: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    with closing(sqlite3.connect(large / "news.db")) as db:
        db.execute("UPDATE articles SET title = 'Only in the log' WHERE id = 3")
        db.commit()
        db.execute("UPDATE articles SET title = 'Never committed' WHERE id = 4")
        shutil.copytree(large, data)
        db.rollback()
        db.execute("UPDATE articles SET title = 'Gespräche in Doha enden mit Entwurf' WHERE id = 3")
        db.commit()
    (data / "news.db-shm").unlink()
    overwrite(data / "news.db", 0, b"\xa5" * PAGE)
    log = (data / "news.db-wal").read_bytes()
    file, wal = opened_pages(data / "news.db")
    with file, wal or file:
        number = next(number for number in RawPages(file, wal).newer if number > 1)
    overwrite(data / "news.db", (number - 1) * PAGE, b"\xa5" * PAGE)
    mended(data)
    titles = values(data, "SELECT title FROM articles")
    assert "Only in the log" in titles
    assert "Never committed" not in titles
    (aside,) = data.glob("news.db.damaged-*-wal")
    assert aside.read_bytes() == log
    assert ills(data) == []


def test_where_nothing_can_be_saved_nothing_is_changed(large: Path, tmp_path: Path) -> None:
    data = shutil.copytree(large, tmp_path / "data")
    path = data / "news.db"
    overwrite(path, 0, random.Random(1).randbytes(path.stat().st_size))
    before = path.read_bytes()
    with pytest.raises(StoreError, match="backup"):
        mended(data)
    assert path.read_bytes() == before
    assert {one.name for one in data.iterdir()} == {one.name for one in large.iterdir()}


def test_every_page_is_known_by_its_rows(large: Path) -> None:
    own = {name for name in shapes() if name != "yields"}
    file, _ = opened_pages(large / "news.db")
    with file:
        pages = RawPages(file, None)
        for name, numbers in trees(large / "news.db").items():
            for number in numbers:
                found = (
                    [*rows(pages, number)] if raw_rows.kind(pages.page(number), number) in raw_rows.WITH_ROWS else []
                )
                shape = table_of(found)
                if found and name in own:
                    assert shape is not None, name
                    assert shape.name == name
                elif found and name not in own:
                    assert shape is None, (name, shape)


@pytest.mark.parametrize("seed", range(4))
def test_no_bytes_end_the_reading_of_pages(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    page = bytearray(draw.randbytes(512) * 8)
    page[0] = draw.choice((2, 5, 10, 13))
    page[3:5] = draw.randrange(40).to_bytes(2, "big")
    page[7] = 0
    (tmp_path / "news.db").write_bytes(bytes(page) * 4)
    file, _ = opened_pages(tmp_path / "news.db")
    with file:
        pages = RawPages(file, None)
        for number in range(1, 5):
            assert isinstance([*raw_rows.reached(pages, number, set())], list)
            assert len([*rows(pages, number)]) <= 40


@pytest.mark.parametrize(("name", "other", "told"), [
    ("m009_catalogue", "m999_wings", "newer"), ("m008_judgement", "m007_extraction_", "er dossier"),
])  # fmt: skip
def test_what_another_release_wrote_is_left_to_it(
    large: Path, tmp_path: Path, name: str, other: str, told: str
) -> None:
    data = shutil.copytree(large, tmp_path / "data")
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("UPDATE _sqlite_migrations SET name = ? WHERE name = ?", [other, name])
        root = dict(db.execute(ROOTS).fetchall())["candidates"]
        db.commit()
    settled(data)
    overwrite(data / "news.db", (root - 1) * PAGE, bytes(PAGE))
    with pytest.raises(StoreError, match=told):
        mended(data)
    assert not [*data.glob("news.db.damaged*")]


def test_an_index_that_says_other_than_its_table_is_written_anew(large: Path, tmp_path: Path) -> None:
    data = shutil.copytree(large, tmp_path / "data")
    with closing(sqlite3.connect(data / "news.db")) as db:
        sql = db.execute("SELECT sql FROM sqlite_master WHERE name = 'articles_month'").fetchone()[0]
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = sql || ' WHERE id > 90' WHERE name = 'articles_month'")
        db.commit()
        db.execute("PRAGMA writable_schema = RESET")
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("REINDEX articles_month")
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'articles_month'", [sql])
        db.commit()
    assert [one.what[:14] for one in ills(data)] == ["indexes say ot"]
    assert mended(data) == [("database pages", "indexes written anew")]
    assert ills(data) == []


def test_who_is_referred_to_and_lost_is_made_up_for(large: Path, tmp_path: Path) -> None:
    data = shutil.copytree(large, tmp_path / "data")
    with closing(sqlite3.connect(data / "news.db")) as db:
        roots = dict(db.execute(ROOTS).fetchall())
    for name in ("outlets", "topics", "stories", "runs", "records"):
        overwrite(data / "news.db", (roots[name] - 1) * PAGE, bytes(PAGE))
    mended(data)
    assert ills(data) == []
    domains = "SELECT domain FROM outlets ORDER BY id"
    assert values(data, domains) == values(large, domains)
    assert values(data, "SELECT name FROM topics") == ["lost-1"]
    query = "SELECT GROUP_CONCAT(id) FROM articles GROUP BY story_id ORDER BY MIN(id)"
    assert values(data, query) == values(large, query)
