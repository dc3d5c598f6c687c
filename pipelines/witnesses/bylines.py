"""Bylines: the names that a page shows with its article, known by how they are marked, linked or written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import dropwhile, islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from pipelines.decoding import cleaned
from pipelines.witnesses.authors import names_in
from pipelines.witnesses.texts import texts_in

MOST = 300  # elements of one page that are looked at
MOST_READ = 40
MOST_TEXTS = 1_000
HIGHEST = 6  # elements above one that tell what it belongs to
LONGEST = 200  # characters of a byline; what is longer is a life
MOST_PIECES = 40  # of a byline's text

_marked = etree.XPath(
    "descendant::h1 | descendant::byline | descendant::a/@rel[contains(., 'author')]/.. "
    "| descendant::*/@class[contains(., 'ut') or contains(., 'yline')]/.."
)
_links = etree.XPath("(descendant::h1)[1]/following::a")
# Texts that know their elements cost five times as much, and hardly any is a byline.
_texts = etree.XPath("(descendant::h1)[1]/following::text()", smart_strings=False)
_text_at = etree.XPath("((descendant::h1)[1]/following::text())[$place]/..")

_ROUGHLY = re.compile(r"ut(?:h?or|eur)|yline")  # of what follows, at a fifth of the cost
_BYLINE = re.compile(
    r"(?<![a-z])(?:post|article|entry|meta|tech)?(?:author|autor|auteur|autore|byline)(?:s|en|es|i|in|bold)?(?![a-z])"
)
_ELSEWHERE = re.compile(
    r"comment|kommentar|reply|teaser|related|recommend|popular|trending|slider|carousel|swiper|caption|quote"
)
_GENERATED = re.compile(r"\b(?:category|tag|has|type|format|status|node|layout)-[\w-]*")  # by WordPress and Drupal
_CONTAINERS = frozenset(("h1", "html", "body", "main", "article", "section", "button", "input", "img"))
_QUOTES = frozenset(("form", "figure", "figcaption", "blockquote"))
_FEET = _QUOTES | {"footer", "nav"}
_INLINE = frozenset(("a", "span", "b", "strong", "em", "i", "small", "time", "font", "u"))

_AUTHORS = re.compile(
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autori?|profile?s?|staff|team|newsteam|creator|contributors?|journalists?"
    r"|redakt\w{0,6})/",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?:(?:text|words|story|posted|written|beitrag|kommentar) )?(?:by|von|par|por)\b"
    r"|(?:autor(?:in|en)?|authors?|auteurs?|autore)\s?:",
    re.IGNORECASE,
)


def bylines_of(tree: HtmlElement) -> Iterator[list[str]]:
    """The names in each text of a page that can be its byline, the likeliest first; nothing is read ahead.

    Elements marked as one come first, then links to an author's page, then lines that are written as a byline.
    """
    yield from _in_marked(tree)
    yield from _in_links(tree)
    yield from _in_texts(tree)


def _in_marked(tree: HtmlElement) -> Iterator[list[str]]:
    """The names in each element that is marked as a byline: after the headline first, then before it."""
    marked = _found(_marked, tree)[:MOST]
    start = next((place for place, element in enumerate(marked) if element.tag == "h1"), -1)
    bylines = filter(_is_byline, marked[start + 1 :] + marked[: max(start, 0)])
    yield from filter(None, map(_names, islice(bylines, MOST_READ)))


def _in_links(tree: HtmlElement) -> Iterator[list[str]]:
    for link in _found(_links, tree)[:MOST]:
        if not _is_to_author(link) or _is_within(link, _FEET):
            continue
        if names := _persons(cleaned("".join(texts_in(link))[:LONGEST])):
            yield names


def _in_texts(tree: HtmlElement) -> Iterator[list[str]]:
    for element in _signed(tree):
        block = _block(element)
        pieces = [] if _is_within(block, _FEET) else _pieces(block)
        signed = [*dropwhile(lambda piece: not _SIGNED.match(piece), pieces)]
        if signed and (names := _persons(" ".join(signed) if _SIGNED.fullmatch(signed[0]) else signed[0])):
            yield names


def _signed(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The elements of texts after the headline that begin as a byline does."""
    texts = cast("list[str]", _texts(tree))[:MOST_TEXTS]
    signed = (place for place, text in enumerate(texts, 1) if len(text) < LONGEST and _SIGNED.match(text.lstrip()))
    for place in islice(signed, MOST_READ):
        yield from cast("list[HtmlElement]", _text_at(tree, place=place))


def _found(query: etree.XPath, tree: HtmlElement) -> list[HtmlElement]:
    return cast("list[HtmlElement]", query(tree))


def _is_byline(element: HtmlElement) -> bool:
    if element.tag in _CONTAINERS:
        return False
    if "author" not in (element.get("rel") or "") and element.tag != "byline":
        if not _ROUGHLY.search(element.get("class") or ""):
            return False
        marks = _marks(element)
        if not _BYLINE.search(marks) or _ELSEWHERE.search(marks):
            return False
    return not _is_within(element, _QUOTES)


def _is_within(element: HtmlElement, tags: frozenset[str]) -> bool:
    """Whether an element belongs to something else on the page: to one of these tags, a comment, another article."""
    for around in islice(element.iterancestors(), HIGHEST):
        if around.tag in ("body", "html", "main"):
            return False
        if around.tag in tags or _ELSEWHERE.search(_marks(around)):
            return True
    return False


def _marks(element: HtmlElement) -> str:
    """The classes and the name of an element, in lower case, without those that tell of what its article is."""
    return _GENERATED.sub("", f"{element.get('class') or ''} {element.get('id') or ''}"[:300].lower())


def _block(element: HtmlElement) -> HtmlElement:
    while element.tag in _INLINE and (around := element.getparent()) is not None:
        element = around
    return element


def _names(element: HtmlElement) -> list[str]:
    """The names in an element: of its links to authors, of its whole text, or of the first piece of that."""
    pieces = _pieces(element)
    if not pieces:
        return []
    links = (cleaned("".join(texts_in(link))[:LONGEST]) for link in element.iter("a") if _is_to_author(link))
    for texts in ([*links], [" ".join(pieces)], *([piece] for piece in pieces)):
        if names := [name for name in names_in(texts) if not _is_doubtful(name)]:
            return names
    return []


def _pieces(element: HtmlElement) -> list[str]:
    """The texts within an element; none where they are longer than a byline."""
    pieces = [text for piece in islice(texts_in(element), MOST_PIECES) if (text := cleaned(piece[: LONGEST + 1]))]
    return pieces if sum(map(len, pieces)) <= LONGEST else []


def _persons(text: str) -> list[str]:
    """The names in a text that nothing else tells to be names: none, unless all have a first and a last one."""
    names = names_in([text])
    return names if all(2 <= len(name.split()) <= 4 and not name.islower() for name in names) else []


def _is_to_author(link: HtmlElement) -> bool:
    return "author" in (link.get("rel") or "") or bool(_AUTHORS.search((link.get("href") or "")[:500]))


def _is_doubtful(name: str) -> bool:
    """Whether a name in a byline is likelier the initials of an agency or an editor, or some words of a sentence."""
    is_short = len(name) <= 4 and name.isascii() and (name.isupper() or name.islower())
    return is_short or (" " in name and name.islower())
