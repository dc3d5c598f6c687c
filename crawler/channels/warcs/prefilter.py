"""Which records of a WARC file may be articles of a topic, before their pages are parsed: the cheapest looks first."""

from __future__ import annotations

from datetime import UTC, datetime, time

from crawler.channels.reading.outlets import outlets_of
from crawler.channels.reading.window import MARGIN
from crawler.channels.warcs.headline import Headline, headline_of
from crawler.channels.warcs.responses import opening, response_of
from crawler.channels.warcs.splitter import Record
from pipelines.items import Candidate
from pipelines.relevance import LINK_FLOOR, link_score
from pipelines.topic import Source, Topic
from pipelines.urls import canonical

TYPES = frozenset(("text/html", "application/xhtml+xml"))


class Prefilter:
    """Makes candidates of records that promise an article of the topic; `pages` counts the web pages among all."""

    def __init__(self, topic: Topic, source: Source, floor: float = LINK_FLOOR) -> None:
        self.topic = topic
        self.floor = floor
        self.pages = 0
        self._only = frozenset(source.only)
        self._language = topic.language.partition("-")[0].lower()
        self._since = datetime.combine(topic.since, time(), UTC) - MARGIN if topic.since else None

    def candidate(self, record: Record) -> Candidate | None:
        """The candidate that a record is, without its place; None where it is none.

        A page fetched before the window cannot be of it; one fetched long after may.
        """
        if not record.is_http or record.is_truncated:
            return None
        url, fetched = _usable(record.url), record.date
        response = response_of(record.block) if url else None
        if response is None or response.status != 200 or _type(response.header("content-type")) not in TYPES:
            return None
        self.pages += 1
        if (self._only and not outlets_of(url) & self._only) or (self._since and fetched and fetched < self._since):
            return None
        headline = headline_of(opening(response), response.header("content-type"), response.header("content-language"))
        if headline.language and headline.language != self._language:
            return None
        score, title = self._best(headline, url)
        if score < self.floor:
            return None
        return Candidate(url=url, title=title, published=fetched, score=score)

    def _best(self, headline: Headline, url: str) -> tuple[float, str]:
        """The title that promises most, the first of equals, with its score."""
        scored = [(link_score(title, url, self.topic), title) for title in headline.titles or ("",)]
        return max(scored, key=lambda pair: pair[0])


def _usable(url: str) -> str:
    try:
        return canonical(url) if url else ""
    except ValueError:
        return ""


def _type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
