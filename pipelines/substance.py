"""How much a text has to say of its own: the weight of its telling words, whatever the topic.

A text that says much else is less about a topic than one that says the same of it and nothing more.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from pipelines.background import rarity_share_in, reporting_words

# Chosen together on 49 topics, so that one threshold serves them all.
USUAL, SLIGHT = 3.4, 0.7
"""The length that counts as 1, and what is added to each: a single line says little, be it of one thing only."""
IN_CHARACTERS = 0.77
"""Substance of a text whose script leaves no spaces: its characters are no words that could be weighed."""


def substance(zones: Sequence[tuple[Sequence[str], float]], half: float, language: str) -> float:
    """The length of a text's vector, 1 for the usual article: each word by its rarity and how often it stands there.

    `zones` are the words of each part, the longest last, and what a word there is worth; a word worth `half` in all
    counts half of its rarity.
    """
    *parts, (rest, worth) = zones
    times = {word: worth * count for word, count in Counter(rest).items()}
    for words, worth in parts:
        for word in words:
            times[word] = times.get(word, 0.0) + worth
    characters = [times[word] for word in times if len(word) == 1 and word > "\x7f"]
    if characters and 2 * sum(characters) > sum(times.values()):
        return IN_CHARACTERS
    share, idle = rarity_share_in(language), reporting_words(language)
    weights = [
        rarity * count / (count + half)
        for word, count in times.items()
        if (rarity := share(word)) and word not in idle and len(word) > 1
    ]
    return (SLIGHT + math.hypot(*weights)) / USUAL
