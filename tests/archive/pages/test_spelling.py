from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from archive.pages.spelling import LONGEST, respelled, slips
from archive.queries import Reader, open_reader
from tests.filling import fill
from tests.opened import Get, opened


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("spelling"))


@pytest.fixture(scope="module")
def db(data: Path) -> Iterator[Reader]:
    reader = open_reader(data)
    yield reader
    reader.close()


@pytest.mark.parametrize("typed", ["markt", "markett", "makret", "marked", "MARKT"])
def test_one_slip_is_seen_through(db: Reader, typed: str) -> None:
    assert "market" in respelled(db, typed)


@pytest.mark.parametrize("typed", ["zzzzzz", "mrk", "market-hall", "m4rket", "x" * (LONGEST + 1), "", '"" OR', "市場"])
def test_what_is_no_slip_stays(db: Reader, typed: str) -> None:
    assert respelled(db, typed) == []


def test_spellings_are_few_and_none_is_the_word_itself() -> None:
    found = list(slips("w" * (LONGEST - 1) + "v"))
    assert len(found) == len(set(found)) <= 800
    assert "w" * (LONGEST - 1) + "v" not in found


def test_only_what_finds_something_is_meant(data: Path) -> None:
    with opened(data) as get:
        assert meant(get, "/search?q=markt") == ["market"]
        assert meant(get, "/search?q=markt+until:1990") == []
        assert meant(get, "/search?q=market") == []
        page = get("/search?q=zzzzzz").text
        assert "Its beginning finds more" not in page, "a beginning that finds nothing is no help"


def meant(get: Get, path: str) -> list[Any]:
    answer = get(path)
    assert answer.status_code == 200
    page: Any = html.fromstring(answer.text)
    links = page.xpath("//p[@class='meant']/a")
    assert all(get(f"/search{link.get('href')}").text.count('class="entry"') for link in links)
    return [link.text_content() for link in links]
