"""What the headlines of judged pages teach about those that still wait: words that promised too little or too much.

A page that was read has a verdict, and its link had a promise. The difference goes to the words of its headline: those
of articles that were kept come to raise a link, be they in the topic's file or not, and those of articles that were
dropped to lower it. Only the order of links changes by it, never the judge's verdict, and never by more than `SWAY`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipelines.background import rarity_share_in, reporting_words
from pipelines.items import Decision
from pipelines.relevance import path_of
from pipelines.words import stem, words_of

LATEST = 2_000
"""Pages whose outcomes are worth giving, the latest: older ones tell of an earlier chapter of the story."""

# Chosen on half of the topics at a time, with what the judge made of each page that a simulated crawl had fetched; the
# other half gained as much. The result is flat around each.
REVIEWED = 0.5
"""How far an article between `review` and `keep` counts as kept."""
STRENGTH = 8.0
"""How much of the promise that was missed, or given in vain, a word takes over."""
DOUBT = 6
"""Headlines that a word counts as having stood in already, without teaching anything."""
SWAY = 1.0
"""What all words of a link add to its evidence or take from it at most; 1 halves its distance from a sure one."""

_WORTH: Mapping[Decision, float] = {"keep": 1.0, "review": REVIEWED, "drop": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a link promised by the topic's file alone, as `link_score` says, and what its page turned out to be."""

    title: str
    url: str = ""
    promised: float
    decision: Decision


Lessons = Mapping[str, float]
"""What each word, by its stem, adds to the evidence of a link."""


def lessons(outcomes: Iterable[Outcome], language: str) -> Lessons:
    """What outcomes teach, whatever their order; words that tell nothing in the language are left out."""
    share, idle = rarity_share_in(language), reporting_words(language)
    missed: dict[str, list[float]] = {}
    for outcome in outcomes:
        words = {
            stem(word)
            for word in _words(outcome.title, outcome.url)
            if len(word) > 1 and word not in idle and not word.isdigit() and share(word) > 0
        }
        for word in words:
            miss = _WORTH[outcome.decision] - outcome.promised
            missed.setdefault(word, []).append(miss / len(words))
    # The exact sum is the same in any order.
    return {word: STRENGTH * math.fsum(misses) / (len(misses) + DOUBT) for word, misses in missed.items()}


def taught(score: float, title: str, url: str, learnt: Lessons) -> float:
    """A link's score, raised or lowered by what the words of its title have taught, from 0 to 1."""
    if not learnt:
        return score
    words = {stem(word) for word in _words(title, url)}
    sway = math.fsum(learnt[word] for word in words if word in learnt)
    # A score is 1 - 2^-evidence: more evidence shortens its distance from 1.
    return max(0.0, 1 - (1 - min(score, 1.0)) * 2 ** -min(SWAY, max(-SWAY, sway)))


def _words(title: str, url: str) -> list[str]:
    return words_of(title[:2048]) or words_of(path_of(url))
