"""How rare a word is in its language: what tells a topic's words from everybody's."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from wordfreq import available_languages, get_frequency_dict
from wordfreq.numbers import digit_freq

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
        return min(RAREST, _rarity(word, frequencies))

    return rarity


def rarity_share_in(language: str) -> Rarity:
    """The rarity of a casefolded word from 0, where it tells nothing, to 1, by the short list of frequent words.

    For use while crawling: the short list is a tenth of the long one in memory and in time.
    """
    return _shares(_listed(language)).__getitem__


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


class _Shares(dict[str, float]):
    """The shares of the words that are listed; those of others are told, and not kept."""

    def __init__(self, frequencies: Mapping[str, float]) -> None:
        words = (word for word, frequency in frequencies.items() if frequency > 0 and not word.isdecimal())
        super().__init__((word, _share(-math.log10(frequencies[word]))) for word in words)
        self._frequencies = frequencies

    def __missing__(self, word: str) -> float:
        return _share(_rarity(word, self._frequencies)) if word.isdecimal() else 1.0


@lru_cache(maxsize=4)
def _shares(language: str) -> _Shares:
    return _Shares(_frequencies(language, "small"))


def _share(rarity: float) -> float:
    rarest = RAREST - 1
    return max(0.0, min(rarest, rarity) - COMMON) / (rarest - COMMON)


def _rarity(word: str, frequencies: Mapping[str, float]) -> float:
    """-log10 of a word's frequency, which for a number is that of its length times that of its digits."""
    frequency = frequencies.get(word, 0.0)
    if word.isdecimal():
        # A single digit is no sign of anything, and "000" is the rest of another number: 14,000.
        if len(word) < 2 or int(word[0]) == 0:
            return 0.0
        shape = frequencies.get("0" * len(word), 0.0)
        frequency = shape * digit_freq(word) if shape else 0.0
    return -math.log10(frequency) if frequency > 0 else math.inf


def _base(language: str) -> str:
    return language.partition("-")[0].casefold()


@lru_cache(maxsize=16)
def _listed(language: str) -> str:
    base = {"no": "nb", "nn": "nb", "sr": "sh", "hr": "sh", "bs": "sh", "tl": "fil"}.get(
        _base(language), _base(language)
    )
    return base if base in available_languages("best") else "en"
