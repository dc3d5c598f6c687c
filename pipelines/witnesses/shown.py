"""The dates that a page shows its readers: marked as times, or as a short line beside the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.decoding import cleaned
from pipelines.witnesses.dates import moment_of

MOST_HEADINGS = 60
MOST_FOUND = 50
LONGEST = 60  # characters of a line that is a date and a word or two
BEFORE, BEHIND = 40, 150  # elements within which a time belongs to the headline
BESIDE = 60  # elements behind it, from which on a mere line, or a time in another part, is as likely another article's
EACH_BEFORE = 3  # a date above the headline counts as so much further away
DEEP = 8  # elements above a date that tell what it belongs to

_MARKED = etree.XPath("//*[@itemprop][not(self::meta)]")
_BEFORE = etree.XPath(f"preceding::*[position() <= {BEFORE}]")
_WITHIN = etree.XPath(f"descendant::*[position() <= {BEHIND}]")
_BEHIND = etree.XPath(f"following::*[position() <= {BEHIND}]")
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
    """A text that holds a date, and whether it is marked as a time."""

    text: str
    is_time: bool


def marked(tree: HtmlElement, name: str) -> list[str]:
    """What the page's microdata give under a name as datePublished, the meta elements apart, in order."""
    elements = [one for one in elements_in(_MARKED(tree)) if name in one.get("itemprop", "").split()]
    return [text for one in elements[:MOST_FOUND] for text in _values(one)]


def elements_in(found: object) -> list[HtmlElement]:
    """The elements that an XPath expression has found."""
    return [one for one in found if isinstance(one, HtmlElement)] if isinstance(found, list) else []


def shown(tree: HtmlElement, title: str) -> list[Shown]:
    """The dates beside the headline, the likeliest first; none where a page shows no headline.

    The nearest date is the likeliest. Those of changes, and those in parts that hold something else (comments, teasers)
    come after all others.
    """
    headline = _headline(tree, title)
    if headline is None:
        return []
    above = {headline, *headline.iterancestors()}
    near = []
    for steps, element, text, is_time in _around(headline):
        is_own = _is_own(element, above)
        if (is_time and is_own) or (steps <= BESIDE and (is_time or _is_apart(element))):
            near.append((not is_own, _is_changed(element, text), _distance(steps), Shown(text, is_time)))
    return [one for *_, one in sorted(near, key=lambda found: found[:3])]


def _around(headline: HtmlElement) -> Iterator[tuple[int, HtmlElement, str, bool]]:
    """The texts near a headline that hold dates, each with the steps that its element is away."""
    behind = [*elements_in(_WITHIN(headline)), *elements_in(_BEHIND(headline))][:BEHIND]
    before = elements_in(_BEFORE(headline))
    steps = [*enumerate(behind, 1), *((-place, element) for place, element in enumerate(reversed(before), 1))]
    for place, element in steps:
        for text, is_time in _texts(element):
            yield place, element, text, is_time


def _distance(steps: int) -> int:
    return steps if steps >= 0 else -steps * EACH_BEFORE


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


def _text(element: HtmlElement) -> str:
    """The beginning of an element's text."""
    return cleaned("".join(islice(element.itertext(), 50))[:5_000])


def _values(element: HtmlElement) -> list[str]:
    texts = (element.get("datetime"), element.get("content"), _text(element))
    return [text for raw in texts if raw and (text := cleaned(raw[:300])) and moment_of(text)]


def _is_own(element: HtmlElement, above: AbstractSet[HtmlElement]) -> bool:
    """Whether nothing that holds a date, but not the headline, is named as a part of something else."""
    for one in islice((element, *element.iterancestors()), DEEP):
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
