"""Datasette's own pages of tables, rows and questions: what they show first, and that they stay quick."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from datasette.utils import parse_metadata

from archive.datasette.plugins.canned import QUERIES
from archive.serve import FILES
from archive.serving.doorkeeper import Rules
from archive.store import Archive
from tests.filling import fill
from tests.serving import Visitor, serving

TABLES = parse_metadata((FILES / "metadata.yaml").read_text(encoding="utf-8"))["databases"]["news"]["tables"]
SMALL = {"outlets", "sources", "topics", "runs", "story_rulings"}  # do not grow with the archive


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def get(data: Path) -> Iterator[Visitor]:
    with serving(data) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def own(data: Path) -> Iterator[Visitor]:
    """As with `--private`."""
    with serving(data, Rules(is_private=True)) as visitor:
        yield visitor


def titles(get: Visitor, query: str) -> list[str]:
    return [row["title"] for row in get(f"/news/articles.json?_shape=array&{query}").json()]


def test_articles_come_newest_first_with_the_good_columns_first(get: Visitor) -> None:
    assert titles(get, "")[:2] == ["Gespräche in Doha enden mit Entwurf", "Talks in Doha end with draft"]
    page = get("/news/articles").text
    columns = re.findall(r'<th class="col-([a-z_]+)', page)
    assert columns[:6] == ["id", "published", "outlet_id", "title", "byline", "words"]
    assert "body" not in columns, "long texts stand on the page of each row"
    assert "?_columns=all" in page
    columns = re.findall(r'<th class="col-([a-z_]+)', get("/news/articles?_columns=all").text)
    assert columns[:6] == ["id", "published", "outlet_id", "title", "byline", "words"]
    assert columns[-1] == "body"
    assert 'col-body"' in get("/news/articles?_col=body").text
    assert '<a href="/article/3">Gespräche in Doha' in page
    assert '<a href="/news/outlets/1">wire.example</a>' in page


def test_a_long_text_is_cut_in_a_table_and_whole_in_its_row(tmp_path: Path) -> None:
    with closing(Archive.open(fill(tmp_path))) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET body = ? WHERE id = 1", ["word " * 5000 + "end"])
    with serving(tmp_path) as get:
        assert len(get("/news/articles").content) < 60_000
        assert "word end</dd>" in get("/news/articles/1").text


def test_a_page_of_a_table_that_grows_is_read_through_an_index(data: Path) -> None:
    with closing(sqlite3.connect(data / "news.db")) as db:
        for table, about in TABLES.items():
            if table in SMALL or about.get("hidden"):
                continue
            assert not about.get("facets"), table
            for column in {*about.get("sortable_columns", []), about.get("sort_desc", "rowid")} - {"rowid"}:
                plan = db.execute(
                    f"EXPLAIN QUERY PLAN SELECT * FROM {table} ORDER BY {column} DESC LIMIT 41"
                ).fetchall()
                assert not any("TEMP B-TREE" in step[3] for step in plan), (table, column)


def test_every_table_is_either_described_or_internal(data: Path) -> None:
    with closing(sqlite3.connect(data / "news.db")) as db:
        names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
    assert names <= {name for name, about in TABLES.items() if about.get("hidden") or about.get("description")}


def test_a_row_counts_what_belongs_to_it_by_an_index_only(get: Visitor) -> None:
    outlet = get("/news/outlets/1").text
    assert "Articles by outlet_id" in outlet
    assert "article_lines" not in outlet
    assert "record_id</a>" not in get("/news/records/1").text


@pytest.mark.parametrize("name", QUERIES)
def test_every_question_has_a_title_and_says_what_it_answers(get: Visitor, name: str) -> None:
    listing = get("/news").text
    assert QUERIES[name]["title"] in listing
    assert QUERIES[name]["description"] in get(f"/news/{name}").text
    assert get(f"/news/{name}.json").json()["rows"]


def test_internal_tables_are_not_listed(get: Visitor, own: Visitor) -> None:
    def listed(visitor: Visitor) -> set[str]:
        return {one["name"] for one in visitor("/news.json").json()["tables"]} - {"articles_fts"}

    hidden = {name for name, about in TABLES.items() if about.get("hidden")}
    assert {"articles", "stories", "outlets", "candidates"} <= listed(get)
    assert not listed(get) & hidden
    assert "fingerprints" in listed(own)


def test_every_column_that_is_described_or_sorted_by_exists(data: Path) -> None:
    with closing(sqlite3.connect(data / "news.db")) as db:
        for table, about in TABLES.items():
            columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
            named = {*about.get("columns", {}), *about.get("sortable_columns", []), *about.get("facets", [])}
            named |= {about[key] for key in ("sort_desc", "label_column") if key in about}
            assert named <= columns, table
