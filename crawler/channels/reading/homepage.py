"""The feeds that a web page names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from crawler.channels.reading.markup import joined
from crawler.channels.reading.node import attributes_of
from crawler.channels.reading.outlets import outlets_of
from pipelines.items import Page
from pipelines.urls import canonical

MAX_FEEDS = 10
FEED_TYPES = frozenset((
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
    "application/xml", "text/xml", "application/x-rss+xml", "application/x.atom+xml", "application/rss", "text/rss+xml",
))  # fmt: skip
FEED_OUTLETS = frozenset(("feedburner.com",))  # carries other outlets' feeds

_PARTS = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|template)\b.*?(?:</\1|\Z)"
    r"|<(link|base)\b(?:((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>|([^<>]*+)>)",
    re.DOTALL | re.IGNORECASE,
)
_HEADER_LINK = re.compile(r"<([^<>]+)>([^<]*+)")


def feeds_of(page: Page, head: str, outlets: frozenset[str]) -> list[str]:
    """The feeds that a page names in its head or its Link header, of these outlets, each once, at most ten.

    Feeds of comments are left out, and so is the page itself.
    """
    own = {page.url, *page.redirects}
    found: dict[str, None] = {}
    for url, attributes in _links(page, head):
        if not _names_a_feed(url, attributes):
            continue
        if outlets_of(url) & (outlets | FEED_OUTLETS) and (feed := canonical(url)) not in own:
            found[feed] = None
    return list(found)[:MAX_FEEDS]


def _links(page: Page, head: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    base = page.url
    for _, tag, strict, loose in _PARTS.findall(head):
        if not tag:
            continue
        attributes = dict(attributes_of(strict or loose))
        href = attributes.get("href", "")
        if tag.lower() == "base":
            base = joined(page.url, href)
        elif href:
            yield joined(base, href), attributes
    yield from header_links(page)


def header_links(page: Page) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The links in an answer's Link headers: absolute URLs and their parameters."""
    for name, value in page.headers:
        if name.lower() == "link":
            for url, parameters in _HEADER_LINK.findall(value):
                yield joined(page.url, url), dict(attributes_of(parameters.replace(";", " ").replace(",", " ")))


def _names_a_feed(url: str, attributes: Mapping[str, str]) -> bool:
    relations = attributes.get("rel", "").lower().split()
    kind = next(iter(re.split(r"[;\s]", attributes.get("type", "").strip().lower(), maxsplit=1)))
    about = f"{url} {attributes.get('title', '')}".lower()
    if "comment" in about or "stylesheet" in relations:
        return False
    if kind == "application/json" and "feed" not in about:  # WordPress names its programming interface so
        return False
    return kind in FEED_TYPES and ("alternate" in relations or "feed" in relations)
