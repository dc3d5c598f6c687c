"""An archive whose places attack: names with slashes, quotes and marks of direction; and a server of it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from archive.rows import QuestionRow
from archive.store import Archive
from tests.filling import ARTICLES, NAMES, NOW, Filling, fill

AUTHORS = (
    "A/B & Söhne", "100% Real", 'Pat "Scoop" O\'Neil', "x?y=1#z", "\u202eMina \u05e2\u05d1\u05e8\u05d9\u05ea",
    "<script>alert(1)</script>", "a+b  c", "{{ 7 * 7 }}",
)  # fmt: skip
OUTLET = '<b onclick="x">Evil</b> & "Sons"\u202e'
TOPIC = 'Talks <script>alert("x")</script> \u202e& more'
DEFINITION = """
title = "Talks"
language = "en"
seeds = ["https://wire.example/seed", "/home/owner/secret.html", "javascript:alert(1)"]
queries = ['Doha "draft <b>framework</b>"']
never = ["cricket"]
[window]
since = 2018-12-01
until = 2019-06-30
[thresholds]
keep = 0.5
review = 0.3
[terms]
"doha" = 5
"<i>talks</i>" = 2.5
"nothing" = 0
[[sources]]
channel = "feeds"
url = "https://wire.example/feed.xml"
outlet = "Gulf Wire"
[[sources]]
channel = "sitemaps"
url = "https://wire.example/map.xml"
outlet = "Gulf Wire"
[[sources]]
channel = "gdelt"
"""


def place(data: Path) -> Path:
    """The archive of `tests/filling.py`, and an outlet of hostile names with an article by each of them."""
    fill(data)
    NAMES["evil.example"] = OUTLET
    archive = Archive.open(data)
    filling = Filling(archive, archive.topics.ensure("talks", TOPIC, DEFINITION))
    archive.topics.ensure("idle", "", "no [ toml")
    filling.run = archive.runs.start(filling.topic, NOW)
    filling.source = archive.sources.ensure("feeds", "https://evil.example/feed?<x>", "evil.example")
    archive.rechecks.next_look = lambda _look: None
    window = QuestionRow(
        place="", query="doha", since="2019-03-01T00:00:00Z", until="2019-04-01T00:00:00Z", status="saturated",
        asked=NOW, found=250,
    )  # fmt: skip
    archive.coverage.note(filling.run, filling.source, window)
    for number, author in enumerate(AUTHORS):
        filling.store(100 + number, evil(number, author))
    first = ARTICLES[0]["url"]
    kin = filling.known(first)
    carried = {**evil(50, f"{AUTHORS[0]}, Mina Rahimi"), "published": "2019-03-14T09:00:00Z", "wire": "AFP"}
    filling.store(200, carried, story_id=kin.story_id, story_relation="exact copy", story_similarity=1.0)
    archive.runs.finish(filling.run, "killed", {"outcome/stored": 9, "fetched": 12}, NOW)
    archive.close()
    return data


def evil(number: int, author: str) -> dict[str, Any]:
    """An article of the hostile outlet."""
    return {
        "url": f"https://evil.example/{number}", "outlet": "evil.example", "title": f"Nothing new, day {number}",
        "body": f"Nothing was said on day {number}, and nobody was there.", "byline": author, "section": "<u>World</u>",
        "published": f"2019-03-{number % 28 + 1:02}T08:00:00Z", "is_paywalled": number == 1,
    }  # fmt: skip


def bare(data: Path) -> Path:
    """An archive without an article, without a topic."""
    Archive.open(data).close()
    return data


class Parsed(HTMLParser):
    """The elements of a page by name, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """All words, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str, name: str) -> list[str]:
        """One attribute of all elements of a name that have it."""
        return [attrs[name] or "" for found, attrs in self.elements if found == tag and name in attrs]
