"""The dates that a page shows its readers: marked as times, or as a short line beside the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipelines.decoding import cleaned
from pipelines.witnesses.dates import moment_of

MOST_ELEMENTS = 30_000
MOST_HEADINGS = 200
MOST_FOUND = 200
LONGEST = 60  # characters of a line that is a date and a word or two
BEFORE, BEHIND = 40, 150  # elements within which a date belongs to the headline
EACH_BEFORE = 3  # a date above the headline counts as so much further away
DEEP = 8  # elements above a date that tell what it belongs to

_MARKED = etree.XPath("//*[contains(@itemprop, 'date') or contains(@itemprop, 'Date')]")
_HINT = re.compile(r"(?:19|20)\d\d|\d\.\d{1,2}\.\s?\d\d")
_OTHER = re.compile(  # what is named so holds dates of something else
    r"comment|kommentar|teaser|related|recent|similar|(?<!v)card|tweet|quote|listitem|copyright", re.IGNORECASE
)
_CHANGED = re.compile(
    r"updated?\b|modifi|changed?\b|lastmod|geändert|aktualisiert|bearbeitet|mise à jour|actualiz", re.IGNORECASE
)
_GAPS = re.compile(r"[\W_]+")
_PUBLISHED = re.compile(r"publi|entry-date|posted", re.IGNORECASE)
_TEXTLESS = frozenset(("script", "style", "noscript", "template", "head", "title", "meta", "link", "option", "svg"))
_INLINE = frozenset(("a", "abbr", "b", "em", "i", "nobr", "small", "span", "strong", "u"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that holds a date, whether it is marked as a time, and how far from the headline it stands."""

    text: str
    is_time: bool
    distance: int


def marked(tree: HtmlElement, name: str) -> list[str]:
    """What the page's microdata give under a name as datePublished, the meta elements apart, in order."""
    elements = _MARKED(tree)
    found: list[str] = []
    for element in elements[:MOST_FOUND] if isinstance(elements, list) else ():
        if isinstance(element, HtmlElement) and element.tag != "meta" and name in element.get("itemprop", "").split():
            found += _values(element)
    return found


def shown(tree: HtmlElement, title: str) -> list[Shown]:
    """The dates beside the headline, the likeliest first; none where a page shows no headline.

    The nearest date is the likeliest. Those of changes, and those in parts that hold something else (comments, teasers)
    come after all others.
    """
    headline = _headline(tree, title)
    if headline is None:
        return []
    above = {headline, *headline.iterancestors()}
    near = [
        ((not _is_own(element, above), _is_changed(element, text), _distance(steps)), Shown(text, is_time, steps))
        for steps, element, text, is_time in _around(tree, headline)
        if -BEFORE <= steps <= BEHIND and (is_time or _is_apart(element))
    ]
    return [one for _, one in sorted(near, key=lambda pair: pair[0])]


def _around(tree: HtmlElement, headline: HtmlElement) -> list[tuple[int, HtmlElement, str, bool]]:
    """The texts of a page that hold dates, each with its elements from the headline, in order."""
    found: list[tuple[int, HtmlElement, str, bool]] = []
    at = 0
    for place, element in zip(range(MOST_ELEMENTS), tree.iter(etree.Element), strict=False):
        if element is headline:
            at = place
        elif len(found) < MOST_FOUND:
            found += [(place, element, text, is_time) for text, is_time in _texts(element)]
    return [(place - at, element, text, is_time) for place, element, text, is_time in found]


def _distance(steps: int) -> int:
    return steps if steps >= 0 else -steps * EACH_BEFORE


def _headline(tree: HtmlElement, title: str) -> HtmlElement | None:
    """The heading that the page's title repeats at most length; else the first h1."""
    whole = _letters(title)
    best, most = None, (0, False)
    for _, one in zip(range(MOST_HEADINGS), tree.iter("h1", "h2", "h3"), strict=False):
        text = _letters(cleaned("".join(one.itertext())[:2000]))
        rank = (len(text) if text in whole else 0, one.tag == "h1")
        if rank > most:
            best, most = one, rank
    return best


def _letters(text: str) -> str:
    return _GAPS.sub("", text).casefold()


def _texts(element: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The texts of an element itself that may be dates."""
    if element.tag == "time":
        yield from ((text, True) for text in _values(element)[:1])
    elif element.tag not in _TEXTLESS:
        for raw in (element.text, *(child.tail for child in element[:20])):
            if (
                raw
                and len(raw) < 300
                and _HINT.search(raw)
                and len(text := cleaned(raw)) <= LONGEST
                and moment_of(text)
            ):
                yield text, False


def _values(element: HtmlElement) -> list[str]:
    texts = (element.get("datetime"), element.get("content"), "".join(element.itertext())[:300])
    return [text for raw in texts if raw and (text := cleaned(raw[:300])) and moment_of(text)]


def _is_own(element: HtmlElement, above: AbstractSet[HtmlElement]) -> bool:
    """Whether nothing that holds a date, but not the headline, is named as a part of something else."""
    for _, one in zip(range(DEEP), (element, *element.iterancestors()), strict=False):
        if one in above:
            return True
        if one.tag in ("nav", "blockquote") or _OTHER.search(_names(one)):
            return False
    return True


def _is_apart(element: HtmlElement) -> bool:
    """Whether a line stands for itself, and not within a sentence."""
    if element.tag not in _INLINE:
        return True
    parent, before = element.getparent(), element.getprevious()
    around = (element.tail, before.tail if before is not None else parent.text if parent is not None else "")
    return sum(len(text.strip()) for text in around if text) <= LONGEST


def _is_changed(element: HtmlElement, text: str) -> bool:
    """Whether a date is that of a change."""
    names = " ".join((text, _names(element)))
    return bool(_CHANGED.search(names)) and not _PUBLISHED.search(names)


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:200]
