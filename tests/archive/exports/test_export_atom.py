"""The exported feed, read as RFC 4287 has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import HealthCheck, given, settings

from archive.atom import legal
from archive.exports.atom import feed, said
from archive.exports.progress import Progress
from tests.archive.exports.conftest import Choose
from tests.filling import ARTICLES
from tests.nasty_texts import NASTY

ATOM = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ONCE = {"id", "title", "updated"}


def read(pieces: Any) -> ET.Element:
    root = ET.fromstring(b"".join(pieces))
    assert root.tag == f"{ATOM}feed"
    for one in (root, *root.iter(f"{ATOM}entry")):
        for name in ONCE:
            assert len(one.findall(ATOM + name)) == 1, name
        assert TIME.fullmatch(one.findtext(f"{ATOM}updated") or "")
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one.findtext(f"{ATOM}id") or "")
        assert (one.findtext(f"{ATOM}author/{ATOM}name") or "").strip()
    for entry in root.iter(f"{ATOM}entry"):
        (link,) = entry.findall(f"{ATOM}link[@rel='alternate']")
        assert re.fullmatch(r"https?://[!-~]+", link.get("href") or "")
    names = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len(set(names)) == len(names)
    return root


def test_a_feed_has_the_newest_articles_and_its_time_is_that_of_the_newest(choose: Choose, progress: Progress) -> None:
    root = read(feed(choose("outlet:wire.example", limit=2), progress))
    assert [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")] == [
        ARTICLES[0]["title"],
        ARTICLES[3]["title"],
    ]
    assert root.findtext(f"{ATOM}updated") == ARTICLES[0]["published"]
    assert root.findtext(f"{ATOM}entry/{ATOM}content") == ARTICLES[0]["body"]
    assert progress.articles == 2


def test_the_same_question_is_the_same_feed_and_another_is_not(choose: Choose, progress: Progress) -> None:
    one, other = (read(feed(choose(typed), progress)).findtext(f"{ATOM}id") for typed in ("doha", "kabul"))
    assert one != other
    assert b"".join(feed(choose("doha"), progress)) == b"".join(feed(choose("doha"), progress))


def test_a_feed_of_nothing_is_a_feed(choose: Choose, progress: Progress) -> None:
    assert not list(read(feed(choose("nosuchword"), progress)).iter(f"{ATOM}entry"))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=NASTY, body=NASTY)
def test_whatever_an_article_says_comes_back_as_far_as_xml_has_room_for_it(
    saying: Callable[..., Any], title: str, body: str
) -> None:
    columns = {"title": title, "byline": title, "summary": body, "body": body}
    root = read(saying(lambda chosen, done: list(feed(chosen, done)), **columns))
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == (said(title) or "(no title)")
    content = root.findtext(f"{ATOM}entry/{ATOM}content") or ""
    # XML readers make one line feed of every end of a line.
    assert content == re.sub("\r\n?", "\n", legal(body))
