"""How a page describes itself to machines: one function a dialect."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from crawler.press.outlets import Head
from crawler.press.pieces import Piece, slug_of


def head(piece: Piece) -> str:
    """The lines of a page's head that speak of the article, in every dialect that its outlet knows."""
    lines = [*links(piece), *(DIALECTS[dialect](piece) for dialect in piece.outlet.heads)]
    return "\n".join(line for line in lines if line)


def links(piece: Piece) -> list[str]:
    """Canonical and alternate links; the digest's point at the paper that it took the article from."""
    own = piece.origin.url if piece.is_teaser and piece.origin else piece.url
    lines = [f'<link rel="canonical" href="{escape(own)}">']
    if piece.outlet.key == "potomac-courier":
        lines.append(f'<link rel="amphtml" href="{piece.outlet.root}/amp{piece.path}">')
        lines.append(f'<link rel="alternate" media="print" href="{piece.outlet.root}/print{piece.path}">')
    return lines


def script(data: Mapping[str, Any]) -> str:
    """A JSON-LD script; `<` cannot end it early."""
    text = json.dumps(data, ensure_ascii=False, indent=None).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'


def news_article(piece: Piece) -> dict[str, Any]:
    """The article as schema.org describes it."""
    manuscript = piece.manuscript
    return {
        "@type": "LiveBlogPosting" if piece.is_live else "NewsArticle",
        "headline": manuscript.title,
        "description": manuscript.standfirst,
        "datePublished": manuscript.date.isoformat(),
        "dateModified": piece.changed.isoformat(),
        "articleSection": manuscript.section,
        "keywords": list(manuscript.tags),
        "inLanguage": piece.outlet.language,
        "mainEntityOfPage": piece.url,
    }


def json_ld(piece: Piece) -> str:
    """One plain NewsArticle."""
    author = {"@type": "Person", "name": piece.manuscript.byline}
    publisher = {"@type": "NewsMediaOrganization", "name": piece.outlet.name}
    return script({"@context": "https://schema.org", **news_article(piece), "author": [author], "publisher": publisher})


def graph(piece: Piece) -> str:
    """A graph whose author is named elsewhere, by its id."""
    root, author = piece.outlet.root, f"{piece.outlet.root}/people/{slug_of(piece.manuscript.byline)}#person"
    nodes = [
        {"@type": "WebSite", "@id": f"{root}/#site", "name": piece.outlet.name, "url": root},
        {**news_article(piece), "@id": f"{piece.url}#article", "author": {"@id": author}},
        {"@type": "Person", "@id": author, "name": piece.manuscript.byline},
    ]
    return script({"@context": "https://schema.org", "@graph": nodes})


def og(piece: Piece) -> str:
    """Open Graph."""
    manuscript = piece.manuscript
    named = {
        "og:type": "article",
        "og:title": manuscript.title,
        "og:description": manuscript.standfirst,
        "og:url": piece.url,
        "og:site_name": piece.outlet.name,
        "article:published_time": manuscript.date.isoformat(),
        "article:author": manuscript.byline,
        "article:section": manuscript.section,
    }
    if manuscript.modified:
        named["article:modified_time"] = manuscript.modified.isoformat()
    return "\n".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in named.items())


def meta(piece: Piece) -> str:
    """Names from before there were standards."""
    manuscript = piece.manuscript
    named = {
        "author": manuscript.byline,
        "date": manuscript.date.isoformat(),
        "description": manuscript.standfirst,
        "keywords": ", ".join(manuscript.tags),
    }
    return "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in named.items())


def dublin(piece: Piece) -> str:
    """Dublin Core."""
    manuscript = piece.manuscript
    named = {
        "DC.title": manuscript.title,
        "DC.creator": manuscript.byline,
        "DC.date.issued": manuscript.date.isoformat(),
        "DC.language": piece.outlet.language,
        "description": manuscript.standfirst,
    }
    return "\n".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in named.items())


DIALECTS: dict[Head, Callable[[Piece], str]] = {
    "graph": graph,
    "json-ld": json_ld,
    "og": og,
    "meta": meta,
    "dublin": dublin,
    "none": lambda _: "",
}
