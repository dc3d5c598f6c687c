from __future__ import annotations

import re
from datetime import datetime

import pytest
from lxml import etree

from archive.pages.search_atom import legal
from tests.opened import Get

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def get(stocked: Get) -> Get:
    return stocked


def feed_of(get: Get, path: str) -> etree._Element:
    answer = get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.content)


def links(element: etree._Element) -> dict[str, str]:
    return {one.get("rel"): one.get("href") for one in element.findall(f"{ATOM}link")}


def test_it_has_all_that_the_standard_asks_for(get: Get) -> None:
    feed = feed_of(get, "/search.atom?q=truce&copies=all")
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 45
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
            assert element.findtext(f"{ATOM}{name}")
        assert element.find(f"{ATOM}author/{ATOM}name") is not None
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo
        assert "alternate" in links(element)
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one or "") for one in ids)


def test_it_has_the_newest_first_unless_the_order_says_otherwise(get: Get) -> None:
    def days(path: str) -> list[str]:
        return [one.text or "" for one in feed_of(get, path).iter(f"{ATOM}published")]

    newest, oldest = days("/search.atom?q=truce&copies=all"), days("/search.atom?q=truce&copies=all&order=oldest")
    assert newest == sorted(newest, reverse=True)
    assert oldest == sorted(newest)


def test_its_links_are_whole_and_carry_all_filters(get: Get) -> None:
    feed = feed_of(get, "/search.atom?q=truce+language:de&order=oldest&copies=all")
    query = "q=truce+language:de&order=oldest&copies=all"
    assert links(feed)["self"] == f"http://localhost/search.atom?{query}"
    assert links(feed)["alternate"] == f"http://localhost/search?{query}"
    assert len(feed.findall(f"{ATOM}entry")) == 5
    entry = links(feed.findall(f"{ATOM}entry")[0])
    assert entry["alternate"].startswith("http://localhost/article/")
    assert entry["via"].startswith("https://paper")


def test_an_undated_article_has_the_time_at_which_it_was_found(get: Get) -> None:
    entry = feed_of(get, "/search.atom?q=unique044").find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}updated") == "2019-03-12T18:00:00Z"
    assert entry.find(f"{ATOM}published") is None


def test_hostile_text_is_text_and_legal(get: Get) -> None:
    feed = feed_of(get, "/search.atom?q=script")
    title = feed.findtext(f"{ATOM}entry/{ATOM}title")
    assert title == '=HYPERLINK("https://evil.example/","<script>alert(1)</script>")[31m'
    assert not list(feed.iter("script"))
    assert feed_of(get, "/search.atom?q=%00%3C%2Ftitle%3E%EF%BF%BF") is not None


@pytest.mark.parametrize(
    ("text", "left"),
    [("a\x00b\x1bc", "abc"), ("a\ufffeb\uffff", "ab"), ("\ud800x", "x"), ("\t\n😀\u202e", "\t\n😀")],
    ids=["controls", "noncharacters", "a half of a pair", "what is legal"],
)
def test_what_xml_cannot_hold_is_left_out(text: str, left: str) -> None:
    assert legal(text) == left


def test_another_host_gets_its_own_links(get: Get) -> None:
    assert "http://localhost/search.atom" in get("/search.atom").text
    other = get("/search.atom", headers={"host": "press.example"}).text
    assert "http://press.example/search.atom" in other
    assert "localhost" not in other


def test_a_page_beyond_the_end_is_an_empty_feed(get: Get) -> None:
    feed = feed_of(get, "/search.atom?page=9")
    assert feed.findall(f"{ATOM}entry") == []
    assert feed.findtext(f"{ATOM}updated")
