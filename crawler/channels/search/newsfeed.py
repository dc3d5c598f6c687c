"""RSS as the news searches answer it: each item as it stands, with whom it names as its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from crawler.channels.reading.bodies import Body
from crawler.channels.reading.dates import moment
from crawler.channels.reading.entries import MAX_TITLE
from crawler.channels.reading.fault import Fault, too_much
from crawler.channels.reading.markup import Records, joined
from crawler.channels.reading.node import Node
from crawler.channels.reading.plaintext import plain
from pipelines.items import Page

MAX_ITEMS = 1_000  # a search answers with a hundred at most
MAX_DESCRIPTION = 1 << 14  # characters, of markup
MAX_LINK = 1 << 14  # longer than any address: what is cut here is never taken for one
KEPT = frozenset(("title", "link", "guid", "pubdate", "description", "source"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """One item. `link` is absolute but not canonical; `description` is markup; `source` and its URL are a publisher."""

    link: str
    title: str = ""
    guid: str = ""
    published: datetime | None = None
    description: str = field(default="", repr=False)
    source: str = ""
    source_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsFeed:
    """What a search answered: its items where `root` is "rss". "html" is a page; `head` is how the text begins."""

    root: str
    head: str = field(default="", repr=False)
    items: tuple[NewsItem, ...] = ()
    fault: Fault | None = None

    @classmethod
    def of(cls, page: Page) -> NewsFeed:
        """The feed in an answer, whatever that is."""
        body = Body(page)
        records = Records(body, page.url, KEPT)
        items: list[NewsItem] = []
        fault = None
        for node in records:
            if node.key != "item" or records.root != "rss":
                continue
            if len(items) == MAX_ITEMS:
                fault = too_much(f"{MAX_ITEMS:,} items")
                break
            items.append(_item(node))
        return cls(root=records.root, head=body.head, items=tuple(items), fault=fault or body.fault or records.fault)


def _item(node: Node) -> NewsItem:
    link, source = node.said("link")[:MAX_LINK], next(node.named("source"), None)
    return NewsItem(
        link=joined(node.base, link) if link else "",
        title=plain(node.said("title"), MAX_TITLE),
        guid=node.said("guid")[:MAX_LINK],
        published=moment(node.said("pubdate")),
        description=node.said("description")[:MAX_DESCRIPTION],
        source=plain(source.text, MAX_TITLE) if source else "",
        source_url=source.attribute("url")[:MAX_LINK] if source else "",
    )
