"""Front pages, section pages and listings that go on over several pages."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from crawler.press.outlets import Outlet
from crawler.press.pages import encoded, layout, links_to_sections
from crawler.press.pieces import Piece, listed, slug_of

PER_PAGE = 8


def fronts(outlet: Outlet, day: int) -> Iterator[tuple[str, bytes]]:
    """Paths and pages: the front, each section, and the archive, `PER_PAGE` articles a page."""
    news = listed(outlet, day)
    home = next((source.path for source in outlet.sources if source.path.endswith("/")), "/")
    yield home, front(outlet, "Today", news[:PER_PAGE])
    for section in sorted({piece.manuscript.section for piece in news}):
        own = tuple(piece for piece in news if piece.manuscript.section == section)
        yield f"/section/{slug_of(section)}", front(outlet, section, own)
    last = (len(news) - 1) // PER_PAGE + 1
    for number in range(1, last + 1):
        part = news[(number - 1) * PER_PAGE : number * PER_PAGE]
        path = "/archive" if number == 1 else f"/archive?page={number}"
        following = f'<a rel="next" href="/archive?page={number + 1}">Older stories</a>' if number < last else ""
        yield path, front(outlet, f"Archive, page {number} of {last}", part, following)


def front(outlet: Outlet, heading: str, news: tuple[Piece, ...], pages: str = "") -> bytes:
    """A page that lists articles."""
    html = layout("front").substitute(
        name=escape(outlet.name),
        motto=escape(outlet.motto),
        heading=escape(heading),
        language=outlet.language,
        charset=outlet.charset,
        head="\n".join(announced(outlet)),
        nav=links_to_sections(outlet, " "),
        teasers="\n".join(teaser(piece) for piece in news),
        pages=pages or '<a href="/archive">Archive</a>',
    )
    return encoded(html, outlet)


def announced(outlet: Outlet) -> Iterator[str]:
    """The feeds that a page names in its head."""
    kinds = {"atom": "application/atom+xml", "json": "application/feed+json", "rdf": "application/rdf+xml"}
    for source in outlet.sources:
        if source.channel == "feeds":
            path = feed_path(source.path)
            kind = kinds.get(source.offer, "application/rss+xml")
            yield f'<link rel="alternate" type="{kind}" title="{escape(outlet.name)}" href="{escape(path)}">'


def feed_path(path: str) -> str:
    """Where a feed lies: a source that ends in a slash is a home page, and its feed one step further."""
    return path + "rss.xml" if path.endswith("/") else path


def teaser(piece: Piece) -> str:
    """One article in a listing."""
    manuscript = piece.manuscript
    return (
        f'<div class="teaser"><h3><a href="{escape(piece.path)}">{escape(manuscript.title)}</a></h3>'
        f"<p>{escape(manuscript.standfirst)}</p><small>{escape(piece.outlet.written(manuscript.date))}</small></div>"
    )
