from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from archive.pages.stories import CARRIERS, LOOKED, MOST, NEWEST, PAGES, WIDEST
from archive.queries import open_reader
from archive.store import Archive
from tests.filling import fill
from tests.opened import Get, opened


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of `fill`, and 70 stories of two articles each."""
    data = fill(tmp_path_factory.mktemp("stories"))
    archive = Archive.open(data)
    db = archive.db
    columns = [name for (name, *_) in db.execute("SELECT name FROM pragma_table_info('articles')") if name != "id"]
    told = {"url": "'https://copies.example/' || n.i", "title": "'Copied ' || n.i", "story_id": "1000 + n.i / 2",
            "published": "printf('2018-01-01T%02d:%02d:00Z', n.i / 60, n.i % 60)"}  # fmt: skip
    values = ", ".join(told.get(name, f"a.{name}") for name in columns)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 139)"
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute(
        f"{numbers} INSERT INTO articles ({', '.join(columns)}) SELECT {values} FROM n, articles AS a WHERE a.id = 1"
    )
    db.execute(
        "INSERT INTO stories (id, article_id, size, outlets)"
        " SELECT story_id, MIN(id), 2, 1 FROM articles WHERE story_id >= 1000 GROUP BY story_id"
    )
    db.conn.commit()
    archive.close()
    return data


@pytest.fixture(scope="module")
def get(data: Path) -> Iterator[Get]:
    with opened(data) as asked:
        yield asked


def titles(get: Get, path: str) -> list[str]:
    answer = get(path)
    assert answer.status_code == 200
    page: Any = html.fromstring(answer.text)
    links = page.xpath("//li[@class='entry']/h2/a")
    assert all(link.get("href").startswith("/story/") for link in links)
    return [link.text_content() for link in links]


@pytest.mark.parametrize("order", ["", "&order=newest"])
def test_pages_of_stories_have_each_story_once(get: Get, data: Path, order: str) -> None:
    found = [title for page in (1, 2, 3, 4) for title in titles(get, f"/stories?page={page}{order}")]
    db = open_reader(data)
    (expected,) = db.execute("SELECT COUNT(*) FROM stories WHERE size > 1").fetchone()
    db.close()
    assert len(found) == len(set(found)) == expected > 2 * MOST


def test_the_newest_come_in_the_order_of_their_originals(get: Get) -> None:
    numbers = [int(title.split()[1]) for title in titles(get, "/stories?order=newest&page=2") if "Copied" in title]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == MOST


def test_a_story_names_who_else_carries_it(get: Get) -> None:
    page: Any = html.fromstring(get("/stories").text)
    told = [" ".join(line.text_content().split()) for line in page.xpath("//li[@class='entry']/p[@class='small']")]
    assert told
    assert all(line.startswith("Also in ") for line in told)


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "999999999999", ""])
def test_odd_pages_are_pages(get: Get, page: str) -> None:
    assert get(f"/stories?page={page}").status_code == 200


def test_stories_are_read_through_indexes(data: Path) -> None:
    db = open_reader(data)
    for sql in (WIDEST, NEWEST, CARRIERS):
        values = {"limit": MOST, "skip": MOST * PAGES, "looked": LOOKED, "story": 1, "own": 1}
        plan = [str(step["detail"]) for step in db.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert not [step for step in plan if step.startswith(("SCAN articles", "SCAN stories", "SCAN a", "SCAN o"))]
    db.close()


def test_an_archive_without_copies_says_so(tmp_path: Path) -> None:
    Archive.open(tmp_path).close()
    with opened(tmp_path) as get:
        assert "No text is carried by more than one article yet" in get("/stories").text
