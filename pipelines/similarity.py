"""Whose copy a text is: sketches that are cheap to keep, and one rule that reads them.

A sketch keeps a sample of a text's 4-word shingles, chosen by the shingle's own hash (FracMinHash), so that two texts
sampled apart share what they share. A copy's shingles survive a new headline, a wire header, cuts, added paragraphs.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from zlib import crc32

from pipelines.items import Relation, Sketch
from pipelines.words import words_of

SHINGLE = 4
MOST = 64  # hashes that a text of ordinary prose keeps at most, give or take chance
DENSEST = 3  # a sample of 1 in 2**3 shingles, of short texts
BOUND = 4 * MOST  # for a text that was written to overflow its sample
SHORTEST = 25  # words; below, only equal texts are copies
LEAD = 50  # words
LEAST = 3  # hashes in common; fewer are chance
FORTNIGHT = 14 * 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRule:
    """What each likeness is worth (all 0 to 1), and how much of it makes a copy."""

    containment: float = 1.0  # of the shorter text in the longer
    headline: float = 0.6  # words in common, of all words of both
    lead: float = 0.3  # words in common, of the shorter lead
    length: float = 0.2  # the shorter by the longer
    distance: float = 0.0  # taken off, from nothing at the same hour to all of it after a fortnight
    enough: float = 1.0


ACROSS = CopyRule()
# One publisher uses its own background paragraphs again: there a copy needs headline or lead too, and soon.
WITHIN = CopyRule(distance=0.3, enough=1.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What the copy rule looks at; `lead` is the text's beginning.

    `hashes` counts those of its hashes that are rare enough for the other text to have kept them too.
    """

    outlet: str
    title: str
    lead: str = field(repr=False)
    published: datetime | None
    words: int
    hashes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How a text is another's copy: by which relation, how much of it is in the other (0 to 1), and by what margin."""

    relation: Relation
    similarity: float
    margin: float


def sketch(text: str) -> Sketch:
    """A text boiled down for comparison; one of under 25 words keeps no hashes, and is equal to another or is not."""
    words = [word.encode("utf-8", "surrogatepass") for word in words_of(text)]
    return Sketch(
        words=len(words),
        words_hash=blake2b(b" ".join(words), digest_size=16).hexdigest(),
        hashes=_sample(words) if len(words) >= SHORTEST else (),
    )


def content_hash(title: str, body: str) -> str:
    """Equal for two texts that differ in white space only: what tells a new version."""
    lines = "\n".join(" ".join(unicodedata.normalize("NFC", part).split()) for part in (title, body))
    return blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def rarest(words: int) -> int:
    """The bound under which a text of that many words keeps its hashes: two texts are compared under the lower one."""
    return 1 << (64 - _rarity(words))


def likeness(text: Text, other: Text, shared: int) -> Likeness | None:
    """How `text` is a copy of `other`, with which it shares that many hashes; None where it is not."""
    rule = WITHIN if text.outlet == other.outlet else ACROSS
    if shared < LEAST or min(text.words, other.words) < SHORTEST:
        return None
    containment = min(1.0, shared / max(1, min(text.hashes, other.hashes)))
    length = min(text.words, other.words) / max(text.words, other.words)
    points = (
        rule.containment * containment
        + rule.headline * headline_overlap(text.title, other.title)
        + rule.lead * _lead_overlap(text.lead, other.lead)
        + rule.length * length
        - rule.distance * _distance(text.published, other.published)
    )
    if points < rule.enough:
        return None
    # What the two share is a smaller part of the longer one.
    mine, theirs = (containment * min(1.0, one.words / two.words) for one, two in ((other, text), (text, other)))
    return Likeness(relation=_relation(mine, theirs, length), similarity=round(mine, 3), margin=points - rule.enough)


def is_exact_copy(text: Text, other: Text) -> bool:
    """Whether two texts of the same words are copies: a notice of a few words needs its headline too."""
    return text.words >= SHORTEST or (text.words > 0 and headline_overlap(text.title, other.title) >= 0.5)


def headline_overlap(one: str, other: str) -> float:
    """The words that two headlines have in common, of all their words (0 to 1)."""
    mine, theirs = set(words_of(one)), set(words_of(other))
    return len(mine & theirs) / len(mine | theirs) if mine and theirs else 0.0


def _sample(words: list[bytes]) -> tuple[int, ...]:
    """The shingles whose CRC is under the limit, as 61 bits with the CRC first: a rarer sample is its beginning."""
    limit = rarest(len(words)) >> 32
    shingles = map(b" ".join, zip(*(words[start:] for start in range(SHINGLE)), strict=False))
    kept = {shingle for shingle in shingles if crc32(shingle) < limit}
    hashes = (crc32(one) << 32 | int.from_bytes(blake2b(one, digest_size=4).digest(), "big") for one in kept)
    return tuple(sorted(hashes)[:BOUND])


def _rarity(words: int) -> int:
    """The power of two of the sample that a text of that length keeps."""
    return max(DENSEST, math.ceil(math.log2(max(words, 1) / MOST)))


def _lead_overlap(one: str, other: str) -> float:
    mine, theirs = (set(words_of(lead)[:LEAD]) for lead in (one, other))
    return len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0


def _distance(one: datetime | None, other: datetime | None) -> float:
    if one is None or other is None:
        return 0.5
    hours = abs((one - other).total_seconds()) / 3600
    return min(1.0, math.log1p(hours) / math.log1p(FORTNIGHT))


def _relation(mine: float, theirs: float, length: float) -> Relation:
    """By how much of each text is in the other, and the shorter's length of the longer's."""
    if max(mine, theirs) >= 0.6 and length >= 0.75:
        return "syndicated"
    if mine >= 0.8:
        return "truncated"
    return "partial" if max(mine, theirs) >= 0.5 else "rewrite"
