"""Sketches of texts, cheap to keep and to compare.

A sketch keeps the smallest hashes of a text's 4-word shingles, so that two texts sampled apart share what they share,
up to the lower of their last hashes. A copy's shingles survive a new headline, a wire header, cuts, added paragraphs.
"""

from __future__ import annotations

import unicodedata
from hashlib import blake2b
from zlib import crc32

from pipelines.items import Sketch
from pipelines.words import words_of_body

SHINGLE = 4
MOST = 128  # hashes; a text of under 260 words keeps one shingle in two
HALF = 1 << 31  # of all CRCs: what is kept has 63 bits, as SQLite stores them
AMPLE = 3 * MOST  # shingles of a long text that are put in order
SHORTEST = 25  # words; below, only equal texts are copies


def sketch(text: str) -> Sketch:
    """A text boiled down for comparison; one of under 25 words keeps no hashes, and is equal to another or is not."""
    words = [word.encode("utf-8", "surrogatepass") for word in words_of_body(text)]
    return Sketch(
        words=len(words),
        words_hash=blake2b(b" ".join(words), digest_size=16).hexdigest(),
        hashes=_sample(words) if len(words) >= SHORTEST else (),
    )


def content_hash(title: str, body: str) -> str:
    """Equal for two texts that differ in white space only: what tells a new version."""
    lines = "\n".join(" ".join(unicodedata.normalize("NFC", part).split()) for part in (title, body))
    return blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _sample(words: list[bytes]) -> tuple[int, ...]:
    """The shingles of the smallest CRCs, each as the CRC and 32 bits more."""
    limit = min(HALF, (AMPLE << 32) // len(words))
    shingles = set(map(b" ".join, zip(*(words[start:] for start in range(SHINGLE)), strict=False)))
    smallest = sorted((number, one) for one in shingles if (number := crc32(one)) < limit)[:MOST]
    return tuple(
        sorted(number << 32 | int.from_bytes(blake2b(one, digest_size=4).digest(), "big") for number, one in smallest)
    )
