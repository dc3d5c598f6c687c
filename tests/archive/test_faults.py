"""What a visitor reads where a page cannot be made."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from datasette import Forbidden, NotFound
from datasette.plugins import pm
from datasette.views.base import DatasetteError

from archive.datasette.plugins.faults import fault_of, is_stock, words_of
from archive.pages.asked import Asked, Page
from archive.queries import Reader
from archive.serving import doorkeeper
from archive.serving.bounded import TooMuch
from archive.serving.readers import TooLong
from tests.filling import fill
from tests.serving import Visitor, serving


@pytest.mark.parametrize(
    ("fault", "is_stock_page", "status"),
    [
        (NotFound("x"), True, 404),
        (Forbidden("x"), False, 403),
        (DatasetteError("x", status=403), True, 403),
        (DatasetteError("Cannot sort table by x"), True, 400),
        (TooLong(), False, 400),
        (TooMuch(), True, 400),
        (ValueError("x"), True, 400),
        (ValueError("x"), False, 500),
        (sqlite3.OperationalError("disk I/O error"), False, 500),
    ],
)
def test_a_fault_is_that_of_whoever_made_it(fault: Exception, is_stock_page: bool, status: int) -> None:
    assert fault_of(fault, is_stock_page=is_stock_page).status == status


def test_what_a_visitor_made_up_is_no_fault_of_ours() -> None:
    assert is_stock("/news/articles", "_sort=x")
    assert is_stock("/news/articles/1,2", "")
    assert is_stock("/news/articles.x", "")
    assert not is_stock("/news/articles", "")
    assert not is_stock("/", "q=x")


def test_an_address_is_words_to_search_for() -> None:
    assert words_of("/2019/peace-talks_in/Doha.html") == "2019 peace talks in Doha html"
    assert len(words_of("/" + "a b" * 999)) <= 100


@pytest.fixture
def get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """An archive whose front page fails as its address says."""

    def failing(_db: Reader, asked: Asked) -> Page:
        faults = {"long": TooLong(), "much": TooMuch(), "broken": RuntimeError("secret of the house")}
        raise faults[asked.args["how"]]

    with serving(fill(tmp_path)) as visitor:
        monkeypatch.setattr(pm.get_plugin("routes.py"), "ROUTES", (("", failing),))
        visitor.app = visitor.served.app()
        yield visitor


def test_a_page_that_takes_too_long_says_what_to_do(get: Visitor) -> None:
    page = get("/?how=long")
    assert page.status_code == 400
    assert "Ask for less" in page.text
    assert "fewer rows" in get("/?how=much").text


def test_a_fault_of_ours_is_told_to_the_owner_and_not_to_the_visitor(
    get: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    page = get("/?how=broken")
    assert page.status_code == 500
    assert "secret" not in page.text
    assert "secret of the house" in capsys.readouterr().err
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert 'class="top"' in page.text


def test_a_page_of_ours_that_is_missing_is_missing_at_its_own_address(
    get: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = r"author/(?P<name>[^/]+)"
    monkeypatch.setattr(pm.get_plugin("routes.py"), "ROUTES", ((pattern, lambda _db, _asked: None),))
    monkeypatch.setattr(doorkeeper, "OURS", (re.compile(f"/{pattern}"),))
    get.app = get.served.app()
    page = get("/author/Mina%20Rahimi")
    assert (page.status_code, page.headers.get("location")) == (404, None)
    assert 'value="author Mina Rahimi"' in page.text


def test_for_programs_a_fault_is_json(get: Visitor) -> None:
    assert json.loads(get("/news/nothing.json").content) == {
        "ok": False,
        "error": doorkeeper.NOWHERE.text,
        "status": 404,
        "title": "Not found",
    }
