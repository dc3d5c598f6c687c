"""The channel `gdelt`: the article lists of GDELT's search, window by window, newest first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from crawler.channels.ask import Answer, Ask, ChannelRefused, sources_of
from crawler.channels.past import HALVED, NOTHING_ASKED, Past
from crawler.channels.reading.bodies import Body
from crawler.channels.reading.fault import Fault, counted
from crawler.channels.reading.listing import Listing
from crawler.channels.reading.replies import reply_without_listing
from crawler.channels.reading.window import NO_WINDOW
from crawler.channels.search.artlist import ArtList, art_entry
from crawler.channels.search.gdelt_queries import queries_of
from crawler.channels.search.gdelt_windows import MAX_RECORDS, halves, shares, windows
from crawler.channels.search.only import is_asked_about
from pipelines.items import Page
from pipelines.topic import Topic

ENDPOINT = "https://api.gdeltproject.org/api/v2/doc/doc"
MAX_ASKS = 400  # in one run, halves and all: at five seconds each, half an hour
MAX_FIRST = 150  # of them to begin with, so that as many are left for the halves

FIRST_PAUSE = 60.0  # seconds after the first "not now", twice as long after each further one
MAX_TRIES = 3
FULL = Fault(status="saturated", reason=f"{MAX_RECORDS} articles, which is all that GDELT shows")
_LIMIT = re.compile(r"limit\s{1,3}requests\s{1,3}to\s{1,3}one\b", re.IGNORECASE)


class Gdelt:
    """Ask GDELT for the articles of a window; where it holds more than one answer can, for its halves."""

    name = "gdelt"
    gap = 5.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> tuple[Ask, ...]:
        """One question for each query and each window that is still open, at most 150, the newest first."""
        still_open = [
            window
            for source in sources_of(topic, self.name, ENDPOINT)
            for query in queries_of(topic)
            for window in windows(source, query, topic, now, past)
        ]
        first = sorted(still_open, key=lambda window: window.until, reverse=True)[:MAX_FIRST]
        return tuple(window.ask(share) for window, share in zip(first, shares(len(first), MAX_ASKS), strict=True))

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The articles of a window, and questions about its halves where there are 250. Never raises.

        Told by what it says, not by its status: GDELT refuses with 200 and a line of text. "Not now" is to be asked
        again after a minute, then two, then four; every other refusal stands.
        """
        body = Body(page)
        if page.status == 429 or _is_too_fast(body.head):
            return _not_now(ask)
        if (reply := reply_without_listing(page)) is not None:
            return reply
        try:
            found = ArtList.of(body)
        except ChannelRefused as refusal:
            return Answer(status="refused", reason=str(refusal))
        return _answer(ask, found, now)

    def most(self, topic: Topic, now: datetime) -> int:
        """So many, halves included: what is left then stays open for the next run."""
        return MAX_ASKS if sources_of(topic, self.name, ENDPOINT) and queries_of(topic) else 0


def _is_too_fast(head: str) -> bool:
    """Whether this is GDELT's word on speed, and no article that quotes it."""
    return bool(_LIMIT.search(head[:2000])) and not head.lstrip("\ufeff \t\r\n").startswith("{")


def _not_now(ask: Ask) -> Answer:
    wait = FIRST_PAUSE * 2**ask.tries if 0 <= ask.tries < MAX_TRIES else 0.0
    return Answer(status="refused", reason="asked too fast: GDELT wants five seconds between two questions", wait=wait)


def _answer(ask: Ask, found: ArtList, now: datetime) -> Answer:
    if found.broken and not found.articles:
        return Answer(status="refused", reason=f"no readable article among {found.broken}")
    listing = Listing(NO_WINDOW)
    entries = [art_entry(article, now) for article in found.articles]
    wanted = [entry for entry in entries if is_asked_about(entry.url, ask.source)]
    for entry in wanted:
        listing.add(entry)
    elsewhere = len(entries) - len(wanted)
    notes = [f"{counted(elsewhere, 'article', 'articles')} of other domains"] if elsewhere else []
    notes += [f"{counted(found.broken, 'article', 'articles')} unreadable"] if found.broken else []
    is_full = found.length >= MAX_RECORDS and found.fault is None
    answer = listing.answer(FULL if is_full else found.fault, notes=notes)
    oldest = min((entry.published for entry in entries if entry.published), default=None)
    return _halved(ask, answer, oldest) if answer.status == "saturated" and is_full else answer


def _halved(ask: Ask, answer: Answer, oldest: datetime | None) -> Answer:
    """A full answer with the questions about both halves of its window, unless it is one slot.

    Where the run has no questions left for them the window stays open, for the next run to begin with.
    """
    asks = halves(ask, oldest)
    if asks is None:
        return answer
    word = "asking both halves of the window" if asks else "the halves of the window are left to the next run"
    return replace(answer, asks=asks, resume=HALVED, reason=f"{answer.reason}; {word}")
