"""The weighted names, phrases and words that tell a topic, learnt from its seeds."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from pipelines.background import COMMON, Rarity, rarity_in, reporting_words
from pipelines.items import Article
from pipelines.names import names_in
from pipelines.topic import LONGEST_TERM
from pipelines.words import stem, stems_of, words_of

MOST_WORDS, MOST_PHRASES = 60, 24
"""How many of each a topic gets: more add noise, fewer lose the stories that say it otherwise."""
MOST_CHARACTERS = 200_000
IN_TITLE = 2
"""A word of the headline counts as if it stood in the body that often."""
LEAD = 80
"""Words at the start of a seed that count twice: the rest of a report is more and more background."""
OF_NAMES, OF_PHRASES = 2.0, 0.5
"""What a word of a name weighs against another word; and a phrase, whose words count by themselves as well."""
HEAVIEST, LIGHTEST = 5.0, 0.1
_NAME_IS_COMMON, _PAIR_IS_COMMON = 4.7, 3.3
"""Rarity below which a capital at the start of a sentence is no sign of a name; and a word makes no phrase."""


# A phrase does not go on over a comma or the end of a sentence.
_CLAUSE = re.compile(r"[.!?,;:\n()\[\]\"“”„«»|]| [-–—] ")

Kind = Literal["asked", "name", "phrase", "word"]
Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """A term as the seeds write it, its weight, and what it is: a name, another phrase, a word, or asked for."""

    text: str
    weight: float
    kind: Kind


def vocabulary(seeds: Sequence[Article], language: str, asked: Iterable[str] = ()) -> tuple[Learnt, ...]:
    """The terms of a topic, the heaviest first: what its seeds say more than the language does, and what was asked for.

    Seeds count alike, whatever their length. The heaviest term weighs 5, as does each that was asked for.
    """
    rarity, idle = rarity_in(language), reporting_words(language)
    learnt: Counter[Stems] = Counter()
    read = [_Seed(seed, rarity, idle) for seed in seeds]
    for seed in read:
        learnt.update(seed.weights())
    names = {stems for seed in read for stems in seed.names}
    names |= {(stem,) for stems in names for stem in stems}
    written = _written(read)
    heaviest = max(learnt.values(), default=1.0)
    wanted = {tuple(stems_of(text)): text for text in asked}
    terms = [Learnt(text=text, weight=HEAVIEST, kind="asked") for text in wanted.values()]
    for stems, weight in _chosen(learnt):
        if stems not in wanted:
            kind: Kind = "name" if stems in names else "phrase" if len(stems) > 1 else "word"
            share = max(LIGHTEST, round(weight / heaviest * HEAVIEST, 1))
            terms.append(Learnt(text=written[stems], weight=share, kind=kind))
    return tuple(terms)


def _chosen(learnt: Counter[Stems]) -> list[tuple[Stems, float]]:
    words = Counter({stems: weight for stems, weight in learnt.items() if len(stems) == 1})
    phrases = Counter({stems: weight for stems, weight in learnt.items() if len(stems) > 1})
    chosen = words.most_common(MOST_WORDS) + phrases.most_common(MOST_PHRASES)
    return sorted(((stems, weight) for stems, weight in chosen if weight > 0), key=lambda pair: (-pair[1], pair[0]))


def _written(seeds: Iterable[_Seed]) -> dict[Stems, str]:
    """The most frequent spelling of each term; of a name, with its capitals."""
    spellings: dict[Stems, Counter[str]] = {}
    for seed in seeds:
        for stems, texts in seed.spellings.items():
            spellings.setdefault(stems, Counter()).update(texts)
    return {stems: texts.most_common(1)[0][0] for stems, texts in spellings.items()}


class _Seed:
    """One seed, counted: words, names and pairs of words go by their stems."""

    def __init__(self, seed: Article, rarity: Rarity, idle: frozenset[str]) -> None:
        self.rarity, self.idle = rarity, idle
        self.spellings: dict[Stems, Counter[str]] = {}
        title, body = seed.title[:MOST_CHARACTERS], f"{seed.summary}\n{seed.body}"[:MOST_CHARACTERS]
        head, words = words_of(title), words_of(body)
        self.words = self._counted([*head * IN_TITLE, *words[:LEAD], *words])
        self.names = self._named(f"{title}\n{body}")
        self.pairs = self._paired(f"{title}\n{body}")

    def weights(self) -> dict[Stems, float]:
        """The weights of this seed's terms, as a vector of length 1 by its words."""
        named = {stem for stems in self.names for stem in stems}
        inner = self._inner()
        weights = {
            stems: (1 + math.log(count)) * worth * (OF_NAMES if stems[0] in named and worth > 1 else 1)
            for stems, count in self.words.items()
            if inner[stems[0]] < count and (worth := self._worth(stems))
        }
        length = math.hypot(*weights.values()) or 1.0
        for stems, count in (self.pairs | self.names).items():
            if len(stems) > 1:
                weights[stems] = (1 + math.log(count)) * self._worth(stems) * OF_PHRASES
        return {stems: weight / length for stems, weight in weights.items() if weight > 0}

    def _counted(self, words: Iterable[str]) -> Counter[Stems]:
        return Counter(self._spelt(word, (word,)) for word in words)

    def _named(self, text: str) -> Counter[Stems]:
        names: Counter[Stems] = Counter()
        for name, count in names_in(text, lambda word: self.rarity(word) < _NAME_IS_COMMON).items():
            words = words_of(" ".join(name))
            if words and len(words) <= LONGEST_TERM and not self.idle.issuperset(words):
                names[self._spelt(" ".join(name), words, 1000 * count)] += count
                # The words of a name are written as in the name: Qaeda, not qaeda.
                for part, word in zip(name, words, strict=False) if len(name) == len(words) else ():
                    self._spelt(part, (word,), 1000 * count)
        return names

    def _paired(self, text: str) -> Counter[Stems]:
        """Pairs of words that stand side by side twice; or once, of words that are said again and again."""
        clauses = [words_of(clause) for clause in _CLAUSE.split(text)]
        pairs = Counter(pair for words in clauses for pair in pairwise(words) if self._is_phrase(pair))
        return Counter(
            {self._spelt(" ".join(pair), pair): n for pair, n in pairs.items() if n > 1 or self._recur(pair)}
        )

    def _recur(self, pair: Sequence[str]) -> bool:
        stems = [(stem(word),) for word in pair]
        fewer, more = sorted(self.words[of] for of in stems)
        return fewer > 1 and more > 2 and not any(of in self.names for of in stems)

    def _spelt(self, text: str, words: Sequence[str], times: int = 1) -> Stems:
        stems = tuple(stem(word) for word in words)
        self.spellings.setdefault(stems, Counter())[text] += times
        return stems

    def _is_phrase(self, pair: Sequence[str]) -> bool:
        return all(self._rare(word) and self.rarity(word) > _PAIR_IS_COMMON for word in pair)

    def _worth(self, stems: Stems) -> float:
        """What the words of a term are worth, each as it is mostly spelt."""
        spelt = (self.spellings.get((of,), Counter({of: 1})).most_common(1)[0][0] for of in stems)
        return sum(self._rare(word.casefold()) for word in spelt)

    def _rare(self, word: str) -> float:
        """What a word is worth: nothing if everybody says it, or reporters do. A number goes by its rarity too."""
        if word in self.idle or (len(word) < 2 and word.isascii()):
            return 0.0
        return max(0.0, self.rarity(word) - COMMON)

    def _inner(self) -> Counter[str]:
        """How often each word stands inside a longer name and is not its last: forenames, mostly."""
        inner: Counter[str] = Counter()
        for stems, count in self.names.items():
            inner.update(dict.fromkeys(stems[:-1], count))
        return inner
