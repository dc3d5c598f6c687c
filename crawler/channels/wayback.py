"""The channel `wayback`: what a web archive has kept of a topic's outlets, and of the sources that they published.

Two ways in. The archive's index lists the pages of an outlet whose addresses promise something: no titles, and nothing
of outlets that name their pages by numbers. And captures of the outlet's own feeds, sitemaps and sections, read as
their channels read them, have titles, dates, and addresses of every kind: as of the days on which they were captured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain, islice, zip_longest

from crawler.channels.ask import Answer, Ask, Channel, ChannelRefused, sources_of
from crawler.channels.captures.captured import Captured
from crawler.channels.captures.cdx import Cdx, cdx_of, reply_without_rows
from crawler.channels.captures.cdx_questions import captures_url, digest_of, outlet_url, replay_base
from crawler.channels.captures.places import outlets_in, place_of, places_in
from crawler.channels.captures.replay import CAPTURE, capture_answer, capture_ask, captures_answer, put_off
from crawler.channels.captures.spans import cut, span_of
from crawler.channels.captures.telling import telling
from crawler.channels.past import NOTHING_ASKED, Open, Past
from crawler.channels.reading.fault import counted
from pipelines.items import Page
from pipelines.topic import Source, Topic

ENDPOINT = "https://web.archive.org/cdx/search/cdx"
MAX_QUESTIONS = 400  # of those that a run begins with: a quarter of an hour
MAX_PAGES = 5  # of the answer to one question, in one run
MAX_CAPTURES = 30  # of one source, in one run


class Wayback:
    """Ask a web archive's index for the pages of each outlet, and for captures of its sources to read them.

    `readers` are the channels that understand captured documents, by name: feeds, sitemaps, sections.
    """

    name = "wayback"
    gap = 2.5  # seconds: 24 requests a minute; the archive takes 30, and shuts out for an hour who goes on above that

    def __init__(self, readers: Mapping[str, Channel]) -> None:
        self.readers = readers

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> Iterator[Ask]:
        """A question for each outlet and month, and for each source and year, by turns, newest first.

        What is left of the bound of one run is left to the next: it goes on where the ledger says.
        """
        return islice(self._all_asks(topic, now, past), MAX_QUESTIONS)

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The pages that the index lists; or the links in a capture, and the next capture to ask. Never raises."""
        place = None if ask.kind == "outlet" else place_of(ask.query, topic, self.readers, now)
        if ask.kind.startswith(CAPTURE) and place is not None:
            return capture_answer(ask, page, place, self.readers[place.source.channel], topic)
        if (reply := reply_without_rows(ask, page)) is not None:
            return reply
        try:
            cdx = cdx_of(page)
        except ChannelRefused as refusal:
            return Answer(status="refused", reason=str(refusal), resume=ask.resume)
        if ask.kind == "outlet":
            return _outlet_answer(ask, cdx, topic)
        if place is None:
            return Answer(status="refused", reason="a question about a source that no channel reads")
        return captures_answer(ask, cdx, place)

    def unanswered(self, ask: Ask, answer: Answer) -> Answer:
        """The same; a capture that did not come goes to the end of its list, and the next run begins with another."""
        return replace(answer, resume=put_off(ask.resume)) if ask.kind.startswith(CAPTURE) else answer

    def most(self, topic: Topic, now: datetime) -> int:
        """Every question of a run with all its pages, and so many captures of each source."""
        total = 0
        for source in sources_of(topic, self.name, ENDPOINT):
            if (span := span_of(topic, now)) is not None:
                months, years = (len(cut([Open(since=span[0], until=span[1])], months=count)) for count in (1, 12))
                places = len(places_in(topic, source.only, self.readers, now))
                pages = min(len(outlets_in(topic, source.only)) * months, MAX_QUESTIONS) * MAX_PAGES
                total += pages + min(places * years, MAX_QUESTIONS) + places * max(MAX_CAPTURES, years)
        return total

    def _all_asks(self, topic: Topic, now: datetime, past: Past) -> Iterator[Ask]:
        if (span := span_of(topic, now)) is None:
            return
        for source in sources_of(topic, self.name, ENDPOINT):
            captures = self._captures(source, topic, span, now, past)
            pages = _pages(source, topic, span, now, past)
            yield from (ask for ask in chain.from_iterable(zip_longest(captures, pages)) if ask is not None)

    def _captures(
        self, source: Source, topic: Topic, span: tuple[datetime, datetime], now: datetime, past: Past
    ) -> list[Ask]:
        """The questions for captures of the topic's own sources, and the lists that earlier runs have begun to read."""
        asks: list[Ask] = []
        for place in places_in(topic, source.only, self.readers, now):
            parts = _parts(past, source.url, place.query, span, now, months=12)
            left = max(1, MAX_CAPTURES // max(1, len(parts)))
            for part in parts:
                if part.resume and (ask := capture_ask(source, place, part, left)) is not None:
                    asks.append(ask)
                    continue
                url = captures_url(source.url, place.url, Open(since=part.since, until=part.until))
                asks.append(_ask(source, "captures", url, place.query, part, trail=(str(left),)))
        return _newest_first(asks)


def _pages(source: Source, topic: Topic, span: tuple[datetime, datetime], now: datetime, past: Past) -> list[Ask]:
    """The questions for the pages of the topic's outlets."""
    words = telling(topic)
    asks = []
    for domain in outlets_in(topic, source.only):
        query = f"pages of {domain}" + (f", words {digest_of(words)}" if words else "")
        parts = _parts(past, source.url, query, span, now, months=1)
        asks += [_ask(source, "outlet", outlet_url(source.url, domain, part, words), query, part) for part in parts]
    return _newest_first(asks)


def _parts(
    past: Past, place: str, query: str, span: tuple[datetime, datetime], now: datetime, *, months: int
) -> list[Open]:
    """The parts of a window to ask; where the last answer was a refusal, the newest alone: it may be for good."""
    parts = cut(past.open(place, query, *span, now), months=months)
    last = past.last(place, query)
    return parts[-1:] if last is not None and last.status == "refused" and not last.resume else parts


def _ask(source: Source, kind: str, url: str, query: str, part: Open, trail: tuple[str, ...] = ()) -> Ask:
    return Ask(
        url=url,
        source=source,
        kind=kind,
        query=query,
        since=part.since,
        until=part.until,
        resume=part.resume,
        trail=trail,
        is_last_word=True,  # who goes on after a first 429 is shut out
    )


def _newest_first(asks: Iterable[Ask]) -> list[Ask]:
    return sorted(asks, key=lambda ask: ask.until.timestamp() if ask.until else 0.0, reverse=True)


def _outlet_answer(ask: Ask, cdx: Cdx, topic: Topic) -> Answer:
    """The pages of an outlet that promise something, and the next page of the index's answer."""
    domain = ask.query.removeprefix("pages of ").partition(",")[0]
    captured = Captured(topic, domain, replay_base(ask.source.url))
    captured.add(cdx.rows)
    notes = captured.notes()
    if cdx.unusable:
        notes.append(f"{counted(cdx.unusable, 'row', 'rows')} without time or address")
    if cdx.fault is not None:
        reason = "; ".join([cdx.fault.reason, *notes])
        return Answer(candidates=captured.candidates(), status=cdx.fault.status, reason=reason, resume=ask.resume)
    if cdx.resume and cdx.resume == ask.resume:
        return Answer(candidates=captured.candidates(), status="failed", reason="the index goes on where it began")
    if not cdx.resume:
        return Answer(candidates=captured.candidates(), reason="; ".join(notes))
    further = _further(ask, domain, cdx.resume, topic)
    notes.insert(0, "more to come" if further else f"more than {MAX_PAGES} pages; the rest is left to a later run")
    return Answer(
        candidates=captured.candidates(),
        asks=further,
        status="saturated",
        reason="; ".join(notes),
        resume=cdx.resume,
    )


def _further(ask: Ask, domain: str, key: str, topic: Topic) -> tuple[Ask, ...]:
    if ask.depth + 1 >= MAX_PAGES or ask.since is None or ask.until is None:
        return ()
    part = Open(since=ask.since, until=ask.until, resume=key)
    url = outlet_url(ask.source.url, domain, part, telling(topic))
    return (replace(ask, url=url, resume=key, depth=ask.depth + 1),)
