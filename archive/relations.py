"""How two articles of one story are related, told by the sketches that are kept of them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 0.6
"""Of the one text in the other, and no less of the shorter's length: the same article, syndicated."""
AS_LONG = 0.75
WHOLE = 0.8  # of a text in a longer one: the longer one cut off
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The hashes that two sketches share, of those of each that the other would have kept too."""

    shared: int
    mine: int
    theirs: int

    @property
    def containment(self) -> float:
        """How much of the text that is the smaller part is in the other (0 to 1)."""
        return self.shared / max(1, min(self.mine, self.theirs))

    @property
    def jaccard(self) -> float:
        """How much of all that both texts say is in both (0 to 1)."""
        return self.shared / max(1, self.mine + self.theirs - self.shared)


def overlap_of(mine: Sequence[int], theirs: Sequence[int]) -> Overlap:
    """What two sketches share; each holds a text's smallest hashes, ascending, so the last says how far it goes."""
    if not mine or not theirs:
        return Overlap(shared=0, mine=len(mine), theirs=len(theirs))
    last = min(mine[-1], theirs[-1])
    shared = len(set(mine).intersection(theirs))
    return Overlap(shared=shared, mine=bisect_right(mine, last), theirs=bisect_right(theirs, last))


def relation_of(overlap: Overlap, words: int, other_words: int) -> str:
    """What a text of so many words is to the other, by how much of each is in the other."""
    mine, theirs = (overlap.shared / max(1, count) for count in (overlap.mine, overlap.theirs))
    length = min(words, other_words) / max(words, other_words, 1)
    if max(mine, theirs) >= MOST and length >= AS_LONG:
        return "syndicated"
    if mine >= WHOLE and words < other_words:
        return "truncated"
    return "partial" if max(mine, theirs) >= HALF else "rewrite"


def related(overlap: Overlap, words: int, other_words: int) -> tuple[str, float, float]:
    """The relation of a text to the other, how much of it is in the other, and their Jaccard."""
    share = overlap.shared / max(1, overlap.mine)
    return relation_of(overlap, words, other_words), round(share, 3), round(overlap.jaccard, 3)


def sketch_of(packed: bytes | None) -> tuple[int, ...]:
    """The hashes that a row of `sketches` holds; none where there is no row."""
    return tuple(array("q", packed or b""))
