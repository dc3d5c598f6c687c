"""Two texts side by side, word by word, within what a reader may wait for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from archive.serving.site import Differ

AROUND = 1  # paragraphs that are shown before and after a change
FOLDED = 20_000  # characters of a fold; of a longer one, only the number of its paragraphs is told
LONGEST = 300_000  # characters of two texts that are compared, without what both begin and end with
MOST_LINES = 3_000  # of them

Text = tuple[str, str]
Run = tuple[str, str]
"""What is said of a stretch of words, `same`, `added` or `removed`, and the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Paragraphs in a row, each in runs. `folded` counts those that are far from every change; of many, no words."""

    paragraphs: tuple[tuple[Run, ...], ...] = ()
    folded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from one text to another: the headline's runs, the paragraphs, the words that came and went."""

    title: tuple[Run, ...]
    stretches: tuple[Stretch, ...]
    added: int
    removed: int

    @property
    def is_empty(self) -> bool:
        """Whether both texts say the same."""
        runs = [*self.title, *(run for one in self.stretches for runs in one.paragraphs for run in runs)]
        return all(said == "same" for said, _ in runs)


def compared(
    difference: Differ, old: Text, new: Text, *, longest: int = LONGEST, most_lines: int = MOST_LINES
) -> Comparison | None:
    """What changed between two texts, (title, body) each; None where that would take too long to say."""
    before, after = old[1].split("\n"), new[1].split("\n")
    first, last = _common(before, after)
    middles = before[first : len(before) - last], after[first : len(after) - last]
    bodies = ["\n".join(lines) for lines in middles]
    if sum(map(len, middles)) > most_lines or len(old[0]) + len(new[0]) + sum(map(len, bodies)) > longest:
        return None
    told = difference(old[0], bodies[0], new[0], bodies[1])
    paragraphs = [_same(line) for line in before[:first]]
    if any(middles):
        paragraphs += map(_runs, told.paragraphs)
    paragraphs += [_same(line) for line in before[len(before) - last :]]
    stretches = tuple(_stretches([runs for runs in paragraphs if runs]))
    return Comparison(title=_runs(told.title), stretches=stretches, added=told.added, removed=told.removed)


def _common(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many lines two texts begin with alike, and of the rest end with."""
    most = min(len(old), len(new))
    first = next((place for place in range(most) if old[place] != new[place]), most)
    most -= first
    last = next((place for place in range(most) if old[-1 - place] != new[-1 - place]), most)
    return first, last


def _same(line: str) -> tuple[Run, ...]:
    return (("same", line),) if line.strip() else ()


def _runs(paragraph: Any) -> tuple[Run, ...]:
    return tuple((run.said, run.text) for run in paragraph.runs if run.text)


def _stretches(paragraphs: Sequence[tuple[Run, ...]]) -> Iterator[Stretch]:
    """The paragraphs in rows, those near a change as they are, the others folded."""
    near: set[int] = set()
    for place, runs in enumerate(paragraphs):
        if any(said != "same" for said, _ in runs):
            near.update(range(place - AROUND, place + AROUND + 1))
    for is_near, places in groupby(range(len(paragraphs)), near.__contains__):
        row = tuple(paragraphs[place] for place in places)
        is_short = sum(len(text) for runs in row for _, text in runs) <= FOLDED
        if is_near or (is_short and len(row) == 1):
            yield Stretch(paragraphs=row)
        else:
            yield Stretch(paragraphs=row if is_short else (), folded=len(row))
