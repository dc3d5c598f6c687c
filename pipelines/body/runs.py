"""Runs: a paragraph that an application keeps in parts, because some of its words are links or bold."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.body.paragraphs import MARKUP

MOST = 400  # parts of a paragraph
DEEPEST = 4

_TEXT = ("text", "value", "content", "_text", "#text", "html", "children", "nodes")
_KIND = ("tag", "type", "nodeType", "_type", "kind", "name")
_BLOCKS = frozenset((
    "p", "paragraph", "div", "section", "heading", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "list", "li",
    "figure", "image", "block", "blockquote",
))  # fmt: skip
_ENDS = re.compile(r"[.!?…:。！？\"”»’'）)]\s{0,9}$")


def joined(values: Sequence[object], depth: int = 0) -> str | None:
    """The text of a list whose elements are the parts of one paragraph; None for any other list.

    Parts end in the middle of a sentence; where most elements end as sentences do, each is a paragraph.
    """
    if depth > DEEPEST or not 0 < len(values) <= MOST or all(isinstance(one, str) for one in values):
        return None
    parts: list[str] = []
    for one in values:
        part = _part(one, depth)
        if part is None or MARKUP.search(part):
            return None
        parts.append(part)
    shown = [part for part in parts if part.strip()]
    ended = sum(bool(_ENDS.search(part[-20:])) for part in shown[:-1])
    if not shown or (len(shown) > 1 and ended * 2 >= len(shown) - 1):
        return None
    return "".join(parts)


def _part(value: object, depth: int) -> str | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, dict):
        return None
    if any(isinstance(kind := value.get(name), str) and kind.lower() in _BLOCKS for name in _KIND):
        return None
    for name in _TEXT:
        inner = value.get(name)
        if isinstance(inner, str):
            return inner
        if isinstance(inner, list):
            return joined(inner, depth + 1)
    return "" if len(value) < 4 else None
