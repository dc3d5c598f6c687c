"""What a user's answers teach a topic: terms that confirmed articles say, weights to raise, phrases never wanted.

The topic's terms stand for the seeds that they were learnt from. Confirmed articles are further seeds: they pull a
weight up by the share that they have among all seeds, and less where refused articles say the same. No weight is ever
lowered, none is raised above the heaviest, and what was switched off by hand stays off. Refused articles alone change
no weight.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.items import Article
from pipelines.topic import Term, Topic
from pipelines.vocabulary import HEAVIEST, Learnt, Stems, vocabulary
from pipelines.words import stems_of

# Chosen on topics made from one seed, by halves of topics; the result is flat around each. docs/benchmarks.md.
AS_SEED = 3
"""Confirmed articles that pull as much as one seed holds: the damping."""
BY_HAND = 3
"""Seeds that the terms of a topic count for where its file names none."""
AGAINST = 1.0
"""How far a term counts less that refused articles hold as often as confirmed ones: 0 not at all, 1 for nothing."""
SHARED, AMONG = 2, 3
"""Confirmed articles that hold a new term, where there are at least so many: one alone has words of its own."""
MOST_NEW = 20
"""New terms of one lesson."""
STEP = 0.1
"""The smallest weight that is worth a line, and the smallest change of one."""
LEAST_REFUSED = 2
"""Refused articles that hold a phrase before it is suspected of never belonging."""
LEAST_WANTED = 10
"""Kept articles that must be known before "none of them holds it" says anything."""
MOST_SUSPECTS = 40
MOST_NEVER = 5
"""Phrases of one lesson that are never wanted: each drops all that holds it, whatever else that says."""
LONGEST = 200_000  # characters of a text that are read, as the judge does


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A term's weight before (0 for a new one) and after, and how many confirmed and refused articles hold it.

    `text` is written as in the topic's file, where the term stands there.
    """

    text: str
    before: float
    after: float
    confirmed: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwanted:
    """A phrase that only articles hold which are not wanted: how many were refused, and how many stored it drops."""

    text: str
    refused: int
    drops: int


def changes(topic: Topic, confirmed: Sequence[Article], refused: Sequence[Article]) -> tuple[Change, ...]:
    """The weights that confirmed articles change, the heaviest first; without any, none.

    `confirmed` are articles that are not among the topic's seeds, of which its terms know already.
    """
    if not confirmed:
        return ()
    known = {tuple(stems_of(term.text)): term for term in topic.terms}
    heaviest = max((term.weight for term in topic.terms), default=HEAVIEST)
    share = len(confirmed) / (len(confirmed) + AS_SEED * (len(topic.seeds) or BY_HAND))
    holding, against = _read(confirmed), _read(refused)
    found = []
    for term in vocabulary(confirmed, topic.language):
        stems = tuple(stems_of(term.text))
        old = known.get(stems)
        yes, no = _holders(stems, holding), _holders(stems, against)
        worth = term.weight * heaviest / HEAVIEST * _trusted(yes, len(confirmed), no, len(refused))
        before = old.weight if old else 0.0
        is_its_own = old is None and len(confirmed) >= AMONG and yes < SHARED
        after = round(before + share * max(0.0, worth - before), 1)
        if after >= before + STEP and not _is_off(old) and not is_its_own:
            text = old.text if old else term.text
            found.append(Change(text=text, before=before, after=after, confirmed=yes, refused=no))
    return _bounded(found)


def suspects(topic: Topic, refused: Sequence[Article], learnt: Sequence[Change]) -> tuple[tuple[str, int], ...]:
    """Phrases that may never belong, with how many of the refused articles hold each, the most suspicious first.

    Only names and pairs of words, none that a term of the topic is a part of. Whether articles that are wanted hold
    one, only `Sieve` can say.
    """
    own = [tuple(stems_of(text)) for text in (*(term.text for term in topic.terms), *(one.text for one in learnt))]
    never = {tuple(stems_of(phrase)) for phrase in topic.never}
    texts = _read(refused)
    found: list[tuple[int, float, str]] = []
    for term in vocabulary(refused, topic.language) if len(refused) >= LEAST_REFUSED else ():
        stems = tuple(stems_of(term.text))
        holders = _holders(stems, texts)
        is_new = _may_be_unwanted(term, stems) and stems not in never and not any(_inside(part, stems) for part in own)
        if is_new and holders >= LEAST_REFUSED:
            found.append((holders, term.weight, term.text))
    return tuple((text, holders) for holders, _, text in sorted(found, reverse=True)[:MOST_SUSPECTS])


class Sieve:
    """Suspected phrases, held against every stored article: one that a wanted article holds is let go."""

    def __init__(self, suspected: Sequence[tuple[str, int]]) -> None:
        self._phrases = {text: _run(tuple(stems_of(text))) for text, _ in suspected}
        self._signs = {text: _sign(text) for text in self._phrases}
        self._refused = dict(suspected)
        self._drops: Counter[str] = Counter()
        self._wanted = 0

    def read(self, article: Article, *, wanted: bool) -> None:
        """Look for the phrases in one article, which is wanted or not."""
        self._wanted += wanted
        for text in self._held(article):
            if wanted:
                del self._phrases[text]
            else:
                self._drops[text] += 1

    def left(self) -> tuple[Unwanted, ...]:
        """The phrases that no wanted article holds, few and the surest first; none where too little is wanted yet."""
        if self._wanted < LEAST_WANTED:
            return ()
        left = [text for text in self._refused if text in self._phrases]
        return tuple(
            Unwanted(text=text, refused=self._refused[text], drops=self._drops[text]) for text in left[:MOST_NEVER]
        )

    def _held(self, article: Article) -> list[str]:
        text = "\n".join((article.title[:LONGEST], article.summary[:LONGEST], article.body[:LONGEST]))
        near = list(self._phrases)
        if text.isascii():
            # Most articles hold no sign of a phrase, and need not be taken into words.
            folded = text.casefold().replace(".", "")
            near = [phrase for phrase in near if self._signs[phrase] in folded]
        stems = _stemmed(article) if near else ""
        return [phrase for phrase in near if self._phrases[phrase] in stems]


def _sign(text: str) -> str:
    """Letters that stand in every plain text that holds a phrase, however it inflects it."""
    longest = max(stems_of(text), key=len)
    return longest.removesuffix("y")


def _may_be_unwanted(term: Learnt, stems: Stems) -> bool:
    return len(stems) > 1 and term.kind in {"name", "phrase"}


def _is_off(term: Term | None) -> bool:
    return term is not None and not term.weight


def _trusted(yes: int, of_yes: int, no: int, of_no: int) -> float:
    """How far a term tells confirmed from refused articles: 1 where no refused one holds it, 0 where as many do."""
    rate = (no / of_no) / (max(yes, 1) / of_yes) if of_no else 0.0
    return max(0.0, 1 - AGAINST * rate)


def _bounded(found: Sequence[Change]) -> tuple[Change, ...]:
    ranked = sorted(found, key=lambda one: (-one.after, one.text))
    new = [one for one in ranked if not one.before][:MOST_NEW]
    return tuple(one for one in ranked if one.before or one in new)


def _stemmed(article: Article) -> str:
    """The stems of an article in a row, its parts kept apart: what `_run` is looked for in."""
    parts = (article.title[:LONGEST], article.summary[:LONGEST], article.body[:LONGEST])
    return " | ".join(f" {' '.join(stems_of(part))} " for part in parts)


def _run(stems: Stems) -> str:
    return f" {' '.join(stems)} "


def _read(articles: Sequence[Article]) -> list[str]:
    return [_stemmed(article) for article in articles]


def _holders(stems: Stems, texts: Sequence[str]) -> int:
    run = _run(stems)
    return sum(run in text for text in texts)


def _inside(part: Stems, whole: Stems) -> bool:
    return _run(part) in _run(whole)
