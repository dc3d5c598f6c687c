"""What to ask instead where a search finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from archive.pages.facets import Chip
from archive.pages.spelling import OFFERED, respelled
from archive.pages.wanted import Wanted, bare
from archive.queries import Reader, rows
from archive.questions.question import Question, adding, parse, removing
from archive.serving.site import Site

TRIED = 5  # filters that are taken off, one at a time
IN_ALL = 10  # searches that are tried
WORDS = 8  # words that are looked up
RESPELLED = 2  # words that are respelled

NEARBY = 3  # outlets that are called nearly so

CALLED = """
SELECT domain, name FROM outlets
WHERE (instr(domain, :part) OR instr(lower(name), :part)) AND domain != :part ORDER BY domain LIMIT :limit
"""
KNOWN = "SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT 1"
_WORD = re.compile(r"\w[\w'’-]{0,59}")
_COLUMN = re.compile(r"^(?:title|byline|summary|body):")
JOINS = {"OR", "AND", "NOT", "NEAR"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Another search, in words, and how many articles it finds."""

    text: str
    query: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Searches that find something, the words that stand in no article at all, and beginnings of them that are there.

    `meant` are the searches that were mistyped, as far as one slip tells; a beginning is what to type, and the search
    for it, of which nobody has counted what it finds.
    """

    meant: tuple[Offer, ...]
    offers: tuple[Offer, ...]
    unknown: tuple[str, ...]
    beginnings: tuple[tuple[str, str], ...]


def advice(db: Reader, site: Site, wanted: Wanted, chips: Sequence[Chip]) -> Advice:
    """What to ask instead of a question that finds nothing; `chips` are its filters."""
    words = words_of(bare(wanted.question.typed))
    known = [word for word in words if is_known(db, word)]
    unknown = tuple(word for word in words if word not in known)
    tried = chain(nearby(db, wanted.question), narrower(wanted, chips), wider(words, known))
    tries = [f"{word[: max(4, len(word) - 2)]}*" for word in unknown if len(word) > 4]
    return Advice(
        meant=tuple(finding(site, wanted, spelt_right(db, wanted.question.typed, unknown))),
        offers=tuple(finding(site, wanted, islice(tried, IN_ALL))),
        unknown=unknown,
        beginnings=tuple((typed, wanted.query(typed=typed)) for typed in tries if is_known(db, typed)),
    )


def finding(site: Site, wanted: Wanted, tried: Iterable[tuple[str, str]]) -> Iterator[Offer]:
    """Those of some searches, each with its words for a reader, that find something."""
    for text, typed in tried:
        found = site.catalogue.search(parse(typed), order="newest", size=1)
        if found.articles:
            yield Offer(text=text, query=wanted.query(typed=typed), articles=found.articles)


def spelt_right(db: Reader, typed: str, unknown: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The question with words that the archive has instead of those that it has not."""
    others = {word: found for word in unknown[:RESPELLED] if (found := respelled(db, word))}
    for choice in range(OFFERED if len(others) == 1 else min(1, len(others))):
        chosen = {word: found[choice] for word, found in others.items() if choice < len(found)}
        if chosen:
            text = replaced(typed, chosen)
            yield text, text


def replaced(typed: str, words: Mapping[str, str]) -> str:
    """A question with other words in it."""
    return _WORD.sub(lambda found: words.get(found[0], found[0]), typed)


def nearby(db: Reader, question: Question) -> Iterator[tuple[str, str]]:
    """The question with an outlet or author that is called nearly so, where a filter has a part of a name."""
    wanted = {one.field: one.value for one in question.filters if not one.is_without}
    if part := wanted.get("outlet"):
        other = removing(question.typed, "outlet", part)
        for found in rows(db, CALLED, part=part.lower(), limit=NEARBY):
            yield f"Outlet: {found['name'] or found['domain']}", adding(other, "outlet", found["domain"])
    if part := wanted.get("author"):
        other = removing(question.typed, "author", part)
        yield f"With “{part}” in the byline", f'{other} byline:"{part}"'.strip()


def narrower(wanted: Wanted, chips: Sequence[Chip]) -> Iterator[tuple[str, str]]:
    """The question without each of its filters, and without all."""
    yield from ((f"Without “{chip.text}”", chip.typed) for chip in chips[:TRIED])
    if len(chips) > 1 and (plain := bare(wanted.question.typed)):
        yield "Without any filter", plain


def wider(words: list[str], known: list[str]) -> Iterator[tuple[str, str]]:
    """The words that are known, all of them or any, without filters."""
    if known and len(known) < len(words):
        yield f"Only {' '.join(known)}", " ".join(known)
    if len(known) > 1:
        yield f"Any of {', '.join(known)}", " OR ".join(known)


def words_of(typed: str) -> list[str]:
    """The words that were typed, as far as they are wanted, without what joins them."""
    parts = [_COLUMN.sub("", part) for part in typed.split() if not part.startswith("-")]
    found = (word for part in parts for word in _WORD.findall(part) if word not in JOINS)
    return list(dict.fromkeys(found))[:WORDS]


def is_known(db: Reader, word: str) -> bool:
    """Whether any article has a word."""
    match = parse(word).words
    return bool(match) and db.execute(KNOWN, [match]).fetchone() is not None
