"""The dates that a page shows its readers: marked as times, or as a short line beside the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.decoding import cleaned
from pipelines.witnesses.dates import moment_of

MOST_HEADINGS = 60
MOST_FOUND = 50
LONGEST = 300  # characters of a line before its spaces are joined; a sentence that names a date is no date
BEFORE, BEHIND = 40, 60  # elements from the headline, beyond which a date is as likely another article's
MOST_LINES = 20  # in one element

_MARKED = etree.XPath("//*[@itemprop][not(self::meta)]")
_BEFORE = etree.XPath(f"preceding::*[position() <= {BEFORE}]")
_WITHIN = etree.XPath(f"descendant::*[position() <= {BEHIND}]")
_BEHIND = etree.XPath(f"following::*[position() <= {BEHIND}]")
_HINT = re.compile(r"(?:19|20)\d\d|\d\.\d{1,2}\.\s?\d\d")
_CHANGED = re.compile(
    r"updated?\b|modifi|changed?\b|lastmod|last edited|geändert|aktualisier|bearbeitet|mise? à jour|actualiza|atualiza"
    r"|aggiorna|bijgewerkt|gewijzigd|uppdatera|oppdater|opdater|päivitet|zaktualiz|güncelle|обновлен|оновлено|更新|수정",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_GAPS = re.compile(r"[\W_]+")
_PUBLISHED = re.compile(r"publi|entry-date|posted", re.IGNORECASE)
_TEXTLESS = frozenset(("script", "style", "noscript", "template", "head", "title", "meta", "link", "option", "svg"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that holds a date, whether it is marked as a time, and whether it is named as that of a change."""

    text: str
    is_time: bool
    is_change: bool


def marked(tree: HtmlElement, name: str) -> list[str]:
    """What the page's microdata give under a name as datePublished, the meta elements apart, in order."""
    elements = [one for one in elements_in(_MARKED(tree)) if name in one.get("itemprop", "").split()]
    return [text for one in elements[:MOST_FOUND] for text in _values(one)]


def elements_in(found: object) -> list[HtmlElement]:
    """The elements that an XPath expression has found."""
    return [one for one in found if isinstance(one, HtmlElement)] if isinstance(found, list) else []


def shown(tree: HtmlElement, title: str) -> list[Shown]:
    """The dates beside the headline, the nearest first; none where a page shows no headline."""
    headline = _headline(tree, title)
    if headline is None:
        return []
    behind = [*elements_in(_WITHIN(headline)), *elements_in(_BEHIND(headline))][:BEHIND]
    before = elements_in(_BEFORE(headline))
    near = [
        (steps, one)
        for elements in (behind, reversed(before))
        for steps, element in enumerate(elements)
        for one in _dates(element)
    ]
    return [one for _, one in sorted(near, key=lambda found: found[0])]


def _headline(tree: HtmlElement, title: str) -> HtmlElement | None:
    """The heading that the page's title repeats at most length; else the first h1."""
    whole = _letters(title)
    best, most = None, (0, False)
    for one in islice(tree.iter("h1", "h2", "h3"), MOST_HEADINGS):
        text = _letters(_text(one)[:2_000])
        rank = (len(text) if text in whole else 0, one.tag == "h1")
        if rank > most:
            best, most = one, rank
    return best


def _letters(text: str) -> str:
    return _GAPS.sub("", text).casefold()


def _dates(element: HtmlElement) -> Iterator[Shown]:
    """The dates that an element itself holds: as a time, or as a line of text in it."""
    if element.tag == "time":
        yield from (Shown(text, True, _is_change(element, text)) for text in _values(element)[:1])
    elif element.tag not in _TEXTLESS:
        for raw in (element.text, *(child.tail for child in element[:MOST_LINES])):
            if raw and len(raw) < LONGEST and _HINT.search(raw):
                text = cleaned(raw)
                if moment_of(text):
                    yield Shown(text, False, _is_change(element, text))


def _text(element: HtmlElement) -> str:
    """The beginning of an element's text."""
    return cleaned("".join(islice(element.itertext(), 50))[:5_000])


def _values(element: HtmlElement) -> list[str]:
    texts = (element.get("datetime"), element.get("content"), _text(element))
    return [text for raw in texts if raw and (text := cleaned(raw[:300])) and moment_of(text)]


def _is_change(element: HtmlElement, text: str) -> bool:
    """Whether a date is that of a change, by the words before it or by the name of its element."""
    names = f"{_DIGIT.split(text, maxsplit=1)[0]} {element.get('class') or ''} {element.get('id') or ''}"[:300]
    return bool(_CHANGED.search(names)) and not _PUBLISHED.search(names)
