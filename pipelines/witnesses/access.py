"""Whether a page lies behind a paywall, which part of it does, and how long it says that its article is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.witnesses.jsonld import ARTICLES, Graph, Node, types_of
from pipelines.witnesses.kinds import belongs_to
from pipelines.witnesses.metatags import Head
from pipelines.witnesses.testimony import Claim

TIERS = ("locked", "metered")  # of article:content_tier; search engines want both marked as not free in JSON-LD too
MOST_PARTS = 10

_SPEAKERS = ARTICLES | {"webpage", "webpageelement"}
_LAST = re.compile(r"(?:^|[\s>+~])[a-zA-Z]{0,20}([.#][\w-]{1,80})$")


def paywalls(graph: Graph, head: Head, url: str) -> list[Claim[bool]]:
    """Who says that a page's article, or a part of it, is not free or is free only so many times a month."""
    said = [
        ("json-ld", any(_is_no(node.get("isAccessibleForFree")) for node in _speakers(graph, url))),
        ("microdata", _is_no(head.first("isaccessibleforfree"))),
        ("meta", head.first("article:content_tier", "og:article:content_tier").lower() in TIERS),
    ]
    return [(witness, is_so) for witness, is_so in said if is_so]


def locked_parts(graph: Graph, url: str) -> tuple[str, ...]:
    """The parts of a page that it says are not free, each by its class or id: `.paywall`, `#rest`.

    Of a longer selector its last step counts; one that ends in anything else is left out.
    """
    texts = [
        part.strip()
        for node in _speakers(graph, url)
        if _is_no(node.get("isAccessibleForFree"))
        for part in _selectors(node.get("cssSelector"))
    ]
    return tuple(dict.fromkeys(found[1] for text in texts[:MOST_PARTS] if (found := _LAST.search(text))))


def count_of(value: object) -> int | None:
    """A number of words as JSON-LD gives it: a number, or a text of digits."""
    text = str(value)[:20] if isinstance(value, int | str) else ""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 9 else None


def _speakers(graph: Graph, url: str) -> Iterator[Node]:
    """The objects that can say what a page costs: its article, itself, and parts of it."""
    for node in graph.nodes:
        if "isAccessibleForFree" in node and types_of(node) & _SPEAKERS and belongs_to(node, url):
            yield node


def _is_no(value: object) -> bool:
    """Whether a value says no: false, "False", "https://schema.org/False", or a list with one of them."""
    if isinstance(value, list):
        return any(_is_no(one) for one in value[:10] if not isinstance(one, list))
    if isinstance(value, str):
        return value[:100].strip().rpartition("/")[2].lower() in ("false", "no", "0")
    return value is False or (isinstance(value, int | float) and value == 0)


def _selectors(value: object) -> list[str]:
    many = value[:MOST_PARTS] if isinstance(value, list) else [value]
    return [part[-200:] for one in many if isinstance(one, str) for part in one[:2_000].split(",")]
