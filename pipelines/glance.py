"""What a page shows, seen from its bytes alone: its titles and the text between its tags, without a parser."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.decoding import cleaned, decoded

LOOK = 1_000_000  # bytes of a page that are looked at
MOST = 20_000  # bytes of text: a page that shows more is no notice
MOST_TAGS = 10_000
LONGEST_TITLE = 2_000  # bytes
MOST_PIECES = 20  # of a heading, between its tags

_NAME = re.compile(rb"/?[a-zA-Z][a-zA-Z0-9]{0,9}")
_RAW = frozenset({b"script", b"style", b"textarea", b"iframe", b"noframes"})  # no element stands within one
_ASIDE = frozenset({b"nav", b"footer", b"aside", b"template", b"svg", b"select"})  # beside the text, on any page
_LAYERS = frozenset({b"div", b"section", b"dialog", b"form"})  # what is often there without being shown
_QUOTED = re.compile(rb"\"[^\"]{0,2000}\"|'[^']{0,2000}'")
_HIDDEN = re.compile(rb"\shidden(?=[\s=/]|\Z)", re.IGNORECASE)
_UNSEEN = re.compile(rb"\saria-hidden\s?=\s?[\"']?true|display\s?:\s?none", re.IGNORECASE)
# Within a sentence. All other tags end a line.
_INLINE = frozenset({
    b"a", b"abbr", b"b", b"bdi", b"big", b"code", b"em", b"font", b"i", b"mark", b"q", b"s", b"small", b"span",
    b"strong", b"sub", b"sup", b"time", b"tt", b"u", b"wbr",
})  # fmt: skip
_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Glance:
    """What is seen at a glance: title and first heading, a line each, and the text, a block a line.

    `unscripted` is what the page says where no scripts run, `concealed` how many bytes of text it holds unseen.
    """

    titles: str
    text: str = field(repr=False)
    unscripted: str = field(repr=False)
    concealed: int = 0


def glance(body: bytes, content_type: str = "") -> Glance | None:
    """What a page shows, roughly; None where that is more than a notice has.

    Time and memory are in proportion to its bytes, whatever is in them.
    """
    if body.count(b"<", 0, LOOK) > MOST_TAGS:
        return None
    shown = _Shown()
    first, *parts = body[:LOOK].split(b"<")
    shown.text.append(first)
    for part in parts:
        found = _NAME.match(part)
        shown.read(found[0].lower() if found else b"", part)
        if shown.size > MOST:
            return None
    labels = [label.decode() for label in _CHARSET.findall(body[:4_096])[:3]]
    kind = "; ".join((content_type[:500], *(f"charset={label}" for label in labels)))
    titles = (" ".join(_lines([title], kind)) for title in (shown.title, b"".join(shown.heading)))
    return Glance(
        titles="\n".join(filter(None, titles)),
        text="\n".join(_lines(shown.text, kind)),
        unscripted="\n".join(_lines(shown.unscripted, kind)),
        concealed=shown.concealed,
    )


def _lines(pieces: Iterable[bytes], content_type: str) -> list[str]:
    text = html.unescape(decoded(b"".join(pieces), content_type))
    return [line for raw in text.split("\n") if (line := cleaned(raw))]


class _Shown:
    """The pieces of text that a page shows, while its tags go by."""

    def __init__(self) -> None:
        self.title = b""
        self.heading: list[bytes] = []
        self.text: list[bytes] = []
        self.unscripted: list[bytes] = []
        self.size = 0
        self.concealed = 0
        self._within = b""  # the element that keeps what is in it from being shown
        self._depth = 0
        self._is_headed = False

    def read(self, name: bytes, part: bytes) -> None:
        """Take a tag, and the text up to the next."""
        tag, _, text = part.partition(b">")
        if part.startswith(b"!--") and not self._within:
            self._within = b"!--"
        if self._within == b"!--":
            _, ended, text = part.partition(b"-->")
            if not ended:
                return
            self._within = b""
        elif self._within:
            if not self._leaves(name):
                self._keep(name, text)
                return
        elif name in _RAW or name in _ASIDE or name == b"noscript" or (name in _LAYERS and _is_unseen(name, tag)):
            self._within, self._depth = name, 1
            self._keep(name, text)
            return
        if name == b"title":
            self.title = self.title or text[:LONGEST_TITLE]
        else:
            self._show(name, text)

    def _leaves(self, name: bytes) -> bool:
        """Whether a tag ends the element that keeps what is in it from being shown."""
        if name == b"/" + self._within:
            self._depth -= 1
        elif name == self._within and name not in _RAW:
            self._depth += 1
        if not self._depth:
            self._within = b""
        return not self._depth

    def _keep(self, name: bytes, text: bytes) -> None:
        if self._within == b"noscript":
            self.unscripted += (_gap(name), text)
        elif self._within in _LAYERS:
            self.concealed += len(text.strip())

    def _show(self, name: bytes, text: bytes) -> None:
        if name == b"h1" and not self.heading:
            self._is_headed = True
        elif name == b"/h1":
            self._is_headed = False
        if self._is_headed and len(self.heading) < MOST_PIECES:
            self.heading += (b" ", text)
        self.text += (_gap(name), text)
        self.size += len(text.strip())


def _gap(name: bytes) -> bytes:
    """What a tag puts between the text before it and after it."""
    return b" " if name.removeprefix(b"/") in _INLINE else b"\n"


def _is_unseen(name: bytes, tag: bytes) -> bool:
    if name == b"dialog" and b"open" not in tag.lower():
        return True
    return bool(_UNSEEN.search(tag) or (b"hidden" in tag.lower() and _HIDDEN.search(_QUOTED.sub(b"", tag))))
