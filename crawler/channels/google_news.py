"""The channel `google_news`: the RSS search of Google News, by query and by days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice, pairwise, zip_longest
from urllib.parse import urlsplit

from crawler.channels.ask import Answer, Ask, sources_of
from crawler.channels.past import HALVED, NOTHING_ASKED, Past
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.reading.replies import reply_without_listing
from crawler.channels.reading.window import Window
from crawler.channels.search.announced import Announced
from crawler.channels.search.google_items import announce
from crawler.channels.search.locales import locale_of
from crawler.channels.search.newsfeed import NewsFeed
from crawler.channels.search.wording import asked_of, question_url
from pipelines.items import Page
from pipelines.topic import Source, Topic

ENDPOINT = "https://news.google.com/rss/search"
FULL = 100  # items; there is no second page
WIDEST = 8  # days of a first question: halved three times, it is one day
MOST_FIRST = 30  # first questions in one run
MOST_OF_ONE = 3 * WIDEST - 1  # questions that one becomes where every day is full: 1 + 2 + 4 + 8, and each day alone
REACH = timedelta(days=30)  # what a topic without a beginning is asked about
EARLIEST = date(2000, 1, 1)  # Google News is younger
DAY = timedelta(days=1)

CONSENT = "the consent page: Google asks visitors from here first; nothing is stored"
UNSUPPORTED = "Google has no such edition; name a source with other hl, gl and ceid parameters"
NOTHING_ALONE = "a hundred items with the day before, and none for the day alone"
_CONSENT_URL = re.compile(r"https?://consent\.(?:google|youtube)\.", re.IGNORECASE)
_CONSENT_PAGE = re.compile(r"//consent\.google\.|before you continue to google", re.IGNORECASE)
_UNSUPPORTED_URL = re.compile(r"https?://[^/?#]++/rss/unsupported(?:[/?#]|\Z)", re.IGNORECASE)
_SORRY_URL = re.compile(r"https?://[^/?#]++/sorry(?:[/?#]|\Z)", re.IGNORECASE)


class GoogleNews:
    """Ask Google News for each query of the topic, days at a time, fewer where an answer is full."""

    name = "google_news"
    gap = 3.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> tuple[Ask, ...]:
        """The newest days of every query first, as Google reaches back a few weeks; and each listing, as it stands.

        A source that is no search but a listing (a section, a topic of Google's) is asked without a query.
        """
        listings = [Ask(url=one.url, source=one, kind="listing", is_last_word=True) for one in _listings(topic)]
        searches = [
            _questions(source, asked_of(query, source.only), topic, now, past)
            for source in _searches(topic)
            for query in topic.queries
        ]
        in_turns = (ask for ask in chain.from_iterable(zip_longest(*searches)) if ask is not None)
        return (*listings, *islice(in_turns, MOST_FIRST))

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The pages that Google lists. Never raises.

        An answer of a hundred items is `saturated`, and the halves of its days are asked instead, down to one day.
        """
        if refusal := _refused_by(page):
            return Answer(status="refused", reason=refusal)
        if (reply := reply_without_listing(page)) is not None:
            return reply
        feed = NewsFeed.of(page)
        if feed.root != "rss":
            return Answer(status="refused", reason=_what(feed))
        announced = Announced(Window.of(topic), ask.source.only)
        announce(feed.items, announced, outlets_of(ENDPOINT, ask.source.url, ask.url), page.url)
        answer = announced.answer(len(feed.items), feed.fault)
        if answer.status == "complete" and ask.kind == "day" and not feed.items:
            return Answer(status="saturated", reason=NOTHING_ALONE)
        if answer.status == "complete" and len(feed.items) >= FULL:
            return _saturated(ask, answer, feed, topic)
        return answer

    def most(self, topic: Topic, now: datetime) -> int:
        """Every first question with all its halves, and the listings."""
        since, until = _span(topic, now)
        first_day, end = _days(since, until)
        pieces = -((first_day - end).days // WIDEST) if since < until else 0
        first = len(_searches(topic)) * len(topic.queries) * pieces
        return min(first, MOST_FIRST) * MOST_OF_ONE + len(_listings(topic))


def _searches(topic: Topic) -> list[Source]:
    return [source for source in sources_of(topic, GoogleNews.name, ENDPOINT) if _is_search(source)]


def _listings(topic: Topic) -> list[Source]:
    return [source for source in sources_of(topic, GoogleNews.name, ENDPOINT) if not _is_search(source)]


def _is_search(source: Source) -> bool:
    return urlsplit(source.url).path.rstrip("/").endswith("/search")


def _span(topic: Topic, now: datetime) -> tuple[datetime, datetime]:
    """The time that a topic asks about, as far as it is over."""
    now = now.replace(microsecond=0)
    until = min(_midnight(topic.until) + DAY, now) if topic.until and topic.until < now.date() else now
    since = _midnight(max(topic.since, EARLIEST)) if topic.since else until - REACH
    return since, until


def _questions(source: Source, query: str, topic: Topic, now: datetime, past: Past) -> Iterator[Ask]:
    """A query for every open part of the window, the newest first, at most WIDEST days at once."""
    since, until = _span(topic, now)
    if since >= until:
        return
    for part in reversed(past.open(source.url, query, since, until, now)):
        begin = _midnight(part.since.date())
        edges = [begin + timedelta(days=day) for day in range(0, (part.until - begin) // DAY + 1, WIDEST)]
        edges = [part.since, *(edge for edge in edges if part.since < edge < part.until), part.until]
        for first, last in reversed(list(pairwise(edges))):
            yield _question(source, query, topic, first, last)


def _question(
    source: Source, query: str, topic: Topic, since: datetime, until: datetime, *, depth: int = 0, kind: str = "search"
) -> Ask:
    """A query about a time.

    Google counts in days, in a zone that it does not tell, and does not say whether `after` includes its own day. Asked
    from the day before, each question also covers what its first day may lack; `before` is the first day left out. A
    question of the kind "day" is about its one day alone.
    """
    first, end = _days(since, until)
    after = first if kind == "day" else first - DAY
    words = f"{query} after:{after.isoformat()} before:{end.isoformat()}"
    return Ask(
        url=question_url(source.url, words, locale_of(topic.language).google),
        source=source,
        kind=kind,
        depth=depth,
        query=query,
        since=since,
        until=until,
        is_last_word=True,
    )


def _saturated(ask: Ask, answer: Answer, feed: NewsFeed, topic: Topic) -> Answer:
    """The answer of a full page: with narrower questions, where there are any and Google heeds the days."""
    reason = "; ".join(filter(None, (f"{FULL} items, and Google lists no more", answer.reason)))
    answer = replace(answer, status="saturated", reason=reason)
    if ask.since is None or ask.until is None or ask.kind == "day":
        return answer
    dates = [item.published for item in feed.items if item.published]
    if dates and not any(ask.since - DAY <= moment <= ask.until + DAY for moment in dates):
        return replace(answer, reason=f"{reason}; none of these days, so that fewer would get the same")
    return replace(answer, asks=_narrower(ask, topic, ask.since, ask.until), resume=HALVED)


def _narrower(ask: Ask, topic: Topic, since: datetime, until: datetime) -> tuple[Ask, ...]:
    """The halves of a question's days, the newer first; of one day, the day without the one before it."""
    first, end = _days(since, until)
    middle = _midnight(first + (end - first).days // 2 * DAY)
    is_day = end - first == DAY
    parts = [(since, until)] if is_day else [(middle, until), (since, middle)]
    kind = "day" if is_day else "search"
    return tuple(_question(ask.source, ask.query, topic, *part, depth=ask.depth + 1, kind=kind) for part in parts)


def _refused_by(page: Page) -> str:
    """Why Google has sent us elsewhere; empty where it has not."""
    if _CONSENT_URL.match(page.url):
        return CONSENT
    if _UNSUPPORTED_URL.match(page.url):
        return UNSUPPORTED
    return "Google asks for a rest: too many questions came from here" if _SORRY_URL.match(page.url) else ""


def _what(feed: NewsFeed) -> str:
    """What came instead of RSS."""
    if feed.root == "html":
        return CONSENT if _CONSENT_PAGE.search(feed.head) else "a page where RSS was asked"
    return "not RSS"


def _days(since: datetime, until: datetime) -> tuple[date, date]:
    """The first day of a time, and the first day after it."""
    return since.date(), (until - timedelta(microseconds=1)).date() + DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
