"""What two texts of an article say differently, paragraph by paragraph and word by word, as data that a page can draw.

Nothing is lost: what is the same and what was added makes the new text to the letter, what is the same and what was
removed the old one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipelines.alignment import Alignment
from pipelines.words import MARKS, UNSPACED

Said = Literal["same", "added", "removed"]

_Token = tuple[str, str]
ALIKE = 0.4  # of the words of two paragraphs, from which on one is the other, changed

_PART = rf"(?:(?![{UNSPACED}])[\w{MARKS}])+"
# Every character is of some token. "3,500", "U.S" and "mid-June" are one word each.
_TOKEN = re.compile(rf"\s+|[{UNSPACED}]|{_PART}(?:[.,:'’-]{_PART})*|.", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text that is in both texts, or in the new one only, or in the old one only."""

    said: Said
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A line of a body, as `runs`; one that is `changed` is in both texts, in other words."""

    said: Literal["same", "added", "removed", "changed"]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The title and the paragraphs of two texts, aligned, and how many words came and went."""

    title: Paragraph
    paragraphs: tuple[Paragraph, ...]
    added: int
    removed: int

    @property
    def is_empty(self) -> bool:
        """Whether the two texts are the same."""
        return self.title.said == "same" and all(paragraph.said == "same" for paragraph in self.paragraphs)


def difference(old_title: str, old_body: str, new_title: str, new_body: str) -> Difference:
    """What changed from one text to another, in time that hostile texts cannot stretch.

    Where the texts are so long and so alike that an exact answer would take too long, stretches that have words in
    common are told as removed and added.
    """
    work = Alignment()
    title = _title(old_title, new_title, work)
    paragraphs = tuple(_paragraphs(old_body.split("\n"), new_body.split("\n"), work))
    runs = [run for paragraph in (title, *paragraphs) for run in paragraph.runs]
    return Difference(
        title=title,
        paragraphs=paragraphs,
        added=sum(words_in(run.text) for run in runs if run.said == "added"),
        removed=sum(words_in(run.text) for run in runs if run.said == "removed"),
    )


def words_in(text: str) -> int:
    """How many words a text has; signs are none."""
    return sum(any(char.isalnum() for char in token) for token in _TOKEN.findall(text))


def _title(old: str, new: str, work: Alignment) -> Paragraph:
    if old == new:
        return _whole("same", old)
    return Paragraph(said="changed", runs=_runs(old, new, work))


def _paragraphs(old: list[str], new: list[str], work: Alignment) -> Iterator[Paragraph]:
    """The paragraphs of both texts, in the order in which a reader meets them."""
    above = (0, 0)
    for mine, theirs in [*work.equal(old, new), (len(old), len(new))]:
        yield from _between(old[above[0] : mine], new[above[1] : theirs], work)
        if mine < len(old):
            yield _whole("same", old[mine])
        above = (mine + 1, theirs + 1)


def _between(old: list[str], new: list[str], work: Alignment) -> Iterator[Paragraph]:
    """Paragraphs of which none is the same in both texts: those that are alike as changed, the others as they are."""
    mine_words, their_words = ([_words(line) for line in lines] for lines in (old, new))
    above = (0, 0)
    for mine, theirs in [*work.alike(mine_words, their_words, ALIKE), (len(old), len(new))]:
        yield from (_whole("removed", line) for line in old[above[0] : mine])
        yield from (_whole("added", line) for line in new[above[1] : theirs])
        if mine < len(old):
            yield Paragraph(said="changed", runs=_runs(old[mine], new[theirs], work))
        above = (mine + 1, theirs + 1)


def _whole(said: Said, text: str) -> Paragraph:
    return Paragraph(said=said, runs=(Run(said=said, text=text),) if text else ())


def _words(text: str) -> frozenset[str]:
    return frozenset(token for token in _TOKEN.findall(text) if not token.isspace())


def _runs(old: str, new: str, work: Alignment) -> tuple[Run, ...]:
    """The runs of one paragraph; words are aligned, the gaps before them follow."""
    mine, theirs = _tokens(old), _tokens(new)
    stretches: list[_Stretch] = []
    above = (0, 0)
    for one, two in work.equal([word for _, word in mine], [word for _, word in theirs]):
        _change(stretches, mine[above[0] : one], theirs[above[1] : two])
        (gap, word), (other_gap, _) = mine[one], theirs[two]
        _extend(stretches, gap, other_gap, is_same=gap == other_gap)
        _extend(stretches, word, word, is_same=True)
        above = (one + 1, two + 1)
    _change(stretches, mine[above[0] :], theirs[above[1] :])
    return tuple(run for stretch in stretches for run in stretch.runs())


def _tokens(text: str) -> list[_Token]:
    """Each word or sign with the gap before it; a last gap has no word."""
    found: list[_Token] = []
    gap = ""
    for token in _TOKEN.findall(text):
        if token.isspace():
            gap = token
        else:
            found.append((gap, token))
            gap = ""
    return [*found, (gap, "")]


def _text(tokens: Sequence[_Token]) -> str:
    return "".join(gap + word for gap, word in tokens)


@dataclass(slots=True)
class _Stretch:
    """A part of both texts, in pieces, and how many words each side has."""

    is_same: bool
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    removed: int = 0
    added: int = 0

    def take(self, other: _Stretch) -> None:
        """Lengthen it by the one that follows."""
        self.old += other.old
        self.new += other.new
        self.removed += other.removed
        self.added += other.added

    @property
    def weight(self) -> int:
        """The words of the longer side."""
        return max(self.removed, self.added)

    def runs(self) -> Iterator[Run]:
        """The one or two runs that it makes."""
        old, new = "".join(self.old), "".join(self.new)
        if self.is_same and old:
            yield Run(said="same", text=old)
        if not self.is_same and old:
            yield Run(said="removed", text=old)
        if not self.is_same and new:
            yield Run(said="added", text=new)


def _extend(stretches: list[_Stretch], old: str, new: str, *, is_same: bool = False) -> None:
    """Add a piece of both texts to the last stretch, or to a new one; and make of crumbs between changes one change."""
    if not old and not new:
        return
    stretches.append(_Stretch(is_same, [old], [new], words_in(old), words_in(new)))
    if len(stretches) > 1 and stretches[-2].is_same == is_same:
        last = stretches.pop()
        stretches[-1].take(last)
    elif len(stretches) > 2 and not is_same and _is_crumb(*stretches[-3:]):
        crumb, last = stretches[-2:]
        del stretches[-2:]
        stretches[-1].take(crumb)
        stretches[-1].take(last)


def _change(stretches: list[_Stretch], old: Sequence[_Token], new: Sequence[_Token]) -> None:
    """Add words that are in one text only; the same gap before them on both sides is no part of the change."""
    if old and new and old[0][0] == new[0][0]:
        gap = old[0][0]
        _extend(stretches, gap, gap, is_same=True)
        old, new = [("", old[0][1]), *old[1:]], [("", new[0][1]), *new[1:]]
    _extend(stretches, _text(old), _text(new))


def _is_crumb(before: _Stretch, between: _Stretch, after: _Stretch) -> bool:
    """Whether what is the same between two changes only makes them harder to read: a sign, or one word among many."""
    return not between.weight or (between.weight == 1 and min(before.weight, after.weight) > 1)
