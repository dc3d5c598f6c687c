"""What pages of places ask goes through an index, or is the end of a table: it is as quick at a million articles."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest

from archive.pages import about, author, figures, month, outlet, runs, shelf, topic
from archive.store import Archive

LARGE = ("articles", "candidates", "sightings", "article_topics", "stories", "aliases", "records", "posts")
QUERIES = {
    f"{module.__name__.rpartition('.')[2]}.{name}": sql
    for module in (about, author, figures, month, outlet, runs, shelf, topic)
    for name, sql in inspect.getmembers(module)
    if name.isupper() and isinstance(sql, str) and "SELECT" in sql
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    opened = Archive.open(tmp_path_factory.mktemp("plans"))
    yield opened
    opened.close()


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_no_large_table_is_read_from_end_to_end(archive: Archive, name: str) -> None:
    sql = QUERIES[name]
    values = dict.fromkeys(re.findall(r":(\w+)", sql), "[]")
    plan = [row[3] for row in archive.db.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
    assert plan
    assert not [step for step in plan if re.match(rf"SCAN ({'|'.join(LARGE)})\b", step)]
    if any(re.match(r"SCAN (versions|events|coverage)\b(?!.*COVERING)", step) for step in plan):
        assert "ORDER BY id DESC LIMIT :limit" in sql
    assert not name.startswith("shelf.SHELF") or "USE TEMP B-TREE FOR ORDER BY" not in plan


def test_there_are_queries_to_look_at() -> None:
    assert len(QUERIES) > 15
