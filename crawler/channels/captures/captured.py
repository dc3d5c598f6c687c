"""The pages of an outlet that the index of a web archive lists, as candidates: by their addresses alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from crawler.channels.captures.cdx import Row
from crawler.channels.reading.fault import counted
from crawler.channels.reading.window import Window
from crawler.mementos import memento_url
from pipelines.items import Candidate
from pipelines.relevance import LINK_FLOOR, link_score
from pipelines.shapes import day_of, shape_of, slug_words
from pipelines.topic import Topic
from pipelines.urls import canonical, outlet_of

FEW_WORDS = 3  # of a slug where nothing else is known of the page


class Captured:
    """Candidates out of rows: each page once, by its earliest capture in the answer; and what was left out.

    `published` is the day in the address where there is one, else the time of the capture: not before it was it seen.
    """

    def __init__(self, topic: Topic, outlet: str, base: str) -> None:
        self.topic = topic
        self.outlet = outlet
        self.base = base
        self.window = Window.of(topic)
        self._found: dict[str, Candidate] = {}
        self._keys: set[str] = set()
        self._left_out: Counter[str] = Counter()

    def add(self, rows: Iterable[Row]) -> None:
        """Take the rows that promise an article of the topic."""
        for row in sorted(rows, key=lambda row: row.stamp):
            if row.key in self._keys:  # http and https, with and without www: one page
                continue
            candidate, why = self._candidate(row)
            if candidate is None:
                self._left_out[why] += 1
            elif candidate.url not in self._found:
                self._found[candidate.url] = candidate
                self._keys.add(row.key)

    def candidates(self) -> tuple[Candidate, ...]:
        """What was taken, in the order of capture."""
        return tuple(self._found.values())

    def notes(self) -> list[str]:
        """What was left out, and why, as the ledger words it."""
        return [f"{counted(count, 'capture', 'captures')} {why}" for why, count in self._left_out.items()]

    def _candidate(self, row: Row) -> tuple[Candidate | None, str]:
        if not row.is_page or row.kind not in ("text/html", "application/xhtml+xml", "warc/revisit", "unk", ""):
            return None, "of no page"
        try:
            url = canonical(row.url)
        except ValueError:
            return None, "without a usable address"
        published = day_before(url, row.at)
        if why := self._fault(url, published):
            return None, why
        score, via = link_score("", url, self.topic), memento_url(self.base, row.stamp, row.url)
        rank = len(self._found)
        return Candidate(url=url, published=published or row.at, rank=rank, score=score, via=via), ""

    def _fault(self, url: str, published: datetime | None) -> str:
        """Why a page is not worth a candidate, by its address; empty where it is."""
        if outlet_of(url) != self.outlet:
            return "of another outlet"
        if not may_be_an_article(url):
            return "of no article by the address"
        if self.window.excludes(published):
            return "outside of the topic's window by the address"
        return "" if link_score("", url, self.topic) >= LINK_FLOOR else "whose address promises nothing of the topic"


def may_be_an_article(url: str) -> bool:
    """Whether a canonical URL looks like an article's own, or has words enough and says nothing against it."""
    shape = shape_of(url)
    return shape == "article" or (shape == "open" and slug_words(url) >= FEW_WORDS)


def day_before(url: str, captured: datetime) -> datetime | None:
    """The first instant of the day in a canonical URL's path; None where there is none, or one after the capture."""
    day = day_of(url)
    moment = datetime.combine(day, time(), UTC) if day else None
    return moment if moment is None or moment <= captured + timedelta(days=1) else None
