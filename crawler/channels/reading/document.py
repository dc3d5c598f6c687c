"""Any listing that a source may answer with: feed, sitemap, index, list of addresses, or a page that is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from crawler.channels.reading.bodies import Body
from crawler.channels.reading.entries import KEPT, Entry, feed_entry, is_address, sitemap_entry
from crawler.channels.reading.fault import Fault, cut_short
from crawler.channels.reading.jsonfeed import MAX_CHARACTERS, JsonItems, json_entry
from crawler.channels.reading.listing import Listing
from crawler.channels.reading.markup import Records, joined
from crawler.channels.reading.window import NO_WINDOW, Window
from pipelines.items import Page

FEEDS = ("rss", "rdf:rdf", "channel", "atom:feed", "feed", "json")
SITEMAPS = ("urlset", "sitemapindex")
MAX_CHILDREN = 50_000
MAX_LINE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap that an index names."""

    url: str
    modified: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Document:
    """What an answer is (`root`), what it lists, and what kept it from being read whole.

    `root` is one of FEEDS or SITEMAPS, "lines", "html", or empty for what is none of these. `head` is the beginning
    of its text; `next` is where a feed says that it goes on (an absolute URL, or empty).
    """

    listing: Listing
    root: str = ""
    head: str = field(default="", repr=False)
    children: list[Child] = field(default_factory=list)
    fault: Fault | None = None
    next: str = ""

    @classmethod
    def of(cls, page: Page, window: Window = NO_WINDOW) -> Document:
        """The document in an answer; ChannelRefused where it is JSON and no feed."""
        body = Body(page)
        document = cls(listing=Listing(window), head=body.head)
        begin = body.head.lstrip("\ufeff \t\r\n")[:20]
        if begin.startswith(("{", "[")):
            document._read_json(body.text(MAX_CHARACTERS), page.url)
        elif is_address(begin):
            document._read_lines(body)
        else:
            document._read_records(body, page.url)
        document.fault = body.fault or document.fault
        return document

    def _read_json(self, text: str, base: str) -> None:
        items = JsonItems(text)
        self.root = "json"
        for item in items:
            self.listing.add(json_entry(item, base))
            if self.listing.fault:
                break
        self.fault = cut_short() if items.is_cut else None
        self.next = joined(base, items.next) if items.next else ""

    def _read_records(self, body: Body, base: str) -> None:
        records = Records(body, base, KEPT)
        for node in records:
            if node.key == "url":
                self.listing.add(sitemap_entry(node))
            elif node.key == "sitemap":
                entry = sitemap_entry(node)
                self.children.append(Child(url=entry.url, modified=entry.modified))
            else:
                self.listing.add(feed_entry(node))
            if self.listing.fault or len(self.children) == MAX_CHILDREN:
                break
        self.root, self.fault, self.next = records.root, records.fault, records.next

    def _read_lines(self, body: Body) -> None:
        self.root = "lines"
        for line in filter(None, map(str.strip, _lines(body))):
            self.listing.add(Entry(url=line))
            if self.listing.fault:
                break


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    """The lines of a text; one of more than a million characters is let go."""
    waiting = ""
    for piece in pieces:
        *whole, waiting = (waiting + piece).replace("\r", "\n").split("\n")
        yield from whole
        waiting = waiting if len(waiting) < MAX_LINE else ""
    yield waiting
