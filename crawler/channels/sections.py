"""The channel `sections`: home pages and section pages, read for their links to articles, page after page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

from crawler.channels.ask import Answer, Ask, ChannelRefused, sources_of
from crawler.channels.past import NOTHING_ASKED, Past
from crawler.channels.reading.anchors import Anchors
from crawler.channels.reading.bodies import Body
from crawler.channels.reading.document import FEEDS, SITEMAPS, Document
from crawler.channels.reading.entries import Entry
from crawler.channels.reading.fault import counted
from crawler.channels.reading.listing import Listing
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.reading.pagination import next_page
from crawler.channels.reading.replies import reply_without_listing
from crawler.channels.reading.teasers import Teasers
from crawler.channels.reading.window import Window
from pipelines.items import Page
from pipelines.topic import Topic
from pipelines.urls import canonical

MAX_PAGES = 5
MAX_TRAIL = 20_000  # links of earlier pages that a chain remembers


class Sections:
    """Ask a page for its links, and the pages that go on where it ends."""

    name = "sections"
    gap = 0.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> tuple[Ask, ...]:
        """One question for each page that the topic names."""
        return tuple(Ask(url=source.url, source=source, kind="section") for source in sources_of(topic, self.name))

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The links of a page that lead to articles of its outlet, and the page after it. Never raises.

        A further page gives only what the earlier ones did not. A page with nothing to choose from is `refused`, a
        chain that goes on beyond our bound `saturated`.
        """
        if (reply := reply_without_listing(page)) is not None:
            return reply
        if refusal := _no_page(page):
            return Answer(status="refused", reason=refusal)
        body = Body(page)
        anchors = Anchors.of(body, page.url)
        anchors.fault = body.fault or anchors.fault
        outlets = outlets_of(ask.source.url, page.url)
        teasers = Teasers.of(anchors.links, _own(ask, page), outlets)
        if not teasers.titles:
            return _nothing(ask, anchors, teasers)
        return _listed(ask, page, anchors, teasers.entries(now), Window.of(topic))

    def most(self, topic: Topic, now: datetime) -> int:
        """Each source with the pages that go on from it."""
        return len(sources_of(topic, self.name)) * MAX_PAGES


def _no_page(page: Page) -> str:
    """Why an answer is no web page, empty where it is one or might be."""
    try:
        document = Document.of(page)
    except ChannelRefused as refusal:
        return str(refusal)
    if document.root in FEEDS:
        return "a feed, not a page: name it as a source of the channel feeds"
    if document.root in SITEMAPS or document.root == "lines":
        what = "a list of addresses" if document.root == "lines" else "a sitemap"
        return f"{what}, not a page: name it as a source of the channel sitemaps"
    return "" if document.root == "html" or "<" in document.head else "neither a page nor a listing"


def _own(ask: Ask, page: Page) -> frozenset[str]:
    own = set()
    for url in (ask.url, ask.source.url, page.url, *page.redirects):
        try:
            own.add(canonical(url))
        except ValueError:
            continue
    return frozenset(own)


def _nothing(ask: Ask, anchors: Anchors, teasers: Teasers) -> Answer:
    """The answer of a page without a link to choose; at the end of a chain that is no fault."""
    if anchors.fault and anchors.fault.status == "failed":
        return Answer(status="failed", reason=anchors.fault.reason)
    if ask.depth:
        return Answer(reason="no link to an article: the list ends here")
    if not teasers.usable:
        what = "a page without links" if not anchors.links else "a page without links to its own outlet"
        return Answer(
            status="refused", reason=f"{what}: it is drawn by scripts, or is a notice; name a feed or a sitemap instead"
        )
    links = counted(teasers.usable, "link", "links")
    return Answer(status="refused", reason=f"none of its {links} looks like an article's: name a section or a feed")


def _listed(ask: Ask, page: Page, anchors: Anchors, entries: Sequence[Entry], window: Window) -> Answer:
    seen = frozenset(ask.trail)
    marks = {entry.url: _mark(entry.url) for entry in entries}
    new = [entry for entry in entries if marks[entry.url] not in seen]
    if not new:
        return Answer(reason="nothing that the pages before did not have: the list ends here")
    listing = Listing(window)
    for entry in new:
        listing.add(entry)
    notes = [f"{counted(len(entries), 'link', 'links')} of {len(anchors.links):,} chosen"]
    if len(new) < len(entries):
        notes.append(f"{len(entries) - len(new):,} of them known from the pages before")
    answer = listing.answer(anchors.fault, notes=notes)
    following = next_page(anchors, page.url, ask.depth + 2, outlets_of(ask.source.url, page.url))
    if not following or following in _own(ask, page):
        return answer
    return _goes_on(ask, following, new, tuple(marks[entry.url] for entry in new), window, answer)


def _goes_on(
    ask: Ask, following: str, new: Sequence[Entry], marks: tuple[str, ...], window: Window, answer: Answer
) -> Answer:
    """The answer with the question to the next page, or with why it is not asked."""
    since = Window(since=window.since)
    dated = [entry for entry in new if entry.published]
    if dated and all(since.excludes(entry.published) for entry in dated):
        return _with(answer, "all dated links lie before the topic's window: the pages after are not asked")
    if ask.depth + 1 >= MAX_PAGES:
        return replace(
            _with(answer, f"goes on beyond the {MAX_PAGES} pages that one run asks"),
            status="saturated" if answer.status == "complete" else answer.status,
        )
    trail = (*ask.trail, *marks)[-MAX_TRAIL:]
    further = Ask(url=following, source=ask.source, kind="section", depth=ask.depth + 1, trail=trail)
    return replace(answer, asks=(further,))


def _with(answer: Answer, note: str) -> Answer:
    return replace(answer, reason=f"{answer.reason}; {note}" if answer.reason else note)


def _mark(url: str) -> str:
    """A link in eight characters."""
    return b64encode(blake2b(url.encode(), digest_size=6).digest()).decode()
