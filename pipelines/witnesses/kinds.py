"""Which kind of page an article is: what the page claims, and what its address and its text show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from pipelines.body.lines import key
from pipelines.items import Kind
from pipelines.witnesses.jsonld import ARTICLES, Graph, Node, types_of
from pipelines.witnesses.metatags import Head

LIVE = frozenset(("liveblogposting",))
VIDEOS = frozenset(("videoobject",))
GALLERIES = frozenset(("imagegallery", "mediagallery"))
LISTS = frozenset(("collectionpage", "searchresultspage"))
MOST_LISTED = 3  # articles that a list on a page of another kind has: related ones

SHORT = 1_500  # characters: a page of a video or of pictures says less; an article that lies under /video/ says more
CLOCKS = 5  # short lines with a time of day, from which on a page that calls itself live is a row of posts
CLOCK_LINE = 80  # characters
LINKS = 8  # lines that are links, from which on a text may be a list of them
LINK_SHARE = 0.4  # of the lines: the others are the teasers under them
LONGEST_LINK = 120  # characters of a headline
MOST_LINES = 5_000

_VIDEO = re.compile(r"/(?:videos?|watch)/")
_GALLERY = re.compile(
    r"/(?:(?:photo|picture|image|foto|bilder)?-?(?:gallery|galleries|galerien?|galer[ií]as?|gallerie?)|photos|pictures|fotos"
    r"|slideshows?|diaporamas?|(?:foto|bild|bilder)strecken?)/"
)
_LIVE = re.compile(
    r"(?<![a-z])(?:live-?(?:blog|ticker|updates?|coverage)?|(?:news-?)?ticker|newsblog|en-?direct|en-?vivo|ao-?vivo"
    r"|minuto-a-minuto|minute-par-minute|diretta|canli)(?![a-z])"
)
_CLOCK = re.compile(r"(?<![\d:.])(?:[01]?\d|2[0-3])[:.h][0-5]\d(?![\d.])")


def claimed_kind(node: Node, graph: Graph, head: Head, url: str) -> Kind:
    """What a page says that it is; `node` is the object of its article in `graph`, empty where there is none.

    A video or a gallery in an article makes it no other kind of page, nor does a list of links.
    """
    own = [types_of(one) for one in graph.nodes if belongs_to(one, url)]
    og = head.first("og:type").lower()
    if any(types & LIVE for types in own):
        return "live blog"
    if types_of(node) & GALLERIES:
        return "gallery"
    if og != "article" and not _is_own(node, url) and _lists_articles(own, graph):
        return "list"
    if og == "article" or types_of(node):
        return "article"
    if og.startswith("video") or any(types & VIDEOS for types in own):
        return "video"
    return "gallery" if any(types & GALLERIES for types in own) else "article"


def kind_of(claimed: Kind, url: str, lines: Sequence[str], links: Sequence[str]) -> Kind:
    """The kind of a page that claims to be of one, by its address and the lines of its text too.

    `links` are the texts of the page's links. Words of an address are weak witnesses: they count where the text agrees.
    """
    if claimed != "article":
        return claimed
    if _is_made_of(links, lines):
        return "list"
    path = f"{_place(url)}/"
    if _LIVE.search(path) and sum(_has_clock(line) for line in lines[:MOST_LINES]) >= CLOCKS:
        return "live blog"
    if sum(map(len, lines)) > SHORT:
        return "article"
    if _VIDEO.search(path):
        return "video"
    return "gallery" if _GALLERY.search(path) else "article"


def belongs_to(node: Node, url: str) -> bool:
    """Whether an object is of the page itself: it has the page's address, or none."""
    places = {_place(address) for address in _addresses(node)}
    return not places or _place(url) in places


def _addresses(node: Node) -> Iterator[str]:
    for name in ("url", "mainEntityOfPage", "@id"):
        value = node.get(name)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str) and "/" in value:
            yield value


def _place(address: str) -> str:
    """The path of an address, in lower case: hosts of one page differ (www, m, amp)."""
    try:
        return urlsplit(address[:2_000]).path.rstrip("/").lower()
    except ValueError:
        return ""


def _is_own(node: Node, url: str) -> bool:
    return bool(types_of(node) & ARTICLES) and _place(url) in map(_place, _addresses(node))


def _lists_articles(own: Sequence[frozenset[str]], graph: Graph) -> bool:
    """Whether a page is a collection, or has a list of articles that is more than the related ones of an article."""
    return any(types & LISTS for types in own) or any(_is_list(one) for one in graph.nodes)


def _is_list(node: Node) -> bool:
    items = node.get("itemListElement")
    if "itemlist" not in types_of(node) or not isinstance(items, list):
        return False
    inner = [one.get("item", one) for one in items[:50] if isinstance(one, dict)]
    return sum(bool(types_of(one) & ARTICLES) for one in inner) > MOST_LISTED


def _is_made_of(links: Sequence[str], lines: Sequence[str]) -> bool:
    """Whether so many lines of a text are links that it is a list of them."""
    enough = max(LINKS, LINK_SHARE * len(lines))
    short = [line for line in lines[:MOST_LINES] if len(line) <= LONGEST_LINK]
    if len(short) < enough:
        return False
    known = {key(text) for text in links} - {""}
    return sum(key(line) in known for line in short) >= enough


def _has_clock(line: str) -> bool:
    return len(line) <= CLOCK_LINE and _CLOCK.search(line) is not None
