from __future__ import annotations

import pytest

from crawler.channels.pages.anchors import Anchors
from crawler.channels.pages.pagination import next_page

PAGE = "https://daily.example/world/"


def following(markup: str, page: str = PAGE, ordinal: int = 2) -> str:
    found = next_page(Anchors.of([markup], page), page, ordinal, frozenset(("daily.example",)))
    return found.removeprefix("https://daily.example")


def numbered(*urls: str) -> str:
    return "".join(f"<a href='{url}'>{at}</a>" for at, url in enumerate(urls, 1))


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        ("<link rel=next href=/world/page/2/><a href=?page=3>3</a>", "/world/page/2/"),
        ("<a rel='nofollow next' href=?cursor=abc>More</a>", "/world/?cursor=abc"),
        (numbered("/world/", "/world/page/2/", "/world/page/3/"), "/world/page/2/"),
        (numbered("/world/", "?page=2", "?page=3"), "/world/?page=2"),
        (numbered("/world", "/world?p=2"), "/world?p=2"),
        (numbered("/world", "/world?lang=en&p=2"), ""),
        (numbered("?page=0", "?page=1", "?page=2"), "/world/?page=1"),
        (numbered("/world/", "?start=20", "?start=40"), "/world/?start=20"),
        ("<a href=?offset=20>more of it</a><a href=?offset=40>x</a>", "/world/?offset=20"),
        ("<a href=?page=1>x</a><a href=?page=3>x</a><a href=?page=2>x</a>", "/world/?page=2"),
        ("<a href=/world/2>2</a>", "/world/2"),
        ("<a href=/world/seite-2.html>2</a>", "/world/seite-2.html"),
        ("<a href=/world-p2>Weiter »</a>", "/world-p2"),
        ("<a href=/world/page/2/>Older posts</a>", "/world/page/2/"),
    ],
    ids=[
        "named in the head", "named by a link", "in the path", "in the query", "a bare number", "another list",
        "counted from zero", "entries", "entries by number alone", "the next number", "a number as a segment",
        "with an ending", "behind a mark", "by its words",
    ],
)  # fmt: skip
def test_the_page_after_the_first(markup: str, url: str) -> None:
    assert following(markup) == url


def test_the_page_after_a_later_one() -> None:
    markup = numbered("/world/", "/world/page/2/", "/world/page/3/", "/world/page/9/")
    assert following(markup, f"{PAGE}page/2/", 3) == "/world/page/3/"
    assert following(markup, f"{PAGE}page/9/", 10) == ""
    assert following(numbered("?page=0", "?page=1", "?page=2"), f"{PAGE}?page=1", 3) == "/world/?page=2"


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "<a href=/sport/page/2/>2</a>",
        "<a href=https://other.example/world/page/2/>2</a><link rel=next href=https://other.example/>",
        "<a href=/world/page/99999/>2</a>",
        "<link rel=next href=/2019/01/29/envoys-meet-in-doha>",
        "<link rel=next href=/world/>",
        "<link rel=next href='http://['>",
        "<link rel=next href='/a/b/a/b/a/b/page/2'>",
        "<a rel=next href='?page=100000'>next</a>",
    ],
    ids=[
        "nothing", "another section", "another outlet", "a number that no list reaches", "the next article", "itself",
        "no address", "a loop", "an endless page",
    ],
)  # fmt: skip
def test_a_list_that_does_not_go_on(markup: str) -> None:
    assert following(markup) == ""
