"""What one record says: the link, title, date and summary of an item, an entry or a sitemap URL."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawler.channels.reading.dates import moment
from crawler.channels.reading.markup import joined
from crawler.channels.reading.node import Node
from crawler.channels.reading.plaintext import plain

MAX_TITLE = 500
MAX_SUMMARY = 2_000

_TITLES = ("title", "atom:title", "dc:title", "media:title")
_DATES = (
    "pubdate", "atom:published", "published", "dc:date", "dcterms:issued", "dcterms:created", "atom:issued",
    "atom:created", "date", "atom:updated", "updated", "dcterms:modified", "atom:modified",
)  # fmt: skip
_SUMMARIES = (
    "description", "atom:summary", "summary", "dc:description", "content:encoded", "atom:content", "content",
    "media:description",
)  # fmt: skip
_NEWS = ("news:news", "news:title", "news:publication_date")
_LINKS = ("feedburner:origlink", "link", "atom:link", "guid")
KEPT = frozenset((*_TITLES, *_DATES, *_SUMMARIES, *_LINKS, *_NEWS, "loc", "lastmod"))
"""All elements of a record that are read here."""

_PAGE_TYPES = ("", "text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One announcement. `url` is absolute but not canonical, and empty where the record names no page."""

    url: str
    title: str = ""
    published: datetime | None = None
    modified: datetime | None = None
    summary: str = field(default="", repr=False)


def feed_entry(node: Node) -> Entry:
    """What an RSS item or an Atom entry announces."""
    return Entry(
        url=_link(node),
        title=next((title for text in _texts(node, _TITLES) if (title := plain(text, MAX_TITLE))), ""),
        published=next((day for text in _texts(node, _DATES) if (day := moment(text))), None),
        summary=next((words for text in _texts(node, _SUMMARIES) if (words := plain(text, MAX_SUMMARY))), ""),
    )


def sitemap_entry(node: Node) -> Entry:
    """What a sitemap announces; title and publication date only where it is a news sitemap."""
    news = next(node.named("news:news"), None)
    return Entry(
        url=_absolute(node.base, node.said("loc")),
        title=plain(news.said("news:title"), MAX_TITLE) if news else "",
        published=moment(news.said("news:publication_date")) if news else None,
        modified=moment(node.said("lastmod")),
    )


def _texts(node: Node, keys: tuple[str, ...]) -> list[str]:
    return [child.text for child in node.named(*keys)]


def _link(node: Node) -> str:
    """The page of an item: the publisher's own link behind a counting service first, the identifier last."""
    if original := node.said("feedburner:origlink"):
        return _absolute(node.base, original)
    links = [child for child in node.named("link", "atom:link") if _is_alternate(child)]
    for link in sorted(links, key=lambda link: _kind(link) not in _PAGE_TYPES):
        if url := (link.attribute("href") or link.text):
            return _absolute(link.base, url)
    return _permalink(node)


def _is_alternate(link: Node) -> bool:
    """Enclosures, replies, the feed itself and its hub are no articles. A relation may be spelt as a URI."""
    return link.attribute("rel").strip().lower().rpartition("/")[2] in ("", "alternate")


def _kind(link: Node) -> str:
    return link.attribute("type").partition(";")[0].strip().lower()


def _permalink(node: Node) -> str:
    """A guid is the link unless it says that it is not; a guid or subject that is no address links nowhere."""
    for guid in node.named("guid"):
        if guid.attribute("ispermalink").strip().lower() != "false" and is_address(guid.text):
            return _absolute(guid.base, guid.text)
    about = node.attribute("rdf:about")
    return _absolute(node.base, about) if is_address(about) else ""


def is_address(text: str) -> bool:
    """Whether a text begins as a web address does."""
    return text[:8].lower().startswith(("http://", "https://"))


def _absolute(base: str, url: str) -> str:
    # "&amp;" escaped twice, or within CDATA: no address means it.
    return joined(base, url.replace("&amp;", "&")) if url else ""
