"""The text of an article out of what a page's scripts were sent, where the page itself does not show it.

No application is known here. In any of them an article is one long string, or a list whose elements hold a paragraph
each in the same place, and its headline is beside it or its words are in it. What else is a list of sentences (other
articles' teasers, captions, notices of consent) has headlines of its own, or stands under a name that says so.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from lxml import etree
from lxml.html import HtmlElement

from pipelines.body.lines import key
from pipelines.body.main_text import main_text
from pipelines.body.paragraphs import MARKUP, lines_of, paragraphs_of
from pipelines.body.runs import joined
from pipelines.decoding import cleaned, fit
from pipelines.items import Rejected
from pipelines.tree import strip, tree_of
from pipelines.words import words_of

MOST_NODES = 100_000  # of all values; the largest honest one seen has 15,000
MOST_LETTERS = 6_000_000  # of all strings, which may be one string many times
DEEPEST = 60
LONGEST_NAME = 60  # characters of a name that are read
NAME = 24  # characters of a name by which places are told apart
LEAST = 250  # characters that are worth having
LONGEST = 500_000
SUMMARY = 1_500  # characters: a "description" that is longer is the text itself
TRIED = 30  # lists, the longest first, that are asked whose text they hold
MOST_BESIDE = 300  # strings beside a text, among which its headline is looked for
NEAR = 2_000  # characters of a text in which words of its headline stand
TITLE = 8  # letters and digits of a headline that tells one article from another

# Names under which a page keeps what is no part of its article's text.
_BESIDE = re.compile(
    r"caption|credit|copyright|^alt|title|headline|teaser|relat|recommend|comment|seo|meta|social|share|author|byline"
    r"|bio|newsletter|nav|menu|footer|cookie|consent|privacy|legal|promo|advert|^ads?|config|setting|translat|i18n"
    r"|locale|message|label|style|class|css|url|href|slug|image|photo|video|galler|keyword|query|schema|popular|latest"
    r"|trending|tags$|script$|standfirst|^de[ck]",
    re.IGNORECASE,
)
_SUMMARY = re.compile(r"summary|excerpt|descri|abstract|^lead|^intro", re.IGNORECASE)
_HEADLINE = re.compile(r"title|headline", re.IGNORECASE)
_STOPS = re.compile(r"[.!?…؟۔।](?=[\s\"”»’'）)<]|$)|[。！？]")
_CODE = re.compile(r"[{}<>;=\\|_]")
_TAG = re.compile(r"<[^<>]{1,2000}>")
_SWALLOWS = re.compile(r"<(?:script|style|textarea|title|iframe|noscript|!--|plaintext|xmp|/article)", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_UNSPACED = "\u0e00"  # from here on lie the scripts that put no space between words

Object = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A string, the names on the way to it, and its length if it is prose."""

    shape: str
    text: str
    size: int


@dataclass(slots=True)
class _List:
    """A list: the objects around it, the leaves in it, and how much prose stands in which place of its elements."""

    owners: tuple[Object, ...]
    start: int  # characters of the names on the way to it
    first: int
    last: int = 0
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """The prose in the place that has most of it."""
        return max(self.sizes.values(), default=0)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a value one stands: the names on the way, the lists and the objects around."""

    shape: str = ""
    lists: tuple[_List, ...] = ()
    owners: tuple[Object, ...] = ()


class _Walk:
    """The values of a page's scripts: their strings in order, and their lists."""

    def __init__(self, titles: frozenset[str]) -> None:
        self.titles = titles
        self.leaves: list[_Leaf] = []
        self.lists: list[_List] = []
        self.room = MOST_NODES
        self.letters = MOST_LETTERS

    def visit(self, value: object, place: _Place, depth: int = 0) -> None:
        """Note the strings and lists of a value, within bounds."""
        self.room -= 1
        if self.room < 0 or depth > DEEPEST:
            return
        if isinstance(value, str):
            self._leaf(value, place)
        elif isinstance(value, list):
            text = joined(value)
            if text is None:
                self._list(value, place, depth)
            else:
                self._leaf(text, place)
        elif isinstance(value, dict):
            self._object(value, _Place(place.shape, place.lists, (*place.owners, value)), depth)

    def _object(self, value: Object, place: _Place, depth: int) -> None:
        inner = [(name, one) for name, one in value.items() if _is_within(name, one)]
        if len(value) > 2 and all(isinstance(one, dict) for one in value.values()):
            self._list([one for _, one in inner], place, depth)  # its names are numbers or ids
            return
        for name, one in inner:
            self.visit(one, _Place(f"{place.shape}.{name[:NAME]}", place.lists, place.owners), depth + 1)

    def _list(self, values: Sequence[object], place: _Place, depth: int) -> None:
        lists: tuple[_List, ...] = ()
        if not _is_of_others(values, self.titles):
            own = _List(owners=place.owners, start=len(place.shape), first=len(self.leaves))
            self.lists.append(own)
            lists = (*place.lists, own)
        within = _Place(f"{place.shape}*", lists, place.owners)
        for one in values:
            self.visit(one, within, depth + 1)

    def _leaf(self, text: str, place: _Place) -> None:
        self.letters -= len(text)
        size = prose(text) if self.letters >= 0 else 0
        if not size and not (2 < len(text) < 300 and " " in text):
            return
        at = len(self.leaves)
        self.leaves.append(_Leaf(place.shape, text, size))
        if size >= LEAST:
            self.lists.append(_List(owners=place.owners, start=0, first=at, last=at, sizes={place.shape: size}))
        for one in place.lists if size else ():
            one.last = at
            within = place.shape[one.start :]
            one.sizes[within] = one.sizes.get(within, 0) + size


def text_in(values: Iterable[object], titles: Sequence[str]) -> list[str]:
    """The paragraphs of the article of these titles in the JSON of a page's scripts; none where there is no such."""
    known = frozenset(folded for title in titles if len(folded := key(title)) > TITLE)
    walk = _Walk(known)
    for value in values:
        walk.visit(value, _Place())
    walk.lists.reverse()  # of lists that hold the same text the innermost was begun last
    best, most = None, 0.0
    for one in sorted(walk.lists, key=lambda one: -one.size)[:TRIED]:
        if one.size < LEAST or one.size <= most:
            break
        leaves = _told(walk.leaves[one.first : one.last + 1])
        score = one.size * _likelihood(one, known, titles, leaves)
        if score > most:
            best, most = leaves, score
    return _read(best) if best else []


def prose(text: str) -> int:
    """The length of a string that is made of sentences; 0 for any other."""
    if not 60 <= len(text) <= LONGEST or text[0] in "{[" or text.startswith("http"):
        return 0
    if "<" in text:
        text = _TAG.sub(" ", text)
    sample = text[:1_000]
    if not _STOPS.search(sample) or len(_CODE.findall(sample)) * 50 > len(sample):
        return 0
    is_spaced = sample.count(" ") * 15 > len(sample)
    is_unspaced = sum(sign >= _UNSPACED for sign in sample) * 2 > len(sample)
    is_letters = len(_LETTER.findall(sample)) > 0.6 * len(sample)
    return len(text) if is_letters and (is_spaced or is_unspaced) else 0


def _is_within(name: str, value: object) -> bool:
    """Whether what stands under a name may be part of an article's text."""
    name = name[:LONGEST_NAME]
    if _SUMMARY.search(name):
        return isinstance(value, str) and len(value) > SUMMARY
    return not _BESIDE.search(name)


def _told(leaves: Sequence[_Leaf]) -> list[str]:
    """The strings in those places where there is prose; what is told again by its parts is told once."""
    places = {leaf.shape for leaf in leaves if leaf.size}
    texts: list[str] = []
    room = LONGEST
    whole = shape = ""
    for leaf in leaves:
        folded = key(leaf.text) if leaf.shape in places and len(leaf.text) <= room else ""
        if folded and (leaf.shape == shape or folded not in whole):
            whole, shape = folded, leaf.shape
            room -= len(leaf.text)
            texts.append(leaf.text)
    return texts


def _read(texts: Sequence[str]) -> list[str]:
    """The lines of texts, of which some are markup: as if they stood in a page."""
    try:
        tree = _parsed("".join(_marked(text) for text in texts))
    except Rejected:  # too heavy for a page
        return [line for text in texts for line in paragraphs_of(text)]
    plain = lines_of(tree)
    found = [line for raw in main_text(tree).split("\n") if (line := cleaned(raw))]
    return found if sum(map(len, found)) * 2 > sum(map(len, plain)) else plain


def _marked(text: str) -> str:
    """A text as markup that ends where it ends."""
    if not MARKUP.search(text):
        return "".join(f"<p>{html.escape(line)}</p>" for line in paragraphs_of(text))
    if not _SWALLOWS.search(text):
        return text
    body = _parsed(text).find("body")
    return "" if body is None else "".join(etree.tostring(child, encoding="unicode") for child in body)


def _parsed(markup: str) -> HtmlElement:
    """Markup as the article of a page, stripped."""
    tree = tree_of(f"<html><body><article>{fit(markup)}</article></body></html>")
    strip(tree)
    return tree


def _is_of_others(values: Sequence[object], titles: frozenset[str]) -> bool:
    """Whether a list is one of other articles: most of its elements have a headline, and it is not the page's."""
    elements = [one for one in values if isinstance(one, dict)]
    others = sum(_is_named(one) and not _texts_of(one) & titles for one in elements)
    return others * 2 > len(elements)


def _is_named(value: Object) -> bool:
    return any(
        isinstance(one, str) and len(one) > 15 and _HEADLINE.search(name[:LONGEST_NAME]) for name, one in value.items()
    )


def _texts_of(value: Object) -> set[str]:
    """The short strings in an object and in the objects in it, folded."""
    inner = (deep for one in value.values() if isinstance(one, dict) for deep in one.values())
    texts = (one for one in chain(value.values(), inner) if isinstance(one, str) and TITLE < len(one) < 400)
    return {key(one) for one in islice(texts, MOST_BESIDE)}


def _likelihood(one: _List, known: frozenset[str], titles: Sequence[str], texts: Sequence[str]) -> float:
    """How likely a text is the article's: by the headline nearest to it, else by the headline's words in it."""
    is_named = False
    for owner in one.owners[:-6:-1]:
        if _texts_of(owner) & known:
            return 1.0
        if is_named := _is_named(owner):
            break
    words = {word for title in titles[:1] for word in words_of(title) if len(word) > 3 or word[0] > _UNSPACED}
    near = set(words_of(_TAG.sub(" ", "\n".join(texts)[: 2 * NEAR])[:NEAR]))
    share = len(words & near) / len(words) if words else 0.0
    return 0.5 if share >= (0.8 if is_named else 0.5) else 0.0
