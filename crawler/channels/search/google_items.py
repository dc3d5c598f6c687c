"""The items of a Google News answer as candidates: decoded where their tokens hold an address, else unresolved."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from crawler.channels.reading.entries import MAX_TITLE
from crawler.channels.reading.markup import joined
from crawler.channels.reading.node import attributes_of
from crawler.channels.reading.outlets import outlets_of
from crawler.channels.reading.plaintext import plain
from crawler.channels.search.announced import Announced
from crawler.channels.search.google_tokens import page_of, token_of
from crawler.channels.search.newsfeed import NewsItem
from pipelines.items import Candidate
from pipelines.urls import canonical, outlet_of

MAX_CLUSTER = 20  # links beside an item; Google gives four or five
ARTICLES = "https://news.google.com/rss/articles/"
# A link with the publisher's name after it. Each piece ends before the next "<", and a link before the next link.
_LINK = re.compile(
    r"<a\b([^<>]*+)>([^<]*+(?:<(?!/?a\b)[^<]*+)*+)</a>(?:(?:&nbsp;|\s)*+<font\b[^<>]*+>([^<]*+)</font>)?",
    re.IGNORECASE,
)


def announce(items: Sequence[NewsItem], announced: Announced, own: Collection[str], base: str) -> None:
    """Add what the items lead to, and after each the links of its cluster; `own` are the outlets of the search itself.

    A cluster names its publishers only: they are known by the other items of the same answer, or not at all.
    """
    outlets = _outlets(items)
    for item in items:
        if found := _candidate(item.link or _guid_url(item), own, _outlet(item)):
            title = headline(item.title, item.source)
            announced.add(replace(found[0], title=title, published=item.published), found[1])
        else:
            announced.leave()
        for url, title, publisher in _cluster(item.description, base):
            if found := _candidate(url, own, outlets.get(publisher, "")):
                announced.add(replace(found[0], title=title), found[1])


def headline(title: str, source: str) -> str:
    """The title without the publisher that Google writes after it; that may itself hold a dash ("Le Monde - Live")."""
    return title.removesuffix(f" - {source}").rstrip() if source else title


def _candidate(url: str, own: Collection[str], outlet: str) -> tuple[Candidate, str] | None:
    """The candidate that a link leads to and whose page that is; None where it leads nowhere."""
    try:
        if (publisher := outlet_of(url)) not in own:
            return Candidate(url=canonical(url)), publisher
        if not (token := token_of(url)):
            return None
        if page := page_of(token):
            return (Candidate(url=page), publisher) if (publisher := outlet_of(page)) not in own else None
        return Candidate(url=canonical(url.partition("?")[0]), outlet=outlet, is_unresolved=True), outlet
    except ValueError:
        return None


def _guid_url(item: NewsItem) -> str:
    """The link of an item that has none: its identifier is the token of one."""
    url = ARTICLES + item.guid
    return url if token_of(url) == item.guid else ""


def _cluster(description: str, base: str) -> Iterator[tuple[str, str, str]]:
    """The links in a description: address, headline, name of the publisher."""
    for place, (attributes, title, publisher) in enumerate(_LINK.findall(description)):
        if place == MAX_CLUSTER:
            return
        if href := dict(attributes_of(attributes)).get("href", ""):
            yield joined(base, href), plain(title, MAX_TITLE), plain(publisher, MAX_TITLE)


def _outlets(items: Sequence[NewsItem]) -> Mapping[str, str]:
    """The outlets of the publishers that items name with their addresses; a name of two outlets has none."""
    known: dict[str, str] = {}
    for item in items:
        if outlet := _outlet(item):
            known[item.source] = outlet if known.setdefault(item.source, outlet) == outlet else ""
    return known


def _outlet(item: NewsItem) -> str:
    return next(iter(outlets_of(item.source_url)), "")
