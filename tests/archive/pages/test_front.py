from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from lxml import html

from archive.pages.front import SPAN, STORIES, TOPICS
from archive.pages.listing import ENTRIES, LANGUAGE
from tests.opened import Get, opened
from tests.stocked import stock


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stock(tmp_path_factory.mktemp("stocked"))


@pytest.fixture(scope="module")
def get(data: Path) -> Iterator[Get]:
    with opened(data) as asked:
        yield asked


def test_it_says_what_the_archive_is(get: Get) -> None:
    page = html.fromstring(get("/").text)
    figures = " ".join(page.xpath("string(//p[@class='figures'])").split())
    assert figures.startswith("45 articles 41 stories 12 outlets 1 January 2018 – ")
    assert page.xpath("string(//h1)") == "Peace talks"
    assert page.xpath("//form[@role='search']/@action") == ["/search"]
    assert len(page.xpath("//section[@class='latest']//li")) == 12
    assert page.xpath("//ol[@class='widest']//a/@href")[0].startswith("/story/")
    assert "/outlet/paper1.example" in page.xpath("//aside//ul[@class='counts']//a/@href")
    assert page.xpath("//aside//a[.='45 articles']/@href") == ["/search?q=topic:talks"]
    assert page.xpath("//aside//*[local-name()='svg']//*[local-name()='a']/@href")[0] == "/search?q=month:2018-01"


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/?q=truce+kind:video", "/search?q=truce+kind:video"),
        ("/?q=truce&order=oldest&copies=all&page=2", "/search?q=truce&order=oldest&copies=all&page=2"),
        ("/?q=", "/search?"),
        ("/?q=%0d%0aset-cookie:a=b", "/search?q=set-cookie:a%3Db"),
    ],
)
def test_a_question_leads_to_the_search_page(get: Get, path: str, to: str) -> None:
    answer = get(path)
    assert answer.status_code == 302
    assert answer.headers["location"] == to


def test_it_is_small_and_its_hostile_headlines_are_text(get: Get) -> None:
    page = get("/")
    assert len(page.content) <= 30_000
    assert "<script>alert" not in page.text
    assert "<b>Sons" not in page.text


@pytest.mark.parametrize("sql", [SPAN, TOPICS, STORIES, ENTRIES, LANGUAGE])
def test_no_query_reads_all_articles(data: Path, sql: str) -> None:
    with closing(sqlite3.connect(data / "news.db")) as db:
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", {"ids": "[1]", "limit": 6})]
    assert not [step for step in plan if re.match("SCAN (a|m|articles|article_topics)( |$)", step)]
