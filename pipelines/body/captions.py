"""What a page writes under its pictures: no part of the text, and yet words about the matter."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

from pipelines.decoding import cleaned

MOST = 50
MOST_PICTURES = 200
LONGEST = 1_000  # characters: what is longer is a text with a picture in it
SHORTEST = 3
NEAR = 3  # elements around a picture whose class may say that they are its caption

_ELSEWHERE = frozenset(("a", "nav", "aside", "footer"))  # there a picture stands for another article


def captions_in(tree: HtmlElement) -> tuple[str, ...]:
    """The captions of a page's pictures, each once, in order; from a tree that was not stripped."""
    found: dict[str, None] = {}
    elements = list(islice(tree.iter("figcaption"), MOST_PICTURES)) or list(_called(tree))
    for element in elements:
        if len(found) == MOST:
            break
        text = cleaned("".join(element.itertext())[: 2 * LONGEST])
        if SHORTEST <= len(text) <= LONGEST and not _is_elsewhere(element) and element.find(".//script") is None:
            found[text] = None
    return tuple(found)


def _called(tree: HtmlElement) -> Iterator[HtmlElement]:
    """What is called a caption by its class, around a picture or beside it: `<p class="wp-caption-text">`."""
    for picture in islice(tree.iter("img"), MOST_PICTURES):
        for around in islice(picture.iterancestors(), NEAR):
            if "caption" in (around.get("class") or ""):
                yield around
                break
            if around.tag == "figure":
                yield from _within(around)
                break


def _within(figure: HtmlElement) -> Iterator[HtmlElement]:
    return (one for one in figure.iter("p", "div", "span") if "caption" in (one.get("class") or ""))


def _is_elsewhere(element: HtmlElement) -> bool:
    return any(one.tag in _ELSEWHERE for one in element.iterancestors())
