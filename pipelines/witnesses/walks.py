"""Ways through a tree that stay within bounds: it may hold a hundred thousand elements, all alike and all empty."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from lxml import etree
from lxml.html import HtmlElement

MOST_STEPS = 400  # elements entered or left


def texts_in(element: HtmlElement) -> Iterator[str]:
    """The texts in an element, in order, as far as some hundred elements reach."""
    for event, inner in islice(etree.iterwalk(element, events=("start", "end")), MOST_STEPS):
        if event == "start" and inner.text:
            yield inner.text
        elif event == "end" and inner is not element and inner.tail:
            yield inner.tail


def holders_of(query: etree.XPath, tree: HtmlElement, most: int) -> list[HtmlElement]:
    """The elements of the attributes or texts that a query finds, the first so many of them, in order.

    Asked for their elements in the query itself, libxml2 would compare each with all before it.
    """
    return [found.getparent() for found in cast("list[Any]", query(tree))[:most]]
