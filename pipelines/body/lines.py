"""Which lines of an extracted text are the article's own. Every rule names those that are not, and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from pipelines.body.credits import is_caption, is_credit, is_life
from pipelines.body.promotion import PHRASES, Phrases
from pipelines.corrections import is_notice

LONGEST_LINK = 300

_GAPS = re.compile(r"[\W_]+")
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())
_LABEL = re.compile(r"[^:：]{2,40}[:：]\s*(?=\S)")
_DATE = re.compile(r"(?:19|20)\d\d|\d[:h]\d\d|\d{1,2}[./-]\d{1,2}[./-]\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a page says around its text: its titles, its authors, and the texts of its links."""

    titles: Sequence[str] = ()
    authors: Sequence[str] = ()
    links: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A text as rules read it: its lines, the keys of lines and of the page's links, and what stands around it.

    A line that is longer than any link is its own key.
    """

    lines: Sequence[str]
    keys: Sequence[str]
    links: AbstractSet[str]
    around: Surroundings

    def without(self, places: AbstractSet[int]) -> Text:
        """The text that is left when the lines at these places are taken out."""
        if not places:
            return self
        left = [place for place in range(len(self.lines)) if place not in places]
        return replace(self, lines=[self.lines[place] for place in left], keys=[self.keys[place] for place in left])

    def unless_most(self, places: Sequence[int], share: float) -> Iterator[int]:
        """These places, unless their lines are more than this share of the text: they are the article then."""
        some = sum(len(self.lines[place]) for place in places)
        return iter(places if some <= share * sum(map(len, self.lines)) else ())

    def tail(self, count: int) -> range:
        """The places of the last lines."""
        return range(max(0, len(self.lines) - count), len(self.lines))


Rule = Callable[[Text], Iterator[int]]
"""Names the places of lines that are not the article's own."""


def key(text: str) -> str:
    """A text by its letters and digits alone, so that spacing, case and punctuation make no difference."""
    if text.isascii():
        return text.encode().translate(None, _SIGNS).decode().lower()
    return _GAPS.sub("", text).casefold()


@dataclass(frozen=True, slots=True)
class Wordless:
    """Lines without letters and digits."""

    def __call__(self, text: Text) -> Iterator[int]:
        return (place for place, folded in enumerate(text.keys) if not folded)


@dataclass(frozen=True, slots=True)
class Lists:
    """Lists under a line of promotion: `More from the Courier` and what there is of it."""

    phrases: Phrases = PHRASES
    longest: int = 100

    def __call__(self, text: Text) -> Iterator[int]:
        is_under = False
        for place in range(1, len(text.lines)):
            above, line = text.lines[place - 1 : place + 1]
            if not line.startswith("- "):
                is_under = False
            elif is_under or (len(above) <= self.longest and self.phrases.found(above)):
                is_under = True
                yield place


@dataclass(frozen=True, slots=True)
class Promotion:
    """Lines of promotion and controls of the page, in any of some twenty languages; notices of corrections are none."""

    phrases: Phrases = PHRASES
    longest: int = 400

    def __call__(self, text: Text) -> Iterator[int]:
        for place, line in enumerate(text.lines):
            if len(line) <= self.longest and self.phrases.found(line) and not is_notice(line):
                yield place


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline, said again at the top: alone or behind the words that stand above it."""

    top: int = 6

    def __call__(self, text: Text) -> Iterator[int]:
        titles = {folded for title in text.around.titles if (folded := key(title))}
        return (place for place, folded in enumerate(text.keys[: self.top]) if _is_title(folded, titles))


def _is_title(folded: str, titles: AbstractSet[str]) -> bool:
    if folded in titles:
        return True
    return any(len(title) > 12 and len(folded) < 2 * len(title) and folded.endswith(title) for title in titles)


@dataclass(frozen=True, slots=True)
class Dates:
    """A date at the top, with hardly a word besides."""

    top: int = 6

    def __call__(self, text: Text) -> Iterator[int]:
        for place, line in enumerate(text.lines[: self.top]):
            folded = text.keys[place]
            if len(line) <= 120 and sum(map(str.isdigit, folded)) * 4 >= len(folded) and _DATE.search(line):
                yield place


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors' names at the top or at the end, with hardly a word besides."""

    top: int = 6
    tail: int = 4

    def __call__(self, text: Text) -> Iterator[int]:
        authors = [folded for author in text.around.authors if len((folded := key(author)).encode()) > 3]
        for place in sorted({*range(min(self.top, len(text.lines))), *text.tail(self.tail)}) if authors else ():
            if len(text.lines[place]) > 120:
                continue
            rest = folded = text.keys[place]
            for author in authors:
                rest = rest.replace(author, "")
            if rest != folded and len(rest) <= 12:
                yield place


@dataclass(frozen=True, slots=True)
class Links:
    """Lines that are the text of a link, alone or behind a label: `Background: Who sits at the table`.

    A short line may be a heading that happens to be a link.
    """

    shortest: int = 12
    share: float = 0.25

    def __call__(self, text: Text) -> Iterator[int]:
        known = {link for link in text.links if len(link) >= self.shortest}
        bare = [place for place in range(len(text.lines)) if known and _is_link(text, place, known)]
        return text.unless_most(bare, self.share)


def _is_link(text: Text, place: int, links: AbstractSet[str]) -> bool:
    line = text.lines[place]
    if len(line) > LONGEST_LINK:
        return False
    if text.keys[place] in links:
        return True
    label = _LABEL.match(line)
    return label is not None and key(line[label.end() :]) in links


@dataclass(frozen=True, slots=True)
class Edges:
    """Short links in an unbroken row at the top or at the end: sections, tags, the page's foot."""

    longest: int = 40
    share: float = 0.25

    def __call__(self, text: Text) -> Iterator[int]:
        is_link = [len(folded) <= self.longest and folded in text.links for folded in text.keys]
        first = next((place for place, is_one in enumerate(is_link) if not is_one), len(is_link))
        last = next((place for place in reversed(range(len(is_link))) if not is_link[place]), -1)
        return text.unless_most([*range(first), *range(max(first, last + 1), len(is_link))], self.share)


@dataclass(frozen=True, slots=True)
class Teasers:
    """Rows of lines in the lower half that begin as links do: other articles, each with a word on it."""

    row: int = 3
    letters: int = 20
    share: float = 0.4

    def __call__(self, text: Text) -> Iterator[int]:
        known = {link[: self.letters] for link in text.links if len(link) >= self.letters}
        found: list[int] = []
        row: list[int] = []
        for place in range(len(text.lines) // 2, len(text.lines) + 1):
            if place < len(text.lines) and text.keys[place][: self.letters] in known:
                row.append(place)
                continue
            found += row if len(row) >= self.row else []
            row = []
        return text.unless_most(found, self.share)


@dataclass(frozen=True, slots=True)
class Repeats:
    """Lines that stand there before: teasers and captions; what is shorter may be a refrain."""

    shortest: int = 80

    def __call__(self, text: Text) -> Iterator[int]:
        seen: set[str] = set()
        for place, line in enumerate(text.lines):
            if len(line) >= self.shortest:
                if text.keys[place] in seen:
                    yield place
                seen.add(text.keys[place])


@dataclass(frozen=True, slots=True)
class Captions:
    """Lines that end with the name of a photographer or an agency."""

    longest: int = 200

    def __call__(self, text: Text) -> Iterator[int]:
        return (place for place, line in enumerate(text.lines) if len(line) <= self.longest and is_caption(line))


@dataclass(frozen=True, slots=True)
class Credits:
    """Lines at the end that name reporters, editors and agencies."""

    tail: int = 4
    longest: int = 300

    def __call__(self, text: Text) -> Iterator[int]:
        return (
            place
            for place in text.tail(self.tail)
            if len(text.lines[place]) <= self.longest and is_credit(text.lines[place])
        )


@dataclass(frozen=True, slots=True)
class Lives:
    """Lines at the end that introduce an author."""

    tail: int = 8
    longest: int = 600
    before: int = 60

    def __call__(self, text: Text) -> Iterator[int]:
        for place in text.tail(self.tail) if text.around.authors else ():
            line = text.lines[place]
            if len(line) <= self.longest and is_life(line, text.around.authors, self.before):
                yield place


# In this order: a list is known by the promotion above it, and what is said of the end counts when promotion is gone.
RULES: tuple[Rule, ...] = (
    Wordless(), Lists(), Promotion(), Links(), Edges(), Teasers(), Repeats(), Captions(), Headline(), Dates(), Byline(),
    Credits(), Lives(),
)  # fmt: skip


def own_lines(lines: Sequence[str], around: Surroundings, rules: Sequence[Rule] = RULES) -> list[str]:
    """The lines that are the article's own, in order; all of them where none would be left."""
    keys = [key(line) if len(line) <= LONGEST_LINK else line for line in lines]
    text = Text(lines, keys, {key(link) for link in set(around.links) if not link.startswith("http")}, around)
    for rule in rules:
        text = text.without(set(rule(text)))
    return list(text.lines or lines)
