"""The words by which a web archive is asked for the pages of a topic: those that tell it in an address."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from pipelines.relevance import LINK_FLOOR, link_score
from pipelines.topic import Topic
from pipelines.words import stems_of

MOST_WORDS = 40
_SHORT = 4  # letters; "us" and "un" stand in every other address


def telling(topic: Topic) -> tuple[str, ...]:
    """The terms that make an address worth a look by themselves, as regular expressions of plain ASCII, heaviest first.

    A term that holds another of them is left out: whatever it finds, the shorter one finds.
    """
    ranked = sorted(topic.terms, key=lambda term: -term.weight)
    found = (_expression(term.text) for term in ranked if link_score(term.text, "", topic) >= LINK_FLOOR)
    wanted = list(dict.fromkeys(one for one in found if one))
    return tuple(one for one in wanted if not any(other in one for other in wanted if other != one))[:MOST_WORDS]


def _expression(text: str) -> str:
    """The words of a term by their stems, up to three characters between two; empty where none has four letters."""
    stems = [_folded(stem) for stem in stems_of(text)]
    if not all(stems) or max(map(len, stems), default=0) < _SHORT:
        return ""
    return ".{1,3}".join(_open_ended(stems))


def _open_ended(stems: Sequence[str]) -> list[str]:
    # "country" is the stem of "countries" too.
    return [stem[:-1] if stem.endswith("y") and len(stem) > _SHORT else stem for stem in stems]


def _folded(word: str) -> str:
    """The word in plain letters and digits; empty where it cannot be written so."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one)).lower()
    return bare if bare.isascii() and bare.isalnum() else ""
