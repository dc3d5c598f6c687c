"""What one text is to another that carries the same story, whoever said so: by what they share, and their lengths."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from pipelines.items import Relation
from pipelines.similarity import rarest


class Drawn(Protocol):
    """A text boiled down for comparison, as `Sketch` is."""

    @property
    def words(self) -> int:
        """Its length."""

    @property
    def words_hash(self) -> str:
        """Equal for texts of the same words."""

    @property
    def hashes(self) -> Collection[int]:
        """Its kept shingle hashes."""


def related(text: Drawn, other: Drawn) -> tuple[Relation, float, float]:
    """What a text is to another, how much of it is in that, and how much of all that they say is in both (0 to 1)."""
    if text.words and text.words_hash == other.words_hash:
        return "exact copy", 1.0, 1.0
    bound = rarest(max(text.words, other.words))  # the longer text keeps no others
    mine, theirs = ({number for number in one.hashes if number < bound} for one in (text, other))
    shared = len(mine & theirs)
    if not shared:
        return "rewrite", 0.0, 0.0
    of_mine, of_theirs = shared / len(mine), shared / len(theirs)
    length = min(text.words, other.words) / max(text.words, other.words, 1)
    return named(of_mine, of_theirs, length), round(of_mine, 3), round(shared / len(mine | theirs), 3)


def named(mine: float, theirs: float, length: float) -> Relation:
    """The relation, by how much of each text is in the other, and the shorter's length of the longer's."""
    if max(mine, theirs) >= 0.6 and length >= 0.75:
        return "syndicated"
    if mine >= 0.8:
        return "truncated"
    return "partial" if max(mine, theirs) >= 0.5 else "rewrite"
