"""Trees of pages that are heavier than any that is read: each reader of a tree keeps bounds of its own."""

from __future__ import annotations

from lxml.html import HtmlElement, HTMLParser, document_fromstring


def tree_of(text: str) -> HtmlElement:
    """The parsed page, however heavy it is."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    tree = document_fromstring(text.encode("utf-8"), parser=parser)
    assert isinstance(tree, HtmlElement)
    return tree
