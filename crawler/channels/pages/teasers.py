"""Which links of a page lead to articles of its outlet, each once, with the best title that the page gives it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from crawler.channels.pages.anchors import Anchor
from crawler.channels.pages.headlines import better, is_headline, sensible
from crawler.channels.reading.entries import Entry
from crawler.channels.reading.outlets import outlets_of
from pipelines.shapes import day_of, shape_of, slug_words
from pipelines.urls import canonical
from pipelines.words import words_of

AHEAD = timedelta(days=2)  # a day in an address that is later than that is no day of publication
LABEL = 2  # words
HEADLINE = 5  # words of an address
# What a page itself says of a link, in every language.
RELATIONS = frozenset(
    ("tag", "author", "category", "sponsored", "next", "prev", "previous", "search", "license", "help", "alternate")
)


@dataclass(slots=True, kw_only=True)
class Teasers:
    """The links that were chosen, in the page's order; `usable` counts all that lead to the outlet's own pages."""

    titles: dict[str, str] = field(default_factory=dict)
    usable: int = 0

    @classmethod
    def of(cls, anchors: Iterable[Anchor], own: frozenset[str], outlets: frozenset[str]) -> Teasers:
        """The links to articles of these outlets, but for those to the page itself (`own`, canonical URLs)."""
        found = cls()
        titles: dict[str, str] = {}
        for anchor in anchors:
            if not (url := _usable(anchor.url, outlets)) or url in own:
                continue
            found.usable += 1
            if not anchor.relations & RELATIONS:
                titles[url] = better(titles.get(url, ""), sensible(anchor.text))
        found.titles = {url: title for url, title in titles.items() if _is_article(url, title)}
        return found

    def entries(self, now: datetime) -> list[Entry]:
        """What the page announces: a day in the address is when it was published."""
        return [Entry(url=url, title=title, published=_published(url, now)) for url, title in self.titles.items()]


def _is_article(url: str, title: str) -> bool:
    """Whether address and title together are an article's: one that might be anything needs a headline.

    "Economy" names a section, whatever its number, unless the address has a day or a headline of its own.
    """
    shape = shape_of(url)
    if shape == "article" and title and len(words_of(title)) <= LABEL:
        return bool(day_of(url)) or slug_words(url) >= HEADLINE
    return shape == "article" or (shape == "open" and is_headline(title))


def _published(url: str, now: datetime) -> datetime | None:
    day = day_of(url)
    start = datetime.combine(day, time(), UTC) if day else None
    return start if start and start <= now + AHEAD else None


def _usable(url: str, outlets: frozenset[str]) -> str:
    try:
        return found if outlets_of(found := canonical(url)) & outlets else ""
    except ValueError:
        return ""
