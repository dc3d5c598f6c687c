"""The outlets' feeds, one function a kind; some are as well-formed as feeds are in the wild."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from crawler.press.markup import xml
from crawler.press.outlets import Offer, Outlet
from crawler.press.pieces import MEMBERS, PREVIEW_PATH, Piece

TRACKER = "utm_source=rss&utm_medium=feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's media type and bytes."""

    kind: str
    body: bytes


def rss(outlet: Outlet, news: Sequence[Piece], now: datetime) -> Feed:
    """RSS 2.0, with a tracker on every link."""
    items = []
    for piece in news:
        sign = "&" if "?" in piece.path else "?"
        link = f"{piece.announced}{sign}{TRACKER}"
        items.append(
            f"<item><title>{xml(piece.manuscript.title)}</title><link>{xml(link)}</link>"
            f'<guid isPermaLink="false">{piece.number}</guid><dc:creator>{xml(piece.manuscript.byline)}</dc:creator>'
            f"<pubDate>{format_datetime(piece.manuscript.date)}</pubDate>"
            f"<description>{xml('<p>' + piece.manuscript.standfirst + '</p>')}</description></item>"
        )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{xml(outlet.name)}</title><link>{outlet.root}/</link>"
        f"<lastBuildDate>{format_datetime(now)}</lastBuildDate><ttl>15</ttl>"
    )
    return Feed(kind="application/rss+xml; charset=utf-8", body=f"{head}{''.join(items)}</channel></rss>".encode())


def guids(outlet: Outlet, news: Sequence[Piece], now: datetime) -> Feed:
    """RSS 2.0 whose items have a guid for a link, and are called application/xml."""
    items = "".join(
        f"<item><title><![CDATA[{piece.manuscript.title}]]></title><guid>{xml(piece.announced)}</guid>"
        f"<category>{xml(piece.manuscript.section)}</category>"
        f"<pubDate>{format_datetime(piece.manuscript.date)}</pubDate></item>"
        for piece in news
    )
    head = f'<rss version="2.0"><channel><title>{outlet.name}</title><pubDate>{format_datetime(now)}</pubDate>'
    return Feed(kind="application/xml", body=f"{head}{items}</channel></rss>".encode())


def atom(outlet: Outlet, news: Sequence[Piece], now: datetime) -> Feed:
    """Atom, with relative links under an xml:base, and links that lead elsewhere than to the article."""
    entries = "".join(
        f'<entry><id>tag:{outlet.host},2019:{piece.number}</id><title type="html">{xml(xml(piece.manuscript.title))}'
        f'</title><link rel="enclosure" type="audio/mpeg" href="{outlet.root}/audio/{piece.number}.mp3"/>'
        f'<link rel="replies" href="{outlet.root}/comments/{piece.number}"/>'
        f'<link href="{xml(piece.announced.removeprefix(outlet.root))}"/>'
        f"<published>{piece.manuscript.date.isoformat()}</published><updated>{piece.changed.isoformat()}</updated>"
        f"<author><name>{xml(piece.manuscript.byline)}</name></author>"
        f"<summary>{xml(piece.manuscript.standfirst)}</summary></entry>"
        for piece in news
    )
    head = (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="{outlet.root}/">'
        f"<title>{xml(outlet.name)}</title><id>{outlet.root}/</id><updated>{now.isoformat()}</updated>"
    )
    return Feed(kind="application/atom+xml", body=f"{head}{entries}</feed>".encode())


def rdf(outlet: Outlet, news: Sequence[Piece], now: datetime) -> Feed:
    """RSS 1.0, whose items stand beside the channel."""
    items = "".join(
        f'<item rdf:about="{xml(piece.announced)}"><title>{xml(piece.manuscript.title)}</title>'
        f"<link>{xml(piece.announced)}</link><dc:date>{piece.manuscript.date.isoformat()}</dc:date>"
        f"<description>{xml(piece.manuscript.standfirst)}</description></item>"
        for piece in news
    )
    head = (
        '<?xml version="1.0" encoding="utf-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="{outlet.root}/en/rdf"><title>{xml(outlet.name)}</title><link>{outlet.root}/</link>'
        f"<dc:date>{now.isoformat()}</dc:date></channel>"
    )
    return Feed(kind="application/rdf+xml", body=f"{head}{items}</rdf:RDF>".encode())


def broken(outlet: Outlet, news: Sequence[Piece], now: datetime) -> Feed:
    """RSS by hand: wrong media type and charset, bare ampersands, HTML entities, a channel that is never closed."""
    items = "\n".join(
        f"<item><title>{piece.manuscript.title}</title>\n<link>{piece.announced}?from=rss&page=1</link>\n"
        f"<pubDate>{piece.manuscript.date:%d %b %y %H:%M} PKT</pubDate>\n"
        f"<description>{piece.manuscript.standfirst}&nbsp;&raquo; Read & share</description>\n</item>"
        for piece in news
    )
    head = (
        f'\n<?xml version="1.0" encoding="ISO-8859-1"?>\n<rss version="2.0">\n<channel>\n<title>{outlet.name}</title>\n'
    )
    body = f"{head}<copyright>&copy; {now.year} A & B</copyright>\n{items}\n</rss>\n"
    return Feed(kind="text/html", body=body.encode("windows-1252", "xmlcharrefreplace"))


def json_feed(outlet: Outlet, news: Sequence[Piece], _now: datetime) -> Feed:
    """JSON Feed 1.1; one item leads into the part of the site that robots.txt closes."""
    items = [json_item(piece, piece.announced) for piece in news]
    items += [json_item(piece, outlet.root + PREVIEW_PATH) for piece in news if piece.manuscript.slug == MEMBERS]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": outlet.name, "items": items}
    return Feed(kind="application/feed+json", body=json.dumps(feed, ensure_ascii=False).encode())


def json_item(piece: Piece, url: str) -> dict[str, Any]:
    """One item of a JSON Feed."""
    return {
        "id": url,
        "url": url,
        "title": piece.manuscript.title,
        "summary": piece.manuscript.standfirst,
        "date_published": piece.manuscript.date.isoformat(),
        "authors": [{"name": piece.manuscript.byline}],
        "tags": list(piece.manuscript.tags),
    }


FEEDS: dict[Offer, Callable[[Outlet, Sequence[Piece], datetime], Feed]] = {
    "rss": rss,
    "guids": guids,
    "atom": atom,
    "rdf": rdf,
    "broken": broken,
    "json": json_feed,
}
