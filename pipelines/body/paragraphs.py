"""Running text and trees of markup, cut into paragraphs."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from pipelines.decoding import cleaned, fit, plain, unescaped
from pipelines.items import Rejected
from pipelines.tree import strip, tree_of

BLOCKS = frozenset((
    "p", "br", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section",
    "article", "header", "footer", "aside", "main", "figure", "table", "tr", "td", "th", "caption", "pre", "hr", "form",
    "address", "details", "summary", "time",
))  # fmt: skip
MOST_TAGS = 20_000  # of a text that is parsed as markup; what has more is cut at its tags

BEGINNING = 500  # characters

MARKUP = re.compile(r"</?(?:p|br|div|li|h[1-6]|script|style|figure)\b", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:p|br|div|li|h[1-6])\b[^<>]{0,500}>|\r\n?|[\n\u2028\u2029]", re.IGNORECASE)
_GAP = re.compile(r"\n[ \t\r]{0,99}\n")

Blocks = list[tuple[HtmlElement, str]]


def paragraphs_of(text: str) -> list[str]:
    """The paragraphs of a text that may hold tags and escaped characters, one a line, clean."""
    text = unescaped(text)
    if MARKUP.search(text) and text.count("<") <= MOST_TAGS:
        try:
            tree = tree_of(f"<html><body>{_GAP.sub('<br>', fit(text))}</body></html>")
        except Rejected:
            return []
        strip(tree)
        return lines_of(tree)
    return [line for part in _BREAK.split(text) if part and (line := plain(part))]


def beginning_of(text: str) -> str:
    """The first paragraph of a text that may hold tags, or what of it stands in the first letters; not parsed."""
    parts = _BREAK.split(unescaped(text[:BEGINNING]))
    return next((line for part in parts if part and (line := plain(part))), "")


def lines_of(element: HtmlElement) -> list[str]:
    """The text within an element, each block of it a line, clean."""
    return [line for _, line in blocks_of(element)]


def blocks_of(element: HtmlElement) -> Blocks:
    """The text within an element, each block of it a line, clean, with the element in which the line begins."""
    found: Blocks = []
    line: list[str] = []
    begins = element

    def end(block: HtmlElement) -> None:
        nonlocal begins
        if text := cleaned("".join(line)):
            found.append((begins, text))
        line.clear()
        begins = block

    def collect(here: HtmlElement) -> None:  # libxml2 bounds the depth
        is_block = here.tag in BLOCKS
        if is_block:
            end(here)
        if here.text:
            line.append(here.text)
        for child in here:
            collect(child)
            if child.tail:
                line.append(child.tail)
        if is_block:
            end(here.getparent() if here.getparent() is not None else here)

    collect(element)
    end(element)
    return found
