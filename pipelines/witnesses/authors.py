"""Who wrote an article: persons by name, from whatever a page gives."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipelines.decoding import plain
from pipelines.witnesses.jsonld import Graph, text_of, types_of

MOST = 20
LONGEST = 80  # characters; what is longer is a sentence

_BY = re.compile(
    r"^(?:written |reported |story |text )?(?:by|von|par|por|di|door|av|af|od|przez)[:\s]\s*", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*[;|•·]\s*|,\s+|\s+(?:and|und|et|y|e|en|og|och|ja|i|&)\s+|\s+/\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"https?:|www\.|@|\w{3}\.[a-z]{2,10}\b")
_NO_NAME = re.compile(
    r"\d{3}|^(?:admin|editor|null|none|undefined|unknown|staff|redaktion|guest"
    r"|author|by|jr\.?|sr\.?|phd|md)$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]]\s*$|\s*(?:기자|특파원|記者)$")


def people_in(value: object, graph: Graph) -> list[str]:
    """The persons that a JSON-LD author names; references are looked up in the page."""
    return _named(value, graph, persons=True)


def organisations_in(value: object, graph: Graph) -> list[str]:
    """The organisations that a JSON-LD author names."""
    return _named(value, graph, persons=False)


def names_in(texts: Iterable[str]) -> list[str]:
    """The names that bylines hold, one each, in order."""
    found: dict[str, str] = {}
    for text in texts:
        parts = _BETWEEN.split(_BY.sub("", plain(text[:1000])))
        if any(_ADDRESS.search(part) for part in parts):
            continue  # "example.de, Frankfurt, Germany" is an imprint
        for part in parts:
            name = _SUFFIX.sub("", _BY.sub("", part)).strip(" ,.;:-–—|")
            if 1 < len(name) <= LONGEST and not _NO_NAME.search(name):
                found.setdefault(name.casefold(), name)
    return list(found.values())[:MOST]


def _named(value: object, graph: Graph, *, persons: bool) -> list[str]:
    texts = []
    for author in value[:50] if isinstance(value, list) else [value]:
        node = graph.resolved(author)
        is_organisation = any("organization" in name for name in types_of(node))
        if is_organisation != persons:
            texts += _texts(node)
    return names_in(texts) if persons else [text for text in texts if len(text) <= LONGEST]


def _texts(node: object) -> list[str]:
    name = (
        node.get("name") or f"{node.get('givenName', '')} {node.get('familyName', '')}"
        if isinstance(node, dict)
        else node
    )
    many = name if isinstance(name, list) else [name]
    return [text for one in many[:MOST] if (text := text_of(one))]
