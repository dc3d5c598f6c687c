"""Boxes: what stands in an article and is told apart from it, and tables that are none.

Outlets put lists of facts, biographies and whole documents in boxes between the paragraphs, and call them so. Pages of
long ago are drawn with tables, and a text that is read as their cells has no paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

LONGEST_ROW = 400  # characters of a row of a table that is one
MOST_BOXES = 50
MOST = 0.75  # of a page's letters may be in a box: a speech in full, beside the report of it
ROW = 0.3  # of a text in one longer row: what was read as a table is the page

_LIKELY = "//@class[contains(., 'ox')][contains(., 'nfo') or contains(., 'act')]/.."  # half the time of any other way
_BOX = re.compile(r"(?:info|fact)[-_]?box", re.IGNORECASE)
_MAIN = ("body", "h1", "article", "main")
_TABLE = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")


def drop_boxes(tree: HtmlElement) -> None:
    """Take the boxes out of a tree; what is named so and holds most of the page is none."""
    found = [element for element in tree.xpath(_LIKELY) if _BOX.search(element.get("class"))][:MOST_BOXES]
    most = MOST * _letters(tree) if found else 0
    for element in found:
        is_main = element.tag in _MAIN or any(element.find(f".//{tag}") is not None for tag in _MAIN)
        if element.getparent() is not None and not is_main and _letters(element) <= most:
            element.tail = f" {element.tail or ''}"  # what stood on both sides is no one word
            element.drop_tree()


def _letters(element: HtmlElement) -> int:
    return sum(len(text.strip()) for text in element.itertext())


def is_drawn(lines: Sequence[str]) -> bool:
    """Whether lines were read from tables that draw a page."""
    row = max((len(line) for line in lines if line.startswith("|")), default=0)
    return row > LONGEST_ROW and row > ROW * sum(map(len, lines))


def flatten(tree: HtmlElement) -> None:
    """Make the tables of a tree the blocks that they are drawn for."""
    for element in list(tree.iter(*_TABLE)):
        element.tag = "div"
