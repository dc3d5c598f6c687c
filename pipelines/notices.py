"""Notices that come with a good status and are no article: not found, removed, consent, login, robots, scripts first.

What they say stands in notices.txt, in the languages of newspapers; what becomes of each kind stands in `KINDS`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import NamedTuple

from pipelines.decoding import cleaned
from pipelines.items import Gone, Rejected, State
from pipelines.phrasebook import LONGEST as PHRASE
from pipelines.phrasebook import Phrasebook, folded, sections_of

LONGEST = 6_000  # characters: a longer text is no notice, whatever it says
TITLES = 600
TITLE_REST = 40  # characters with which a title may go on after a notice
BEGINNING = 2_000  # characters
ENDING = 40  # characters that a number and a word of apology take at the end of a sentence
FIRST = 5  # sentences at the beginning, not counting labels, among which a notice stands
LABEL = 20  # characters below which a line is a label or the entry of a menu
PROSE = 30  # characters from which on it says something of its own
QUOTED = 120  # characters of a notice's own words that its reason repeats


class Room(NamedTuple):
    """How many characters of other prose a page may have where its title, its text, or both are a notice."""

    title: int
    text: int
    both: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page that is no article, and what becomes of it.

    Its phrases are those of `[name]` and, where only the title or the first heading counts, `[name title]`. They count
    among the first sentences of the text or, with `anywhere`, in all of it; `signs` is how many different sentences
    must be one. A sentence with one of `[name words]` is no other prose.
    """

    name: str
    reason: str
    room: Room
    state: State = "not-an-article"
    retry: bool = False
    anywhere: bool = False
    signs: int = 1
    gone: Gone = ""


KINDS = (
    Kind("robot", "a check for robots", Room(80, 60, 600), "refused"),
    Kind("region", "a page that is closed to our region", Room(100, 60, 400), "refused"),
    Kind("removed", "a notice that it was removed", Room(300, 400, 1_000), gone="surely"),
    Kind("missing", "a page that says it is not there (soft 404)", Room(500, 200, 3_000), gone="perhaps"),
    Kind("outage", "the site is out of order", Room(100, 40, 500), "failed", retry=True),
    Kind("consent", "a consent page", Room(60, 60, 60), "refused", anywhere=True, signs=2),
    Kind("login", "a page that wants a login first", Room(100, 60, 400), "refused"),
    Kind("paywall", "an offer to subscribe and no text", Room(60, 60, 100), "refused"),
    Kind("script", "a page without text unless scripts run", Room(60, 60, 60)),
)
"""In the order in which they are asked."""

ENTRIES = sections_of(files("pipelines").joinpath("notices.txt").read_text(encoding="utf-8"))

_BOOK = Phrasebook({name: ENTRIES.get(name, ()) for kind in KINDS for name in (kind.name, f"{kind.name} title")})
_WORDS = {kind.name: tuple(folded(entry.phrase) for entry in ENTRIES.get(f"{kind.name} words", ())) for kind in KINDS}
_OPENERS = "|".join(re.escape(folded(entry.phrase)) for entry in ENTRIES["openers"])
_OPENING = re.compile(rf"(?:(?:{_OPENERS}|[1-5]\d\d)(?!\w)[\W_]{{1,5}}){{1,3}}(?=\w)")
_CLOSING = re.compile(rf"(?:[\W_]{{1,5}}(?:{_OPENERS}|[1-5]\d\d)){{1,2}}\Z")
_EDGES = " \t\u00a0.,:;!?…-–—|·•*#=~_<>[](){}。、！？،؛؟।\u200e\u200f"
_TITLE_PARTS = re.compile(r"\s[-–—:/<>]+\s|[|·•!?。！？]|\.\s")
_SENTENCES = re.compile(r"(?<=[.!?…؟।])\s+|(?<=[。！？])")


@dataclass(frozen=True, slots=True)
class Notice:
    """That a page is no article but a notice of this kind, in these words."""

    kind: Kind
    words: str

    @property
    def rejection(self) -> Rejected:
        """The outcome of a page that says so."""
        reason = f"{self.kind.reason}: {self.words}" if self.words else self.kind.reason
        return Rejected(reason, state=self.kind.state, retry=self.kind.retry, gone=self.kind.gone)


class _Sentence:
    """A sentence, with the rest of its paragraph from it on."""

    def __init__(self, text: str, words: str) -> None:
        self.text = text
        self.words = words

    @cached_property
    def folded(self) -> str:
        """Its text as phrases are compared with it."""
        return folded(" ".join(self.text.split())[:PHRASE]).strip(_EDGES)

    @cached_property
    def kinds(self) -> dict[str, int]:
        """The sections of which it is a phrase, with or without an opener before and a number after it.

        The figure is how many characters it goes on with.
        """
        found = _OPENING.match(self.folded)
        bare = self.folded[found.end() if found else 0 :]
        if found := _CLOSING.search(bare, max(0, len(bare) - ENDING)):
            bare = bare[: found.start()]
        kinds = _BOOK.kinds_of(bare)
        return kinds if bare == self.folded else {**_BOOK.kinds_of(self.folded), **kinds}

    def is_titled(self, kind: Kind) -> bool:
        """Whether it is, as a title, a notice of this kind and hardly anything else."""
        rest = min(self.kinds.get(kind.name, LONGEST), self.kinds.get(f"{kind.name} title", LONGEST))
        return rest <= TITLE_REST and (not rest or ":" not in self.text)

    @cached_property
    def weight(self) -> int:
        """Its characters; one of a script without spaces says as much as two."""
        return len(self.text) + (0 if self.text.isascii() else sum(one >= "\u2e80" for one in self.text))


def notice_in(title: str, text: str, *, asks_password: bool = False) -> Notice | None:
    """The notice that a page with this title and text is, if it is one in place of an article.

    `title` may be several, a line each; `text` has a paragraph a line. `asks_password` says that the page has a field
    for one, which tells a login's page from an article about logins.
    """
    if len(text) > LONGEST:
        return None
    titles, first = list(_titles(title)), list(_first(_sentences(text[:BEGINNING])))
    if not any(one.kinds for one in (*titles, *first)):
        return None
    sentences = list(_sentences(text))
    taken: set[str] = set()
    for kind in KINDS:
        said = {one.folded: one for one in titles if one.is_titled(kind)}
        shown = {one.folded: one for one in (sentences if kind.anywhere else first) if kind.name in one.kinds}
        shown = {key: one for key, one in shown.items() if key not in said and key not in taken}
        if len(said) + len(shown) < kind.signs:
            continue
        beside = kind.room.title if said else kind.room.text
        if said and (shown or (asks_password and kind.name == "login")):
            beside = kind.room.both
        if _is_alone(kind, sentences, beside, said.keys()):
            return Notice(kind, _cut(next(iter((shown or said).values())).words))
        taken |= shown.keys()  # a sentence is a notice of the first kind that knows it
    return None


def _titles(title: str) -> Iterator[_Sentence]:
    """The parts of titles between the marks that part a headline from the name of a site or a number."""
    for line in title[:TITLES].split("\n"):
        whole = line if "«" in line else line.replace("»", "|")
        parts = [part.strip() for part in _TITLE_PARTS.split(whole)]
        for part in dict.fromkeys((*(part.rpartition(": ")[2] for part in parts), *parts, whole.strip())):
            if part and (part == whole.strip() or not part.isdecimal()):
                yield _Sentence(part, part)


def _sentences(text: str) -> Iterator[_Sentence]:
    for line in text.split("\n"):
        start = 0
        for found in _SENTENCES.finditer(line):
            yield _Sentence(line[start : found.start()], line[start:])
            start = found.end()
        if start < len(line):
            yield _Sentence(line[start:], line[start:])


def _first(sentences: Iterable[_Sentence]) -> Iterator[_Sentence]:
    """The first sentences, and the labels between them."""
    left = FIRST
    for sentence in sentences:
        yield sentence
        left -= sentence.weight >= LABEL
        if not left:
            return


def _is_alone(kind: Kind, sentences: Iterable[_Sentence], beside: int, known: AbstractSet[str]) -> bool:
    """Whether a page says hardly anything but the notice."""
    for one in sentences:
        prose = one.kinds.get(kind.name, one.weight)
        if prose < PROSE or one.folded in known or any(word in one.folded for word in _WORDS[kind.name]):
            continue
        beside -= prose
        if beside < 0:
            return False
    return True


def _cut(words: str) -> str:
    """A notice's own words, clean and on one line, cut where a word ends."""
    words = cleaned(words[: 2 * QUOTED])
    if len(words) <= QUOTED:
        return words.strip(" |")
    return (words[:QUOTED].rpartition(" ")[0] or words[:QUOTED]).rstrip(_EDGES) + "…"
