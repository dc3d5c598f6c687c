from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from archive.pages.addressed import ADDRESSED, LONGEST, SEEN, spellings
from archive.queries import open_reader, rows
from tests.filling import fill
from tests.opened import Get, opened


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("addressed"))


@pytest.fixture(scope="module")
def get(data: Path) -> Iterator[Get]:
    with opened(data) as asked:
        yield asked


def known(data: Path) -> str:
    db = open_reader(data)
    url = str(rows(db, "SELECT url FROM articles WHERE id = 1")[0]["url"])
    db.close()
    return url


@pytest.mark.parametrize("changed", ["{}", "  {}  ", "{}#comments", "{}?utm_source=mail&utm_medium=x", "{}/"])
def test_an_address_in_the_search_box_leads_to_its_article(get: Get, data: Path, changed: str) -> None:
    answer = get(f"/search?q={quote(changed.format(known(data)), safe='')}")
    assert (answer.status_code, answer.headers["location"]) == (302, "/article/1")


def test_the_other_scheme_and_a_loud_host_are_the_same_article(get: Get, data: Path) -> None:
    scheme, _, rest = known(data).partition("://")
    host, _, path = rest.partition("/")
    other = f"{'http' if scheme == 'https' else 'https'}://{host.upper()}/{path}"
    assert get(f"/article?url={quote(other, safe='')}").headers["location"] == "/article/1"


def test_an_unknown_address_leads_to_what_is_known_of_it(get: Get) -> None:
    answer = get("/search?q=https://nowhere.example/a%3Fb=c%26d")
    assert answer.status_code == 302
    page = get(answer.headers["location"])
    assert page.status_code == 404
    assert "https://nowhere.example/a?b=c&amp;d" in page.text
    assert "never met it" in page.text


@pytest.mark.parametrize(
    "typed", ["https://", "talks https://a.example/b", "ftp://a.example/b", "a.example/b", "x" * 99]
)
def test_all_else_is_searched_for(get: Get, typed: str) -> None:
    assert get(f"/search?q={quote(typed, safe='')}").status_code == 200


def test_spellings_are_few_and_keep_what_tells_articles_apart() -> None:
    found = spellings("HTTPS://News.example/story?id=7&utm_campaign=a&fbclid=b#top")
    assert "https://news.example/story?id=7" in found
    assert all("id=7" in one for one in found)
    assert len(found) <= 10
    assert spellings("") == []
    assert spellings("x" * 9000) == ["x" * LONGEST]
    assert len(spellings("http://a.example/?" + "&" * 2000)) <= 10


@pytest.mark.parametrize("sql", [ADDRESSED, SEEN])
def test_each_spelling_is_looked_up_in_an_index(data: Path, sql: str) -> None:
    db = open_reader(data)
    plan = [str(step["detail"]) for step in db.execute(f"EXPLAIN QUERY PLAN {sql}", {"urls": '["http://a.example/"]'})]
    db.close()
    assert not [step for step in plan if step.startswith(("SCAN a", "SCAN c", "SCAN articles", "SCAN candidates"))], (
        plan
    )
