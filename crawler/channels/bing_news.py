"""The channel `bing_news`: the RSS search of Bing News, which knows the newest only."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from crawler.channels.ask import Answer, Ask, sources_of
from crawler.channels.past import NOTHING_ASKED, REFUSED_AGAIN, Past
from crawler.channels.reading.entries import MAX_SUMMARY
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.reading.plaintext import plain
from crawler.channels.reading.replies import reply_without_listing
from crawler.channels.reading.window import Window
from crawler.channels.search.announced import Announced
from crawler.channels.search.locales import locale_of
from crawler.channels.search.newsfeed import NewsFeed, NewsItem
from crawler.channels.search.wording import asked_of, question_url
from pipelines.items import Candidate, Page
from pipelines.topic import Topic
from pipelines.urls import canonical, outlet_of

ENDPOINT = "https://www.bing.com/news/search"
MOST = 60  # questions in one run


class BingNews:
    """Ask Bing News for what is newest, once a query."""

    name = "bing_news"
    gap = 3.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> tuple[Ask, ...]:
        """One question for each query of the topic; none where Bing refused it within the last hour."""
        usual = locale_of(topic.language).bing
        asks = []
        for source in sources_of(topic, self.name, ENDPOINT):
            for query in (asked_of(query, source.only) for query in topic.queries):
                if _is_due(past, source.url, query, now):
                    url = question_url(source.url, query, usual)
                    url = url if "format=rss" in url.partition("?")[2].split("&") else f"{url}&format=rss"
                    asks.append(Ask(url=url, source=source, kind="search", query=query, is_last_word=True))
        return tuple(asks[:MOST])

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """The publishers' pages behind Bing's own links. Never raises: a page where RSS was asked is `refused`."""
        if (reply := reply_without_listing(page)) is not None:
            return reply
        feed = NewsFeed.of(page)
        if feed.root != "rss":
            return Answer(status="refused", reason="a page where RSS was asked" if feed.root == "html" else "not RSS")
        announced = Announced(Window.of(topic), ask.source.only)
        own = outlets_of(ENDPOINT, ask.source.url, ask.url)
        for item in feed.items:
            url = _publisher_url(item, own)
            if url:
                announced.add(_candidate(url, item), outlet_of(url))
            else:
                announced.leave()
        return announced.answer(len(feed.items), feed.fault)

    def most(self, topic: Topic, now: datetime) -> int:
        """Each query once."""
        return min(len(sources_of(topic, self.name, ENDPOINT)) * len(topic.queries), MOST)


def _is_due(past: Past, place: str, query: str, now: datetime) -> bool:
    last = past.last(place, query)
    return last is None or last.status not in {"refused", "failed"} or last.asked + REFUSED_AGAIN <= now


def _publisher_url(item: NewsItem, own: frozenset[str]) -> str:
    """The publisher's address: a link of its own, or what a link of Bing's carries in `url`; empty where it has none.

    Bing's link is no identity: its `tid` and `c` change with every answer.
    """
    try:
        url = item.link
        if outlet_of(url) in own:
            url = parse_qs(urlsplit(url).query, max_num_fields=100).get("url", [""])[0]
        url = canonical(url)
        return url if outlet_of(url) not in own else ""
    except ValueError:
        return ""


def _candidate(url: str, item: NewsItem) -> Candidate:
    return Candidate(url=url, title=item.title, published=item.published, summary=plain(item.description, MAX_SUMMARY))
