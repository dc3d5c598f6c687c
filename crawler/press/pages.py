"""Article pages: prose in its outlet's layout, among everything else that a news page carries."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from crawler.press.heads import head
from crawler.press.outlets import Outlet
from crawler.press.pieces import Piece, listed, slug_of

LAYOUTS = Path(__file__).parent / "layouts"
LEAD = 2
"""Paragraphs before the first thing that is no part of the article."""


@cache
def layout(name: str) -> Template:
    """A layout by its outlet's key."""
    return Template((LAYOUTS / f"{name}.html").read_text(encoding="utf-8"))


def page(piece: Piece, day: int, design: str = "") -> bytes:
    """The page of an article, in the outlet's own charset and layout; or in another `design`."""
    return encoded(layout(design or piece.outlet.key).substitute(words(piece, day)), piece.outlet)


def encoded(html: str, outlet: Outlet) -> bytes:
    """A page's bytes; what the charset lacks becomes a character reference."""
    return html.encode(outlet.charset, "xmlcharrefreplace")


def words(piece: Piece, day: int) -> dict[str, str]:
    """Everything that a layout may ask for."""
    manuscript, outlet = piece.manuscript, piece.outlet
    related = related_to(piece, day)
    texts = {
        "title": manuscript.title,
        "standfirst": manuscript.standfirst,
        "section": manuscript.section,
        "section_url": outlet.root + piece.section_path,
        "byline": manuscript.byline,
        "author_slug": slug_of(manuscript.byline),
        "when": outlet.written(manuscript.date),
        "iso": manuscript.date.isoformat(),
        "url": piece.url,
        "print_url": f"/print{piece.path}",
        "number": str(piece.number),
        "slug": manuscript.slug,
        "related_url": related[0].path,
        "related_title": related[0].manuscript.title,
        "origin_name": piece.origin.outlet.name if piece.origin else outlet.name,
    }
    return {name: escape(text) for name, text in texts.items()} | fragments(piece, related)


def fragments(piece: Piece, related: Sequence[Piece]) -> dict[str, str]:
    """The parts of a page that are markup already."""
    manuscript, outlet = piece.manuscript, piece.outlet
    return {
        "head": head(piece),
        "nav": links_to_sections(outlet, " "),
        "menu": links_to_sections(outlet, "<br>"),
        "lead": body(piece, 0, LEAD),
        "rest": body(piece, LEAD, None),
        "figure": figure(manuscript.caption, piece.number),
        "updated": f"<span>Updated {outlet.written(manuscript.modified)}</span>" if manuscript.modified else "",
        "note": f'<p class="correction"><em>{escape(manuscript.note)}</em></p>' if manuscript.note else "",
        "credit": credit(piece),
        "tags": ", ".join(escape(tag) for tag in manuscript.tags),
        "tag_items": "".join(f"<li>{escape(tag)}</li>" for tag in manuscript.tags),
        "related": "".join(item(other) for other in related[1:4]),
        "more": "".join(item(other) for other in related[4:7]),
        "cards": "".join(card(other) for other in related[1:4]),
    }


def body(piece: Piece, start: int, end: int | None) -> str:
    """Paragraphs and headings of a part of the text."""
    lines = []
    for paragraph in piece.manuscript.paragraphs[start:end]:
        if paragraph.startswith("## "):
            lines.append(f"<h2>{escape(paragraph[3:])}</h2>")
        else:
            lines.append(piece.outlet.paragraph.format(escape(paragraph, quote=False)))
    return "\n".join(lines)


def credit(piece: Piece) -> str:
    """Where a copied article came from, in the copying paper's words."""
    if piece.origin is None:
        return ""
    if piece.is_teaser:
        name, url = escape(piece.origin.outlet.name), escape(piece.origin.url)
        return f'<p class="more"><a href="{url}">Read more at {name} »</a></p>'
    text = piece.outlet.credit
    return text if text.startswith("<") else f'<p class="credit">{escape(text)}</p>'


def figure(caption: str, number: int) -> str:
    """A picture that is not there, with its caption."""
    if not caption:
        return ""
    return (
        f'<figure><img src="/images/{number}.jpg" alt="" width="960" height="540">'
        f"<figcaption>{escape(caption)}</figcaption></figure>"
    )


def related_to(piece: Piece, day: int) -> tuple[Piece, ...]:
    """Other articles of the outlet, the same on every day, but where a list of the most read follows the news."""
    has_hit_list = piece.outlet.key == "prairie-ledger"
    others = [other for other in listed(piece.outlet, day if has_hit_list else 1) if other.path != piece.path]
    if not others:
        return (piece,)
    start = 0 if has_hit_list else piece.number % len(others)
    return tuple((others * 8)[start : start + 7])


def item(other: Piece) -> str:
    """A list item that leads to an article."""
    return f'<li><a href="{escape(other.path)}">{escape(other.manuscript.title)}</a></li>'


def card(other: Piece) -> str:
    """A teaser with a standfirst."""
    return (
        f'<div class="card"><h3><a href="{escape(other.path)}">{escape(other.manuscript.title)}</a></h3>'
        f"<p>{escape(other.manuscript.standfirst)}</p></div>"
    )


def links_to_sections(outlet: Outlet, between: str) -> str:
    """The menu of sections that an outlet had on the first day."""
    sections = sorted({piece.manuscript.section for piece in listed(outlet, 1)})
    return between.join(f'<a href="/section/{slug_of(name)}">{escape(name)}</a>' for name in sections)
