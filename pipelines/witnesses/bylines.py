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
from pipelines.witnesses.walks import holders_of, texts_in

MOST = 300  # elements of one page that are looked at
MOST_READ = 40
MOST_TEXTS = 1_000
HIGHEST = 6  # elements above one that tell what it belongs to
LONGEST = 200  # characters of a byline; what is longer is a life
MOST_PIECES = 40  # of a byline's text
MOST_LINKS = 10

_AFTER = "(descendant::h1)[1]/following"
_CLASSES = "::*/@class[contains(., 'ut') or contains(., 'yline')]"
_marked = (  # after the headline, then anywhere
    *(etree.XPath(f"{_AFTER}{query}") for query in ("::byline/text()", "::a/@rel[contains(., 'author')]", _CLASSES)),
    *(etree.XPath(f"descendant{query}") for query in ("::byline/text()", "::a/@rel[contains(., 'author')]", _CLASSES)),
)
_links = etree.XPath(f"{_AFTER}::a")
# Texts that know their elements cost five times as much, and hardly any is a byline.
_texts = etree.XPath(f"{_AFTER}::text()", smart_strings=False)
_placed_texts = etree.XPath(f"{_AFTER}::text()")

_BYLINE = re.compile(r"author(?!i[tz])|autor(?!i[tz])|auteur|byline", re.IGNORECASE)  # not: authority, authorize
_ELSEWHERE = re.compile(
    r"comment|kommentar|reply|teaser|related|recommend|popular|trending|slider|carousel|swiper|caption|quote"
)
_GENERATED = re.compile(r"\b(?:category|tag|has|type|format|status|node|layout)-[\w-]*")  # by WordPress and Drupal
_CONTAINERS = frozenset(("h1", "html", "body", "main", "article", "section", "button", "input", "img"))
_QUOTES = frozenset(("form", "figure", "figcaption", "blockquote"))
_FEET = _QUOTES | {"footer", "nav"}
_INLINE = frozenset(("a", "span", "b", "strong", "em", "i", "small", "time", "font", "u"))

_AUTHORS = re.compile(  # but not the profiles of players, or the pages of teams
    r"/(?:authors?|autor(?:en|es|in)?|auteurs?|autori?|staff|newsteam|contributors?|journalists?|redakt\w{0,6})/",
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
    for query in _marked:
        bylines = filter(_is_byline, holders_of(query, tree, MOST))
        yield from filter(None, map(_names, islice(bylines, MOST_READ)))


def _in_links(tree: HtmlElement) -> Iterator[list[str]]:
    for link in cast("list[HtmlElement]", _links(tree))[:MOST]:
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
    places = [place for place, text in enumerate(texts) if len(text) < LONGEST and _SIGNED.match(text.lstrip())]
    elements = holders_of(_placed_texts, tree, MOST_TEXTS) if places else []
    yield from (elements[place] for place in places[:MOST_READ])


def _is_byline(element: HtmlElement) -> bool:
    if element.tag in _CONTAINERS:
        return False
    is_marked = element.tag == "byline" or "author" in (element.get("rel") or "")
    is_marked = is_marked or (_is_classed(element) and not _ELSEWHERE.search(_marks(element)))
    return is_marked and not _is_within(element, _QUOTES)


def _is_classed(element: HtmlElement) -> bool:
    return bool(_BYLINE.search((element.get("class") or "")[:300]))


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
    links = (
        cleaned("".join(texts_in(link))[:LONGEST])
        for link in islice(element.iter("a"), MOST_LINKS)
        if _is_to_author(link)
    )
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
