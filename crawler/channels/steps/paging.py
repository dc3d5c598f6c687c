"""The older pages of a feed: asked as far as they reach back into the topic's window, and once only.

The first page is asked in every run. What lies behind it is read once, back to the window's beginning; where a run's
bound cuts that short, the ledger says where the next run goes on. From then on pages are followed only back to the
last look, which a feed that is asked often enough reaches on its first page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from crawler.channels.ask import Answer, Ask
from crawler.channels.past import Past, Question
from crawler.channels.reading.document import Document
from crawler.channels.reading.homepage import header_links
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.reading.window import MARGIN
from crawler.channels.steps.trail import mark, note, told
from pipelines.items import Page
from pipelines.topic import Source, Topic
from pipelines.urls import canonical

MAX_PAGES = 10  # of one source in one run
RESUMED = 5  # of these, for a way that an earlier run left unfinished
UNBIDDEN = 1  # pages behind the first, where the topic does not say how far back it looks
OVERLAP = timedelta(hours=3)  # an entry may be dated before it was listed
REST = timedelta(days=1)  # after a page that failed

OLDER = "older pages"
OLDER_OF_FEEDS = "older pages of its feeds"
NEWER = "pages since the last look"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How far to go on: how many more pages, back to when all is known already, and the marks of what was seen."""

    left: int = MAX_PAGES - 1
    known: datetime | None = None
    seen: tuple[str, ...] = ()

    @classmethod
    def of(cls, ask: Ask) -> Way:
        """The way that an ask is on."""
        left, known = told(ask.trail, "left"), told(ask.trail, "known")
        return cls(
            left=int(left[0]) if left else MAX_PAGES - 1,
            known=datetime.fromisoformat(known[0]) if known else None,
            seen=told(ask.trail, "seen"),
        )

    @property
    def trail(self) -> tuple[str, ...]:
        """The way as an ask carries it."""
        known = (note("known", self.known.isoformat()),) if self.known else ()
        return (note("left", self.left), *known, *(note("seen", one) for one in self.seen))


def asks_of(source: Source, topic: Topic, past: Past, now: datetime) -> Iterator[Ask]:
    """The question for a feed's first page, and one for where an earlier run left off on the way back."""
    older = past.last(source.url, OLDER) or past.last(source.url, OLDER_OF_FEEDS)
    since = _since(topic)
    if older is not None and _reaches_less(older, since):
        older = None
    known = _known(past.last(source.url), older, topic, now)
    resume = older.resume if older is not None and older.query == OLDER and known and not _rests(older, now) else ""
    most = MAX_PAGES if topic.since else UNBIDDEN + 1
    left = (most if known is None else MAX_PAGES - RESUMED if resume else MAX_PAGES) - 1
    yield Ask(url=source.url, source=source, kind="feed", trail=Way(left=left, known=known).trail)
    if resume:
        way = Way(left=RESUMED - 1)
        yield Ask(url=resume, source=source, kind="page", depth=1, query=OLDER, since=since, trail=way.trail)


def shared(ask: Ask, feeds: int) -> tuple[str, ...]:
    """The trail for each of the feeds that a page names: together they have as many pages as one source."""
    way = Way.of(ask)
    return replace(way, left=max(way.left // feeds, 1)).trail


def followed(ask: Ask, page: Page, topic: Topic, document: Document, answer: Answer) -> Answer:
    """The answer of a feed with the question for its next page, where that can reach further into the window."""
    url = next_of(ask, page, document)
    if not url or answer.status != "complete" or _is_past(ask, topic, document):
        return answer
    way = Way.of(ask)
    seen = (*way.seen, *(mark([one]) for one in (ask.url, page.url)), mark(found.url for found in answer.candidates))
    if mark([url]) in seen or seen[-1] in way.seen:
        return replace(answer, reason=_more(answer.reason, "its next page is one that was read before"))
    query = ask.query if ask.kind == "page" else _query(ask, way)
    resume = url if query == OLDER and (ask.kind == "page" or not way.left) else ""
    if not way.left:
        return _cut(answer, topic, resume)
    trail = replace(way, left=way.left - 1, seen=tuple(dict.fromkeys(seen))).trail
    further = Ask(
        url=url, source=ask.source, kind="page", depth=ask.depth + 1, query=query, since=_since(topic), trail=trail
    )
    return replace(answer, asks=(further,), resume=resume)


def next_of(ask: Ask, page: Page, document: Document) -> str:
    """Where a feed says that it goes on: in itself or in its Link header, at its own outlet; else an empty string."""
    named = (url for url, said in header_links(page) if "next" in said.get("rel", "").lower().split())
    try:
        url = canonical(document.next or next(named, ""))
    except ValueError:
        return ""
    return url if outlets_of(url) & outlets_of(ask.source.url, ask.url, page.url) else ""


def _query(ask: Ask, way: Way) -> str:
    if way.known is not None:
        return NEWER
    return OLDER if ask.url == ask.source.url else OLDER_OF_FEEDS


def _cut(answer: Answer, topic: Topic, resume: str) -> Answer:
    if topic.since is None:
        return replace(answer, reason=_more(answer.reason, "older pages are left: the topic has no `since`"))
    reason = _more(answer.reason, "more pages than are asked in one run")
    return replace(answer, status="saturated", reason=reason, resume=resume)


def _is_past(ask: Ask, topic: Topic, document: Document) -> bool:
    """Whether the pages behind this one are too old, or known. A page without dates leads nowhere that can be told."""
    listing, since, known = document.listing, _since(topic), Way.of(ask).known
    if listing.newest is None or listing.last is None:
        return True
    return bool((since and listing.newest < since - MARGIN) or (known and listing.last < known))


def _known(front: Question | None, older: Question | None, topic: Topic, now: datetime) -> datetime | None:
    """Since when all is known but what is new; None where the older pages are still to be read."""
    if front is None or older is None:
        return None
    if older.status in {"failed", "refused"} and not older.resume and not _rests(older, now):
        return None
    look = front.asked if front.status in {"complete", "saturated"} else min(front.asked, older.asked)
    if topic.until and look > datetime.combine(topic.until, time(), UTC) + timedelta(days=1) + MARGIN:
        return now  # what came since the last look is newer than the window
    return look - OVERLAP


def _rests(older: Question, now: datetime) -> bool:
    return older.status in {"failed", "refused"} and older.asked + REST > now


def _reaches_less(older: Question, since: datetime | None) -> bool:
    """Whether the window has since grown backwards."""
    return since is not None and (older.since is None or since < older.since)


def _since(topic: Topic) -> datetime | None:
    return datetime.combine(topic.since, time(), UTC) if topic.since else None


def _more(reason: str, further: str) -> str:
    return f"{reason}; {further}" if reason else further
