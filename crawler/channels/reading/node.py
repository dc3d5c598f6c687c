"""One record of a document as a small tree: two levels of elements, with text and attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.channels.reading.plaintext import unescaped

MAX_DEPTH = 2  # `url / news:news / news:title`; what lies deeper is text of the second level
MAX_CHILDREN = 500
MAX_TEXT = 1 << 18  # characters of one element
MAX_ATTRIBUTES = 1 << 16
_ATTRIBUTE = re.compile(r"(?<![^\s=/\"'<>])([^\s=/\"'<>]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>]++))")


class Node:
    """An element of a record. Mutable while its document is read, as `Capture` is."""

    __slots__ = ("_attributes", "_children", "_count", "_pieces", "_room", "base", "depth", "key")

    def __init__(self, key: str, attributes: str, base: str, depth: int = 0) -> None:
        self.key = key
        self.base = base
        self.depth = depth
        self._attributes = attributes
        self._children: dict[str, list[Node]] | None = None  # most have none
        self._count = 0
        self._pieces: list[str] = []
        self._room = MAX_TEXT

    def child(self, key: str, attributes: str, base: str) -> Node | None:
        """A new element within this one; None where it is too deep or one too many."""
        if self.depth == MAX_DEPTH or self._count >= MAX_CHILDREN:
            return None
        node = Node(key, attributes, base, self.depth + 1)
        if self._children is None:
            self._children = {}
        self._children.setdefault(key, []).append(node)
        self._count += 1
        return node

    def take(self, text: str) -> None:
        """Add text, as far as there is room."""
        if self._room > 0:
            self._pieces.append(text[: self._room])
            self._room -= len(text)

    @property
    def text(self) -> str:
        """All text within the element, in order, without blanks at its ends."""
        return "".join(self._pieces).strip()

    def attribute(self, name: str) -> str:
        """The value of an attribute, or an empty string."""
        if not self._attributes:
            return ""
        return next((value for key, value in attributes_of(self._attributes) if key == name), "")

    def named(self, *keys: str) -> Iterator[Node]:
        """The children of these names: all of the first name, then all of the second, and so on."""
        children = self._children or {}
        for key in keys:
            if key in children:
                yield from children[key]

    def said(self, key: str) -> str:
        """The first text that is not empty among the children of a name."""
        return next((text for node in (self._children or {}).get(key, ()) if (text := node.text)), "")


def attributes_of(attributes: str) -> Iterator[tuple[str, str]]:
    """The attributes of a tag, names in lower case."""
    for name, double, single, bare in _ATTRIBUTE.findall(attributes[:MAX_ATTRIBUTES]):
        yield name.lower(), unescaped(double or single or bare)
