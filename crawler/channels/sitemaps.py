"""The channel `sitemaps`: news sitemaps, plain sitemaps, their indexes, and the robots.txt that names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin, urlsplit

from crawler.channels.ask import Answer, Ask, ChannelRefused, sources_of
from crawler.channels.past import NOTHING_ASKED, Past
from crawler.channels.reading.bodies import Body
from crawler.channels.reading.children import MAX_ASKED, Choice, choice
from crawler.channels.reading.document import FEEDS, SITEMAPS, Child, Document
from crawler.channels.reading.fault import counted
from crawler.channels.reading.markup import joined
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.reading.replies import REFUSALS, reply_without_listing
from crawler.channels.reading.window import Window
from crawler.channels.steps.guesses import GONE, Guesses, is_front
from pipelines.items import Page
from pipelines.topic import Source, Topic
from pipelines.urls import canonical

USUAL = Guesses(
    what="sitemap",
    paths=(
        "/sitemap-news.xml", "/news-sitemap.xml", "/sitemap_news.xml", "/sitemap.xml", "/sitemap_index.xml",
        "/google-news-sitemap.xml", "/googlenewssitemap.xml", "/news/sitemap_news.xml", "/sitemap/news.xml",
        "/sitemaps/news.xml", "/arc/outboundfeeds/news-sitemap/?outputType=xml", "/arc/outboundfeeds/sitemap/latest/",
        "/arc/outboundfeeds/sitemap-index/", "/tncms/sitemap/news.xml", "/feeds/sitemap_news.xml",
        "/news-sitemap-content.xml", "/sitemaps/sitemap-google-news.xml", "/sitemaps/new/news.xml.gz",
    ),
)  # fmt: skip
MAX_DEPTH = 3  # robots.txt, index, index of indexes, sitemap
MAX_NAMED = 5_000  # by one robots.txt
MAX_ROBOTS = 1 << 20  # characters of one; RFC 9309 asks for half of that
_NAMED = re.compile(r"^[ \t\ufeff]*+sitemap[ \t]*+:[ \t]*+([^\s#]\S*+)", re.IGNORECASE | re.MULTILINE)


class Sitemaps:
    """Ask a sitemap for its pages, an index for its sitemaps, and a site's robots.txt for both."""

    name = "sitemaps"
    gap = 0.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> tuple[Ask, ...]:
        """One question for each source of the topic: its sitemap, or robots.txt where it names a whole site."""
        return tuple(_first_ask(source, past, now) for source in sources_of(topic, self.name))

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The pages of a sitemap, or further sitemaps to ask. Never raises.

        A document that is cut is `failed` and keeps what stood before; one beyond our bounds is `saturated`. A guessed
        sitemap that does not exist is `complete`: nothing was promised.
        """
        window = Window.of(topic)
        if ask.kind == "robots":
            return _robots_answer(ask, page, window)
        if ask.kind == "guess" and page.status in GONE:
            return USUAL.missed(ask, page)
        answer = reply_without_listing(page) or _document_answer(ask, page, window)
        if ask.kind == "guess" and answer.status == "refused":
            return USUAL.missed(ask, page, answer)
        return answer

    def most(self, topic: Topic, now: datetime) -> int:
        """An index may name so many sitemaps that are worth asking, and may be the last of the usual places."""
        return len(sources_of(topic, self.name)) * (1 + len(USUAL.paths) + MAX_ASKED)


def _first_ask(source: Source, past: Past, now: datetime) -> Ask:
    if not is_front(source.url) and urlsplit(source.url).path != "/robots.txt":
        return Ask(url=source.url, source=source, kind="sitemap")
    url = urljoin(source.url, "/robots.txt")
    return Ask(url=url, source=source, kind="robots", trail=USUAL.skipped(url, past, now))


def _robots_answer(ask: Ask, page: Page, window: Window) -> Answer:
    """The sitemaps that a robots.txt names, on whichever host; the usual places where it names none or is not there."""
    if 400 <= page.status < 500 and page.status not in REFUSALS:
        return _guesses(ask, f"no robots.txt (HTTP {page.status})")
    reply = reply_without_listing(page)
    if reply is not None and page.status != 200:
        return reply
    named = islice(_NAMED.finditer(Body(page).text(MAX_ROBOTS).replace("\r", "\n")), MAX_NAMED)
    children = _usable([Child(url=joined(page.url, found[1])) for found in named], ask, page)
    if not children:
        return _guesses(ask, "robots.txt names no sitemap")
    return _children_answer(ask, choice(children, window), Answer())


def _guesses(ask: Ask, reason: str) -> Answer:
    if asks := USUAL.first(ask):
        return Answer(asks=asks, reason=f"{reason}; asking the usual places")
    return Answer(reason=f"{reason}, and there is none at the usual places")


def _document_answer(ask: Ask, page: Page, window: Window) -> Answer:
    try:
        document = Document.of(page, window)
    except ChannelRefused as refusal:
        return Answer(status="refused", reason=str(refusal))
    if document.root in SITEMAPS:
        answer = document.listing.answer(document.fault)
        children = _usable(_of_outlet(document.children, ask, page), ask, page)
        return _children_answer(ask, choice(children, window), answer)
    if document.root in FEEDS or document.root == "lines":
        return document.listing.answer(document.fault)
    if ask.kind == "guess":
        return USUAL.missed(ask, page)
    what = "a page" if document.root == "html" else "neither XML nor a list of addresses"
    return Answer(status="refused", reason=f"{what}, not a sitemap")


def _of_outlet(children: Sequence[Child], ask: Ask, page: Page) -> list[Child]:
    """The children of the source's outlet, or of the index's own: robots.txt may have named an index elsewhere."""
    trusted = outlets_of(ask.source.url, ask.url, page.url)
    return [child for child in children if outlets_of(child.url) & trusted]


def _usable(children: Sequence[Child], ask: Ask, page: Page) -> list[Child]:
    """The children with a usable address, but for the document itself."""
    found: dict[str, Child] = {}
    for child in children:
        try:
            url = canonical(child.url)
        except ValueError:
            continue
        if url not in (ask.url, page.url, *page.redirects):
            found.setdefault(url, replace(child, url=url))
    return list(found.values())


def _children_answer(ask: Ask, chosen: Choice, answer: Answer) -> Answer:
    """The answer of an index: what it lists itself, and questions to the sitemaps that were chosen."""
    if chosen.urls and ask.depth >= MAX_DEPTH:
        return replace(answer, status="saturated", reason=f"an index nested deeper than {MAX_DEPTH} levels")
    asks = tuple(Ask(url=url, source=ask.source, kind="sitemap", depth=ask.depth + 1) for url in chosen.urls)
    notes = [answer.reason] if answer.reason else []
    if chosen.outside:
        notes.append(f"{counted(chosen.outside, 'sitemap', 'sitemaps')} outside of the topic's window")
    if chosen.beyond:
        notes.append(f"asks {len(asks)} of {len(asks) + chosen.beyond} sitemaps")
    status = "saturated" if chosen.beyond and answer.status == "complete" else answer.status
    return replace(answer, asks=asks, status=status, reason="; ".join(notes))
