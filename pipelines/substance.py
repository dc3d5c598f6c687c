"""How much a text has to say of its own: the weight of its telling words, whatever the topic.

A text that says much else is less about a topic than one that says the same of it and nothing more.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from pipelines.background import rarity_share_in, reporting_words


def substance(zones: Iterable[tuple[list[str], float]], half: float, language: str) -> float:
    """The length of a text's vector: each word by its rarity, and by how often it stands there.

    `zones` are the words of each part of the text, and what a word there is worth; a word that stands there worth
    `half` counts half of its rarity.
    """
    times: Counter[str] = Counter()
    for words, worth in zones:
        for word, count in Counter(words).items():
            times[word] += worth * count  # type: ignore[assignment]  # a Counter takes any number
    share, idle = rarity_share_in(language), reporting_words(language)
    return math.sqrt(
        math.fsum(
            (rarity * count / (count + half)) ** 2
            for word, count in times.items()
            if (rarity := share(word)) and word not in idle and (len(word) > 1 or not word.isascii())
        )
    )
