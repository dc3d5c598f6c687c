"""Invented news in bulk: texts of words that nobody uses, as frequent and as long as those of real news.

Words follow Zipf's law, each language with its own; names are shared by all. All is the same for the same seed.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

SHARES = {"en": 0.72, "de": 0.1, "fr": 0.08, "es": 0.06, "ar": 0.04}  # of the articles, by their language
DEALT = ("en", "en", "en", "en", "en", "en", "de", "fr", "es", "ar")  # whose each word is, in turn
VOCABULARY = 50_000  # words of all languages
NAMES = 2_000  # that texts of all languages mention
NAMED = 0.02  # of all words of a text
URN = 1 << 20  # words of a language, each as often as it is used: one number draws one word
SHORTEST, LONGEST, USUAL, SPREAD = 60, 2_000, 310, 0.5  # words of a text: their logarithm is normal, the mean is 350
SENTENCE = (8, 27)  # words
PARAGRAPH = 3  # sentences

Numbers = NDArray[np.int64]

_ONSETS = (
    "b", "br", "c", "ch", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "pl", "pr", "qu",
    "r", "s", "sh", "st", "t", "tr", "v", "w", "z",
)  # fmt: skip
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "io", "ou")
_ENDS = ("", "", "", "l", "m", "n", "r", "s", "t", "nd", "rt")


class Words:
    """The words of all languages (`ranked`, the commonest first), and the names."""

    def __init__(self, seed: int = 1) -> None:
        source, found = random.Random(seed), dict[str, None]()
        while len(found) < VOCABULARY + NAMES:  # short ones first: what is common is short
            found.setdefault(_word(source, 1 + (len(found) > 800) + (len(found) > 20_000)))
        words = list(found)
        self.names = [word.capitalize() for word in words[VOCABULARY:]]
        self.ranked: dict[str, list[str]] = {language: [] for language in SHARES}
        for place, word in enumerate(words[:VOCABULARY]):
            self.ranked[DEALT[place % len(DEALT)]].append(word)
        self._urns = {language: self._urn(mine) for language, mine in self.ranked.items()}

    def _urn(self, words: list[str]) -> NDArray[np.object_]:
        often = np.concatenate([_zipf(len(words), URN * (1 - NAMED)), _zipf(NAMES, URN * NAMED)])
        return np.repeat(np.array([*words, *self.names], dtype=object), often)

    def drawn(self, numbers: np.random.Generator, language: str, count: int) -> list[str]:
        """So many words of a language, common ones more often."""
        urn = self._urns[language]
        drawn: list[str] = urn[numbers.integers(0, len(urn), count)].tolist()
        return drawn


def lengths(numbers: np.random.Generator, count: int) -> Numbers:
    """Words of so many texts."""
    drawn = np.exp(numbers.normal(np.log(USUAL), SPREAD, count))
    return np.clip(drawn, SHORTEST, LONGEST).astype(np.int64)


def written(words: list[str], pace: list[int]) -> str:
    """A text of these words, one paragraph a line; `pace` are lengths of sentences, enough of them."""
    paragraphs: list[str] = []
    sentences: list[str] = []
    begun = 0
    for length in pace:
        sentences.append(sentence(words[begun : begun + length]))
        begun += length
        if len(sentences) == PARAGRAPH:
            paragraphs.append(" ".join(sentences))
            sentences = []
        if begun >= len(words):
            break
    return "\n".join([*paragraphs, " ".join(sentences)] if sentences else paragraphs)


def sentence(words: list[str]) -> str:
    """The words as a sentence."""
    return f"{headline(words)}."


def headline(words: list[str]) -> str:
    """The words as a headline."""
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _zipf(count: int, all_of_them: float) -> Numbers:
    weights = 1 / np.arange(1, count + 1)
    often: Numbers = np.maximum(1, np.rint(weights / weights.sum() * all_of_them)).astype(np.int64)
    return often


def _word(source: random.Random, syllables: int) -> str:
    made = (source.choice(_ONSETS) + source.choice(_VOWELS) + source.choice(_ENDS) for _ in range(syllables))
    return "".join(made)
