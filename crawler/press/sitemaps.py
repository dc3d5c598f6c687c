"""The outlets' sitemaps: for news under two prefixes, an index by year, and all of it compressed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence

from crawler.press.markup import xml
from crawler.press.outlets import Outlet, Source
from crawler.press.pieces import Piece

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sitemaps(outlet: Outlet, source: Source, news: Sequence[Piece]) -> Iterator[tuple[str, bytes]]:
    """Paths and bytes of what lies at a sitemap's address, and below it."""
    match source.offer:
        case "news":
            yield source.path, news_sitemap(outlet, news, "news")
        case "n-news":
            yield source.path, news_sitemap(outlet, news, "n")
        case "index":
            yield from by_year(outlet, source.path, news, "/sitemap-{}.xml")
        case "zipped":
            # The parts are compressed and their names do not say so.
            yield from ((path, gzip.compress(body, mtime=0)) for path, body in zipped(outlet, source, news))


def zipped(outlet: Outlet, source: Source, news: Sequence[Piece]) -> Iterator[tuple[str, bytes]]:
    """The index by year before compression."""
    return by_year(outlet, source.path, news, "/sitemaps/{}")


def news_sitemap(outlet: Outlet, news: Sequence[Piece], prefix: str) -> bytes:
    """A Google News sitemap that calls its namespace by some prefix."""
    urls = "".join(
        f"<url><loc>{xml(piece.announced)}</loc><{prefix}:news><{prefix}:publication>"
        f"<{prefix}:name>{xml(outlet.name)}</{prefix}:name><{prefix}:language>en</{prefix}:language>"
        f"</{prefix}:publication><{prefix}:publication_date>{piece.manuscript.date.isoformat()}"
        f"</{prefix}:publication_date><{prefix}:title>{xml(piece.manuscript.title)}</{prefix}:title></{prefix}:news></url>"
        for piece in news
    )
    return f'{DECLARATION}<urlset xmlns="{SITEMAP}" xmlns:{prefix}="{NEWS}">{urls}</urlset>'.encode()


def by_year(outlet: Outlet, path: str, news: Sequence[Piece], part: str) -> Iterator[tuple[str, bytes]]:
    """An index of one sitemap a year, then these."""
    years = sorted({piece.manuscript.date.year for piece in news}, reverse=True)
    entries = []
    for year in years:
        own = [piece for piece in news if piece.manuscript.date.year == year]
        latest = max(piece.changed for piece in own).isoformat()
        entries.append(f"<sitemap><loc>{outlet.root}{part.format(year)}</loc><lastmod>{latest}</lastmod></sitemap>")
        yield part.format(year), plain(own)
    yield path, f'{DECLARATION}<sitemapindex xmlns="{SITEMAP}">{"".join(entries)}</sitemapindex>'.encode()


def plain(news: Sequence[Piece]) -> bytes:
    """A sitemap of addresses and the days on which they changed."""
    urls = "".join(
        f"<url><loc>{xml(piece.announced)}</loc><lastmod>{piece.changed.isoformat()}</lastmod></url>" for piece in news
    )
    return f'{DECLARATION}<urlset xmlns="{SITEMAP}">{urls}</urlset>'.encode()
