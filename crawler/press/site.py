"""Everything that the press answers on one day: each address with its reply, made before the first request comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache

from crawler.press.feeds import FEEDS
from crawler.press.fronts import feed_path, fronts
from crawler.press.lure import traps
from crawler.press.outlets import LURE, OUTLETS, Outlet
from crawler.press.pages import encoded, layout, page, words
from crawler.press.pieces import GONE, MEMBERS, PREVIEW_PATH, REMOVED, Piece, is_later, listed, when
from crawler.press.replies import Reply, etag_of, redirect
from crawler.press.sitemaps import sitemaps

REDESIGN = "redesign"
"""The layout of a redesign that went wrong: no date, and a text that a script fetches when the page is read."""

Site = dict[str, Reply]
"""Replies by host and path with query, without the scheme."""


@cache
def site(day: int, redesigned: frozenset[str] = frozenset()) -> Site:
    """All of the press on a day; the articles of some hosts as they are set after a redesign."""
    replies: Site = {}
    for outlet in OUTLETS:
        replies.update((outlet.host + path, reply) for path, reply in of_outlet(outlet, day, redesigned))
    replies.update(traps(when(day)))
    return replies


def of_outlet(outlet: Outlet, day: int, redesigned: frozenset[str]) -> Iterator[tuple[str, Reply]]:
    """Paths and replies of one outlet."""
    latest = max((piece.changed for piece in listed(outlet, day)), default=when(day))
    for path, body in fronts(outlet, day):
        yield path, checked(outlet, Reply(kind=kind_of(outlet), body=body), latest)
    for path, reply in offers(outlet, day):
        yield path, checked(outlet, reply, latest)
    for piece in listed(outlet, day):
        yield from articles(piece, day, REDESIGN if outlet.host in redesigned else outlet.key)
    if outlet != LURE:
        yield "/robots.txt", Reply(kind="text/plain", body=robots(outlet).encode())


def checked(outlet: Outlet, reply: Reply, modified: datetime) -> Reply:
    """A reply with the validators and the compression that its outlet gives."""
    reply = replace(reply, coding=outlet.coding)
    return replace(reply, etag=etag_of(reply.body), modified=modified) if outlet.has_validators else reply


def kind_of(outlet: Outlet) -> str:
    """The media type of its pages: the old paper names the charset in the page only."""
    return "text/html" if outlet.charset != "utf-8" else f"text/html; charset={outlet.charset}"


def offers(outlet: Outlet, day: int) -> Iterator[tuple[str, Reply]]:
    """Feeds and sitemaps."""
    news = listed(outlet, day)
    for source in outlet.sources:
        if source.channel == "sitemaps":
            for path, body in sitemaps(outlet, source, news):
                # What is compressed says so by its first bytes only.
                packed = body.startswith(b"\x1f\x8b")
                yield path, Reply(kind="application/octet-stream" if packed else "application/xml", body=body)
        elif source.offer in FEEDS:
            feed = FEEDS[source.offer](outlet, news, max((piece.changed for piece in news), default=when(day)))
            yield feed_path(source.path), Reply(kind=feed.kind, body=feed.body)
        if source.former:
            yield source.former, redirect(outlet.root + source.path)


def articles(piece: Piece, day: int, design: str) -> Iterator[tuple[str, Reply]]:
    """An article's page in a layout, and what stands at its other addresses."""
    outlet, slug = piece.outlet, piece.manuscript.slug
    reply = checked(outlet, Reply(kind=kind_of(outlet), body=page(piece, day, design)), piece.changed)
    if piece.origin is None and is_later(day) and slug in {GONE, REMOVED}:
        reply = Reply(status=410, body=b"<h1>410 Gone</h1>") if slug == GONE else removed(piece, day)
    yield piece.path, reply
    if piece.announced != piece.url:
        yield piece.announced.removeprefix(outlet.root), redirect(piece.url)
    if outlet.key == "potomac-courier":
        yield f"/amp{piece.path}", Reply(body=plain(piece, "amp"))
        yield f"/print{piece.path}", Reply(body=plain(piece, "print"))
    if slug == MEMBERS and piece.origin is None:
        yield PREVIEW_PATH, Reply(body=plain(piece, "preview"))


def removed(piece: Piece, day: int) -> Reply:
    """A page that says with status 200 that there is nothing here any more."""
    gone = "This article has been removed."
    fields = words(piece, day) | {"title": gone, "standfirst": "", "lead": f"<p>{gone}</p>", "rest": "", "credit": ""}
    html = layout(piece.outlet.key).substitute(fields | {"head": ""})
    return Reply(kind=kind_of(piece.outlet), body=encoded(html, piece.outlet))


def plain(piece: Piece, what: str) -> bytes:
    """The article once more without its surroundings, pointing at its proper address."""
    fields = words(piece, 1)
    mark = " amp" if what == "amp" else ""
    return (
        f'<!doctype html><html{mark} lang="en"><head><meta charset="utf-8"><title>{fields["title"]}</title>'
        f'<link rel="canonical" href="{fields["url"]}"><meta name="robots" content="noindex"></head>'
        f"<body><h1>{fields['title']}</h1><p>{fields['byline']}</p>{fields['lead']}{fields['rest']}</body></html>"
    ).encode()


def robots(outlet: Outlet) -> str:
    """What a crawler may do here."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in outlet.disallow)]
    if not outlet.disallow:
        lines.append("Disallow:")
    if outlet.delay is not None:
        lines.append(f"Crawl-delay: {outlet.delay:g}")
    maps = (source.path for source in outlet.sources if source.channel == "sitemaps")
    return "\n".join([*lines, "", *(f"Sitemap: {outlet.root}{path}" for path in maps), ""])
