from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.opened import Get
from tests.placed import AUTHORS, Parsed


def test_a_name_says_where_it_stands_and_that_people_are_not_told_apart(places: Get) -> None:
    page = Parsed(places("/author/Mina%20Rahimi").text)
    assert page.text.count("People of one name are not told apart") == 1
    assert "Doha talks end with a draft" in page.text
    assert "/outlet/wire.example" in page.all("a", "href")
    assert "/topic/talks" in page.all("a", "href")
    assert "/search.atom?q=author:%22Mina%20Rahimi%22" in page.all("link", "href")


@pytest.mark.parametrize("author", AUTHORS)
def test_any_name_has_an_address(places: Get, author: str) -> None:
    answer = places(f"/author/{quote(author, safe='')}")
    assert answer.status_code == 200
    assert "Nothing new, day" in answer.text
