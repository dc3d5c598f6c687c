"""Whether a page says something else than it did: what is compared of two texts is what they say.

A change that says nothing is boring, and of one of the kinds of `Boring`. A text is reduced to what it says, and two
that say the same are equal then. In doubt, two texts say different things: a version too many can be skipped by a
reader, one that was never kept is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from pipelines.body.credits import is_caption, is_credit
from pipelines.body.furniture import line_hash
from pipelines.body.lines import key
from pipelines.body.promotion import PHRASES
from pipelines.corrections import is_notice
from pipelines.passing import without_moments, without_passing
from pipelines.typography import is_recased, plain

Boring = Literal["white space", "typography", "relative time", "stamp", "counter", "furniture", "caption"]

LONGEST_LINE = 400  # characters of a line that may be furniture or a caption
LONGEST_CAPTION = 300
MOST, LARGEST = 400, 40_000  # lines that two texts have not in common, and their characters, that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A title and a text with a paragraph a line."""

    title: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known to be no part of a text: captions of pictures, and hashes of lines that its outlet repeats."""

    captions: AbstractSet[str] = frozenset()
    furniture: AbstractSet[int] = frozenset()


def beside(captions: Iterable[str] = (), furniture: Collection[int] = ()) -> Beside:
    """What stands beside a text, ready to be compared with its lines."""
    return Beside(frozenset(map(key, captions)) - {""}, frozenset(furniture))


def boring(before: Told, after: Told, around: Beside | None = None) -> tuple[Boring, ...] | None:
    """How two texts differ that say the same, nothing where they do not differ; None where one says something else."""
    if before == after:
        return ()
    around = around or Beside()
    kinds = _of_titles(before.title, after.title)
    if kinds is None:
        return None
    if before.body != after.body:
        others = _of_bodies(before.body, after.body, around)
        if others is None:
            return None
        kinds |= others
    return tuple(sorted(kinds))


def _of_titles(before: str, after: str) -> set[Boring] | None:
    """How two headlines differ that say the same; None where they do not."""
    if _spaced(before) == _spaced(after):
        return set() if before == after else {"white space"}
    one, other = plain(before), plain(after)
    return {"typography"} if one == other or is_recased(one, other) else None


def _of_bodies(before: str, after: str, around: Beside) -> set[Boring] | None:
    """How two texts differ that say the same; None where they do not.

    Only lines that both have not as often are looked at: of a live blog that is a hundredth.
    """
    lines, others = (list(filter(None, map(_spaced, text.split("\n")))) for text in (before, after))
    if " ".join(lines) == " ".join(others):
        return {"white space"}
    same = _shared(lines, others)
    drawn, redrawn = ([line if line in same else plain(line) for line in some] for some in (lines, others))
    if _says_as_much(drawn, redrawn):
        return {"typography"}
    same = _shared(drawn, redrawn)
    different = {*drawn, *redrawn} - same
    if len(different) > MOST or sum(map(len, different)) > LARGEST:
        return None
    kinds: set[Boring] = set()
    said, resaid = (
        [made if made in same else _said(line, made, around, kinds) for line, made in zip(some, all_, strict=True)]
        for some, all_ in ((lines, drawn), (others, redrawn))
    )
    if not _says_as_much(said, resaid):
        return None
    spelt, respelt = (
        {line for line, made in zip(some, all_, strict=True) if made in same}
        for some, all_ in ((lines, drawn), (others, redrawn))
    )
    return kinds | {"typography"} if spelt != respelt or not kinds else kinds


def _shared(lines: Sequence[str], others: Sequence[str]) -> set[str]:
    """The lines that two texts have equally often."""
    counts, recounts = Counter(lines), Counter(others)
    return {line for line, count in counts.items() if recounts[line] == count}


def _says_as_much(lines: Sequence[str], others: Sequence[str]) -> bool:
    """Whether lines make the same text, wherever its paragraphs were cut."""
    some, rest = list(filter(None, lines)), list(filter(None, others))
    start = next((at for at, (one, other) in enumerate(zip(some, rest, strict=False)) if one != other), None)
    if start is None:
        return len(some) == len(rest)
    while min(len(some), len(rest)) > start and some[-1] == rest[-1]:
        some.pop()
        rest.pop()
    return plain(" ".join(some[start:])) == plain(" ".join(rest[start:]))


def _said(line: str, made: str, around: Beside, kinds: set[Boring]) -> str:
    """What a line says, in plain type; nothing where it says nothing. Adds to the kinds of what was left out."""
    if is_notice(line):
        return made
    left, passed = without_passing(line)
    kinds |= passed
    if passed:
        made = plain(left)
    if not made:
        return ""
    if kind := _beside(line, around):
        kinds.add(kind)
        return ""
    if (moment := without_moments(made)) != made:
        kinds.add("relative time")
    return moment


def _beside(line: str, around: Beside) -> Boring | None:
    """What a line is that stands beside a text; None for one that may be a part of it."""
    if line_hash(line) in around.furniture:
        return "furniture"
    if len(line) > LONGEST_LINE:
        return None
    if PHRASES.found(line):
        return "furniture"
    if key(line) in around.captions or (len(line) <= LONGEST_CAPTION and (is_caption(line) or is_credit(line))):
        return "caption"
    return None


def _spaced(text: str) -> str:
    """A text with single spaces, whatever white space it had."""
    return " ".join(text.split())
