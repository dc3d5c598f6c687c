"""The channel `feeds`: RSS, RDF, Atom and JSON Feed, and pages that name their feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crawler.channels.ask import Answer, Ask, ChannelRefused, sources_of
from crawler.channels.past import NOTHING_ASKED, Past
from crawler.channels.reading.document import FEEDS, SITEMAPS, Document
from crawler.channels.reading.fault import counted
from crawler.channels.reading.homepage import MAX_FEEDS, feeds_of
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.reading.replies import reply_without_listing
from crawler.channels.steps.guesses import GONE, Guesses, is_front
from crawler.channels.steps.paging import MAX_PAGES, asks_of, followed, shared
from pipelines.items import Page
from pipelines.topic import Topic

MAX_DEPTH = 2  # a page may name a page that names the feed
MAX_TOLD = 400  # characters of addresses in a reason
USUAL = Guesses(what="feed", paths=("/feed", "/rss.xml", "/feed.xml", "/rss", "/atom.xml", "/index.xml", "/feeds"))


class Feeds:
    """Ask a feed for its items; ask a page for its feeds."""

    name = "feeds"
    gap = 0.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> tuple[Ask, ...]:
        """One question for each feed (or home page) of the topic, and one for each whose older pages were left."""
        return tuple(
            replace(ask, trail=(*ask.trail, *USUAL.skipped(ask.url, past, now))) if is_front(ask.url) else ask
            for source in sources_of(topic, self.name)
            for ask in asks_of(source, topic, past, now)
        )

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The items of a feed, or the feeds that a page names. Never raises.

        A document that is cut is `failed` and keeps the items before the cut; one beyond our bounds is `saturated`. A
        guessed feed or a further page that does not exist is `complete`: nothing was promised.
        """
        answer = _gone(ask, page) if page.status in GONE and ask.kind in ("guess", "page") else None
        answer = answer or reply_without_listing(page) or _read(ask, page, topic)
        if ask.kind == "guess" and answer.status == "refused":
            return USUAL.missed(ask, page, answer)
        if ask.kind == "page" and answer.status in ("failed", "refused"):
            return replace(answer, resume=ask.url)
        return answer

    def most(self, topic: Topic, now: datetime) -> int:
        """Each source once, with the feeds that a page names (or the usual places) and the older pages of these."""
        return len(sources_of(topic, self.name)) * (1 + MAX_FEEDS + MAX_PAGES)


def _gone(ask: Ask, page: Page) -> Answer:
    if ask.kind == "guess":
        return USUAL.missed(ask, page)
    return Answer(reason=f"no further page (HTTP {page.status})")


def _read(ask: Ask, page: Page, topic: Topic) -> Answer:
    try:
        document = Document.of(page)
    except ChannelRefused as refusal:
        return Answer(status="refused", reason=str(refusal))
    if document.root in FEEDS:
        return followed(ask, page, topic, document, document.listing.answer(document.fault))
    if document.root in SITEMAPS:
        return Answer(status="refused", reason="a sitemap, not a feed: name it as a source of the channel sitemaps")
    if ask.kind == "guess":
        return USUAL.missed(ask, page)
    if document.root == "html":
        return _page_answer(ask, page, document.head)
    return Answer(status="refused", reason="neither a feed nor a page")


def _page_answer(ask: Ask, page: Page, head: str) -> Answer:
    if ask.depth >= MAX_DEPTH or ask.kind == "page":
        return Answer(status="refused", reason="a page where a feed was announced")
    outlets = outlets_of(ask.source.url, ask.url, page.url)
    feeds = [url for url in feeds_of(page, head, outlets) if url != ask.url]
    if not feeds:
        return _feedless(ask)
    trail = shared(ask, len(feeds))
    asks = tuple(Ask(url=url, source=ask.source, kind="feed", depth=ask.depth + 1, trail=trail) for url in feeds)
    return Answer(asks=asks, reason=f"a page that names {counted(len(feeds), 'feed', 'feeds')}: {_shown(feeds)}")


def _feedless(ask: Ask) -> Answer:
    """A page that names no feed; the front page of a site may have one for all that."""
    reason = "a page that names no feed of its outlet"
    if not ask.depth and is_front(ask.url):
        if asks := USUAL.first(ask):
            return Answer(asks=asks, reason=f"{reason}; asking the usual places")
        reason += ", and there is none at the usual places"
    return Answer(status="refused", reason=reason)


def _shown(urls: list[str]) -> str:
    """As many addresses as a reason has room for, the first in any case."""
    told = urls[0]
    for url in urls[1:]:
        if len(told) + len(url) > MAX_TOLD:
            return f"{told} and others"
        told += f" {url}"
    return told
