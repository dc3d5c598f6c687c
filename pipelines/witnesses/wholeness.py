"""Whether the text of a page is all of its article, and if not, why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from pipelines.words import words_of

CUT = "the document has no end"
TEASER = "teaser"
SCRIPTS = "the text is in scripts only"

PART = 0.5  # of the words that a page claims: a teaser shows fewer
SHORT_TEASER = 1_200  # characters: of a page that does not say how much it hides
BUTTON = 200  # characters: a part behind a wall that holds no more is the wall
LEFT_OPEN = 2  # elements: whole pages forget to close one
HARDLY_ANY = 400  # characters
LONG = 200  # words
MOST_PARTS = 50

_END = re.compile(rb"</(?:html|body)\b", re.IGNORECASE)
_BREAKS_OFF = re.compile(r"(?:…|\.\.\.|\[(?:…|\.\.\.)\])[\s\"'»”’)]{0,5}$")
_WALL = etree.XPath("boolean(//*[contains(@class, 'aywall') or contains(@id, 'aywall')])")
_NAMED = {
    ".": etree.XPath("//*[contains(concat(' ', normalize-space(@class), ' '), concat(' ', $name, ' '))]"),
    "#": etree.XPath("//*[@id = $name]"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What a page says of its article's length.

    `locked` are the parts that are not free, by class or id; `words` is their number as claimed, `body` the text that
    its JSON-LD carries.
    """

    is_paywalled: bool = False
    locked: tuple[str, ...] = ()
    words: int | None = None
    body: str = field(default="", repr=False)


def partial_reason(document: bytes, tree: HtmlElement, text: str, claims: Claims) -> str:
    """Why a text is not all of its article: `CUT`, `TEASER` or `SCRIPTS`; empty where nothing says that it is not."""
    if _is_cut(document):
        return CUT
    if _is_teaser(tree, text, claims):
        return TEASER
    return SCRIPTS if _is_in_scripts(tree, text, claims.words or 0) else ""


def _is_cut(document: bytes) -> bool:
    """Whether a document breaks off: it has no end, and stops within a tag or a script or with elements left open.

    That the end is missing says nothing alone: HTML lets a page leave it out.
    """
    if document.rfind(b"</html>") >= 0 or document.rfind(b"</body>") >= 0 or _END.search(document):
        return False
    lower = document.lower()
    in_tag = lower.rfind(b"<") > lower.rfind(b">")
    in_script = lower.rfind(b"<script") > lower.rfind(b"</script")
    return in_tag or in_script or lower.count(b"<div") - lower.count(b"</div") >= LEFT_OPEN


def _is_teaser(tree: HtmlElement, text: str, claims: Claims) -> bool:
    """Whether a text is what a wall leaves to see: it breaks off, or is far shorter than the page says."""
    breaks_off = _BREAKS_OFF.search(text[-20:]) is not None
    if not claims.is_paywalled:
        return breaks_off and bool(_WALL(tree))
    if breaks_off:
        return True
    if claimed := len(words_of(claims.body)) or claims.words:
        return len(words_of(text)) < claimed * PART
    return len(text) < SHORT_TEASER and bool(claims.locked) and _length(tree, claims.locked) < BUTTON


def _is_in_scripts(tree: HtmlElement, text: str, claimed: int) -> bool:
    """Whether next to nothing of a long article is text, nor anything else of the page that much."""
    if len(text) > HARDLY_ANY or claimed < LONG or len(words_of(text)) >= claimed * PART:
        return False
    return len(words_of(tree.text_content())) < claimed * PART


def _length(tree: HtmlElement, parts: Sequence[str]) -> int:
    """The characters of text in the parts of a page that have these classes or ids."""
    found = [element for part in parts for element in _elements(tree, part)[:MOST_PARTS]]
    return sum(len("".join(element.itertext()).strip()) for element in found)


def _elements(tree: HtmlElement, part: str) -> list[HtmlElement]:
    found = _NAMED[part[0]](tree, name=part[1:])
    return [one for one in found if isinstance(one, HtmlElement)] if isinstance(found, list) else []
