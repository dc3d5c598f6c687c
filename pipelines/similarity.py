"""Whose copy a text is: one rule, whose weights stand in `copies.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from importlib.resources import files
from typing import Self

from pipelines.sketches import SHORTEST
from pipelines.words import words_of

LEAD = 50  # words
LEAST = 3  # hashes in common; fewer are chance
HALF = 48.0  # hours after which two texts are half as far apart as they can be
UNDATED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each likeness is worth, in points; what they mean is told in `copies.toml`."""

    start: float
    containment: float
    jaccard: float
    headline: float
    lead: float
    distance: float
    agency: float

    def values(self) -> tuple[float, ...]:
        """The weights in the order of the likenesses."""
        return self.containment, self.jaccard, self.headline, self.lead, self.distance, self.agency


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRule:
    """The weights across outlets and within one, and the points by which stories grow."""

    across: Weights
    within: Weights
    another: float
    against: float
    strong: float
    merge: float
    apart: float
    whole: float

    @classmethod
    def of(cls, table: Mapping[str, Mapping[str, float]]) -> Self:
        """The rule that a table such as `copies.toml` holds."""
        return cls(across=Weights(**table["across"]), within=Weights(**table["within"]), **table["stories"])


RULE = CopyRule.of(tomllib.loads(files("pipelines").joinpath("copies.toml").read_text(encoding="utf-8")))


@dataclass(frozen=True, kw_only=True)
class Text:
    """What the copy rule looks at; `lead` is the text's beginning, `wire` the agency that it is credited to."""

    outlet: str
    title: str
    lead: str = field(repr=False)
    published: datetime | None
    words: int
    wire: str = ""

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words of the headline."""
        return frozenset(words_of(self.title))

    @cached_property
    def lead_words(self) -> frozenset[str]:
        """The words with which the text begins."""
        return frozenset(words_of(self.lead)[:LEAD])


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How alike two texts are, each likeness from 0 to 1; `agency` is 1 for the same, -1 for two, 0 where unknown."""

    containment: float
    jaccard: float
    headline: float
    lead: float
    distance: float
    agency: float

    def values(self) -> tuple[float, ...]:
        """The likenesses in the order of their weights."""
        return self.containment, self.jaccard, self.headline, self.lead, self.distance, self.agency

    def points(self, weights: Weights) -> float:
        """What it comes to; a copy has more than none."""
        pairs = zip(self.values(), weights.values(), strict=True)
        return weights.start + sum(share * weight for share, weight in pairs)


def likeness(text: Text, other: Text, *, containment: float, jaccard: float) -> Likeness:
    """How alike two texts are, of whose shingles so much is in both."""
    return Likeness(
        containment=min(1.0, containment),
        jaccard=min(1.0, jaccard),
        headline=_share_of_all(text.title_words, other.title_words),
        lead=_share_of_shorter(text.lead_words, other.lead_words),
        distance=_distance(text.published, other.published),
        agency=0.0 if not text.wire or not other.wire else 1.0 if text.wire == other.wire else -1.0,
    )


def points(text: Text, other: Text, *, containment: float, jaccard: float, rule: CopyRule = RULE) -> float:
    """How far a text is a copy of another: with more points than none it is, with none it is not."""
    if min(text.words, other.words) < SHORTEST:
        return -float("inf")
    weights = rule.within if text.outlet == other.outlet else rule.across
    return likeness(text, other, containment=containment, jaccard=jaccard).points(weights)


def is_exact_copy(text: Text, other: Text) -> bool:
    """Whether two texts of the same words are copies: a notice of a few words needs its headline too."""
    return text.words >= SHORTEST or (text.words > 0 and is_one_headline(text, other))


def is_one_headline(text: Text, other: Text) -> bool:
    """Whether two texts share half of the words of their headlines or more."""
    return _share_of_all(text.title_words, other.title_words) >= 0.5


def _share_of_all(mine: frozenset[str], theirs: frozenset[str]) -> float:
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def _share_of_shorter(mine: frozenset[str], theirs: frozenset[str]) -> float:
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0


def _distance(one: datetime | None, other: datetime | None) -> float:
    if one is None or other is None:
        return UNDATED
    hours = abs((one - other).total_seconds()) / 3600
    return hours / (hours + HALF)
