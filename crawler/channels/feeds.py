"""The channel `feeds`: RSS, RDF, Atom and JSON Feed, and pages that name their feeds."""

from __future__ import annotations

from datetime import datetime

from crawler.channels.ask import Answer, Ask, ChannelRefused, sources_of
from crawler.channels.past import NOTHING_ASKED, Past
from crawler.channels.reading.document import FEEDS, SITEMAPS, Document
from crawler.channels.reading.fault import counted
from crawler.channels.reading.homepage import feeds_of
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.reading.replies import reply_without_listing
from pipelines.items import Page
from pipelines.topic import Topic

MAX_DEPTH = 2  # a page may name a page that names the feed


class Feeds:
    """Ask a feed for its items; ask a page for its feeds."""

    name = "feeds"
    gap = 0.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> tuple[Ask, ...]:
        """One question for each feed (or home page) of the topic."""
        return tuple(Ask(url=source.url, source=source, kind="feed") for source in sources_of(topic, self.name))

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The items of a feed, or the feeds that a page names. Never raises.

        A document that is cut is `failed` and keeps the items before the cut; one beyond our bounds is `saturated`.
        """
        if (reply := reply_without_listing(page)) is not None:
            return reply
        try:
            document = Document.of(page)
        except ChannelRefused as refusal:
            return Answer(status="refused", reason=str(refusal))
        if document.root in FEEDS:
            return document.listing.answer(document.fault)
        if document.root in SITEMAPS:
            return Answer(status="refused", reason="a sitemap, not a feed: name it as a source of the channel sitemaps")
        if document.root == "html":
            return _page_answer(ask, page, document.head)
        return Answer(status="refused", reason="neither a feed nor a page")

    def most(self, topic: Topic, now: datetime) -> int:
        """Each source once, where a page answers the feeds that it names."""
        return len(sources_of(topic, self.name))


def _page_answer(ask: Ask, page: Page, head: str) -> Answer:
    if ask.depth >= MAX_DEPTH:
        return Answer(status="refused", reason="a page where a feed was announced")
    outlets = outlets_of(ask.source.url, ask.url, page.url)
    feeds = [url for url in feeds_of(page, head, outlets) if url != ask.url]
    if not feeds:
        return Answer(status="refused", reason="a page that names no feed of its outlet")
    asks = tuple(Ask(url=url, source=ask.source, kind="feed", depth=ask.depth + 1) for url in feeds)
    return Answer(asks=asks, reason=f"a page that names {counted(len(feeds), 'feed', 'feeds')}")
