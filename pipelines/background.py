"""How rare a word is in its language: what tells a topic's words from everybody's."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from wordfreq import available_languages, get_frequency_dict

COMMON = 3.0
"""Rarity of a word that stands once in a thousand: nothing more common tells a topic."""
RAREST = 7.0

Rarity = Callable[[str], float]


def rarity_in(language: str) -> Rarity:
    """The rarity of a casefolded word in a language: -log10 of its frequency, from 0 to 7.

    A language without a list of frequencies borrows that of English, in which all its words are rare.
    """
    frequencies = _frequencies(_listed(language), "best")

    def rarity(word: str) -> float:
        frequency = frequencies.get(word, 0.0)
        return RAREST if frequency <= 0 else min(RAREST, -math.log10(frequency))

    return rarity


def rarity_share_in(language: str) -> Rarity:
    """The rarity of a casefolded word from 0, where it tells nothing, to 1, by the short list of frequent words.

    For use while crawling: the short list is a tenth of the long one in memory and in time.
    """
    frequencies = _frequencies(_listed(language), "small")
    rarest = RAREST - 1

    def share(word: str) -> float:
        frequency = frequencies.get(word, 0.0)
        rarity = rarest if frequency <= 0 else min(rarest, -math.log10(frequency))
        return max(0.0, rarity - COMMON) / (rarest - COMMON)

    return share


@lru_cache(maxsize=4)
def reporting_words(language: str) -> frozenset[str]:
    """The words of reporting, dates and pages in a language: frequent in the news of every topic."""
    base = _base(language)
    resource = files("pipelines").joinpath(f"reporting.{base}.txt")
    if not base.isalpha() or not resource.is_file():
        return frozenset()
    lines = resource.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=4)
def _frequencies(language: str, wordlist: Literal["best", "small"]) -> Mapping[str, float]:
    frequencies: Mapping[str, float] = get_frequency_dict(language, wordlist)
    return frequencies


def _base(language: str) -> str:
    return language.partition("-")[0].casefold()


def _listed(language: str) -> str:
    base = {"no": "nb", "nn": "nb", "sr": "sh", "hr": "sh", "bs": "sh", "tl": "fil"}.get(
        _base(language), _base(language)
    )
    return base if base in available_languages("best") else "en"
