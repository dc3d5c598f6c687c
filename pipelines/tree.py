"""The tree of a page: parsed once, within bounds, then stripped of what holds no text of an article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import copy

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipelines.heaviness import weigh_text, weigh_tree
from pipelines.items import Rejected

HEAD = 4_096  # characters, in which the root element begins
LONGEST_LINK = 2_000  # characters

_PARSER = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=False)
_DOCTYPE = re.compile(r"\s{0,99}<!DOCTYPE[^<>]{0,999}>", re.IGNORECASE)  # XHTML's makes libxml2 another parser
_CLOSED = re.compile(r"(<html\b[^<>]{0,999}?)\s{0,99}/>", re.IGNORECASE)  # an <html/> that holds nothing
_WORDLESS = (
    "script", "style", "svg", "iframe", "template", "link", "meta", "select", "option", "input", "textarea", "button",
    "video", "audio", "canvas", "object", "embed", "picture", "source", "img", "track", "dialog", "datalist",
    "figcaption",  # words, but not the article's: names of photographers and what the picture shows
)  # fmt: skip
_MAIN = ("article", "h1", "main")
_BLOCKS = ("div", "p", "li", "ul", "section", "figure")
_GONE = "gone"


def tree_of(text: str) -> HtmlElement:
    """The parsed page; Rejected where there is no HTML in it, or where it is too heavy."""
    text = text[found.end() :] if (found := _DOCTYPE.match(text)) else text
    text = _CLOSED.sub(r"\1>", text[:HEAD], count=1) + text[HEAD:]
    tags = weigh_text(text)
    try:
        tree = document_fromstring(text.encode("utf-8"), parser=_PARSER)
    except (etree.LxmlError, ValueError, AssertionError):  # lxml asserts that there is a root
        raise Rejected("there is no HTML in it") from None
    if not isinstance(tree, HtmlElement) or tree.find("body") is None:
        raise Rejected("there is no HTML in it")
    weigh_tree(tree, len(text), tags)
    return tree


def strip(tree: HtmlElement) -> None:
    """Take out of a tree what holds no text of the article: a third of the time that its extraction takes.

    Menus stay where a page that forgets to close them has its article inside.
    """
    etree.strip_elements(tree, *_WORDLESS, with_tail=False)
    etree.strip_attributes(tree, "colspan", "rowspan")  # trafilatura fills the table up with as many cells
    holders = _around(tree, *_MAIN)
    _drop(tree, [element for element in tree.iter("nav", "footer") if element not in holders])


def lean(tree: HtmlElement) -> HtmlElement:
    """A copy of a stripped tree without asides and without blocks in which there is nothing, not even a link."""
    copied: HtmlElement = copy(tree)
    etree.strip_elements(copied, "aside", with_tail=False)
    empty: set[HtmlElement] = set()
    for block in reversed(list(copied.iter(*_BLOCKS))):  # what a block holds comes before the block
        if not _is_blank(block.text):
            continue
        for child in block:
            if child not in empty or not _is_blank(child.tail):
                break
        else:
            empty.add(block)
    _drop(copied, empty)
    return copied


def _is_blank(text: str | None) -> bool:
    return not text or text.isspace()


def _around(tree: HtmlElement, *tags: str) -> set[HtmlElement]:
    """The elements that hold any of these tags, at any depth."""
    holders: set[HtmlElement] = set()
    for element in tree.iter(*tags):
        for ancestor in element.iterancestors():
            if ancestor in holders:
                break
            holders.add(ancestor)
    return holders


def _drop(tree: HtmlElement, elements: Iterable[HtmlElement]) -> None:
    """Take elements out, but not what follows them.

    All at once: one by one, the texts around thousands of them are copied thousands of times.
    """
    for element in elements:
        element.tag = _GONE
    etree.strip_elements(tree, _GONE, with_tail=False)


def links_of(tree: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """All links to other pages, each with its text as it is written, as far as that may be a link's."""
    return [
        (link, beginning(link, LONGEST_LINK) if len(link) else (link.text or "")[:LONGEST_LINK])
        for link in tree.iter("a")
        if (link.get("href") or "#")[0] != "#"
    ]


def beginning(element: HtmlElement, most: int) -> str:
    """The first characters of the text within an element: all of it would be copied for each element around it."""
    parts: list[str] = []
    for part in element.itertext():
        parts.append(part[:most])
        most -= len(part)
        if most <= 0:
            break
    return "".join(parts)
