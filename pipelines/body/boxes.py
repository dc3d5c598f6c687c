"""Boxes: what stands in an article and is told apart from it, and tables that are none.

Outlets put lists of facts, biographies and whole documents in boxes between the paragraphs, and call them so. Pages of
long ago are drawn with tables, and a text that is read as their cells has no paragraphs.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

LONGEST_ROW = 400  # characters of a row of a table that is one
ROWS = 0.3  # of a text in longer rows: what was read as a table is the page

_NAMES = ("nfobox", "nfo-box", "actbox", "act-box")  # infobox, FactBox ...
_BYTES = tuple(name.encode() for name in _NAMES)
_FIND = f"//*[{' or '.join(f'contains(@class, {name!r})' for name in _NAMES)}]"
_MAIN = ("h1", "article", "main")
_TABLE = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")


def drop_boxes(tree: HtmlElement, body: bytes) -> None:
    """Take the boxes out of a tree; `body` are the bytes of its page, in which their names are found sooner."""
    if not any(name in body for name in _BYTES):
        return
    for element in tree.xpath(_FIND):
        is_main = element.tag in _MAIN or any(element.find(f".//{tag}") is not None for tag in _MAIN)
        if element.getparent() is not None and element.tag != "body" and not is_main:
            element.drop_tree()


def is_drawn(lines: Sequence[str]) -> bool:
    """Whether lines were read from tables that draw a page."""
    rows = sum(len(line) for line in lines if len(line) > LONGEST_ROW and line.startswith("|"))
    return rows > ROWS * sum(map(len, lines))


def flatten(tree: HtmlElement) -> None:
    """Make the tables of a tree the blocks that they are drawn for."""
    for element in list(tree.iter(*_TABLE)):
        element.tag = "div"
