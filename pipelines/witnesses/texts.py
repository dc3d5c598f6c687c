"""The text of an element, read within bounds: it may hold a page of empty elements, and be held by as many."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

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
