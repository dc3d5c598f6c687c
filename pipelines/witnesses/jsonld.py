"""JSON-LD: what a page says of itself in scripts, read with patience and within bounds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.decoding import plain

Node = Mapping[str, object]

MAX_SCRIPTS = 60
MAX_SCRIPT = 2_000_000  # characters; the longest honest one seen holds a live blog of 300,000
MAX_NODES = 5_000

ARTICLES = frozenset((
    "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "blogposting",
    "askpublicnewsarticle", "backgroundnewsarticle", "reviewnewsarticle", "satiricalarticle", "liveblogposting",
    "report", "techarticle", "scholarlyarticle", "advertisercontentarticle", "socialmediaposting",
))  # fmt: skip
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart", "itemListElement", "item")
_WRAPPING = re.compile(r"<!--|(?://|/\*)?\s{0,9}<!\[CDATA\[(?:\s{0,9}\*/)?")  # what follows the object is never read
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
# What can be saved from a script that is no JSON.
_PAIR = re.compile(r'"(headline|datePublished|dateModified|@type)"\s{0,20}:\s{0,20}"((?:[^"\\\n]|\\.){1,500})"')


@dataclass(frozen=True, slots=True)
class Graph:
    """All objects of a page's JSON-LD: `nodes` in the order of the page, `by_id` the fullest under each @id."""

    nodes: tuple[Node, ...] = ()
    by_id: Mapping[str, Node] = field(default_factory=dict)

    def resolved(self, value: object) -> object:
        """The object that a reference `{"@id": ...}` names, where the page holds it; else the value itself."""
        if isinstance(value, dict) and isinstance(name := value.get("@id"), str) and len(value) <= 2:
            return self.by_id.get(name, value)
        return value

    def of_type(self, types: frozenset[str]) -> list[Node]:
        """The objects of any of these types (in lower case)."""
        return [node for node in self.nodes if types & types_of(node)]

    def article(self, url: str) -> Node:
        """The object that describes the page's own article: by its address, else the first; empty if there is none."""
        found = self.of_type(ARTICLES)
        own = [node for node in found if _place(url) in {_place(address) for address in self._addresses(node)}]
        return max(own or found[:1], key=len, default={})

    def _addresses(self, node: Node) -> Iterator[str]:
        for key in ("url", "@id", "mainEntityOfPage"):
            value = node.get(key)
            if isinstance(value, dict):
                value = value.get("@id") or value.get("url")
            if isinstance(value, str) and value:
                yield value


def graph_of(tree: HtmlElement) -> Graph:
    """All JSON-LD of a page; what cannot be read is left out."""
    nodes: list[Node] = []
    scripts = 0
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and (text := script.text):
            scripts += 1
            if scripts > MAX_SCRIPTS or len(nodes) >= MAX_NODES:
                break
            nodes += _nodes(_parsed(text[:MAX_SCRIPT]), MAX_NODES - len(nodes))
    by_id: dict[str, Node] = {}
    for node in nodes:
        if isinstance(name := node.get("@id"), str) and len(node) > len(by_id.get(name, {})):
            by_id[name] = node
    return Graph(tuple(nodes), by_id)


def types_of(node: object) -> frozenset[str]:
    """The types of an object, in lower case and without their vocabulary's address."""
    value = node.get("@type") if isinstance(node, dict) else None
    names = value if isinstance(value, list) else [value]
    return frozenset(name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str))


def text_of(value: object) -> str:
    """A value as plain text: of a list the first, of an object its name or value."""
    if isinstance(value, list):
        value = next(iter(value), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("headline") or value.get("url")
    if isinstance(value, list):
        value = next(iter(value), None)
    return plain(value[:20_000]) if isinstance(value, str) else ""


def _parsed(text: str) -> object:
    text = text.strip()
    if wrapping := _WRAPPING.match(text):
        text = text[wrapping.end() :].lstrip()
    for mended in (str, _without_loose_commas):
        try:
            return json.JSONDecoder(strict=False).raw_decode(mended(text))[0]
        except (ValueError, RecursionError):
            continue
    saved: dict[str, str] = {}
    for found in _PAIR.finditer(text):
        saved.setdefault(found[1], found[2].replace("\\/", "/").replace('\\"', '"'))
    return saved or None


def _without_loose_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


def _nodes(value: object, room: int) -> list[Node]:
    """The objects within a parsed script, in order, down to a few levels."""
    found: list[Node] = []
    open_: list[tuple[object, int]] = [(value, 0)]
    while open_ and len(found) < room:
        here, depth = open_.pop()
        if depth > 6:
            continue
        if isinstance(here, list):
            open_ += [(child, depth + 1) for child in reversed(here[:room])]
        elif isinstance(here, dict):
            found.append(here)
            open_ += [(here[key], depth + 1) for key in reversed(_NESTED) if isinstance(here.get(key), dict | list)]
    return found


def _place(address: str) -> str:
    """What two addresses of one page have in common: host and path, without slash, suffix or a leading www."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}".lower()
