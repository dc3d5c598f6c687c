"""How far a text belongs to a topic, and why: the topic's terms, where they stand and how often.

The score is made from the topic's file and nothing else, so that every weight changed by hand counts. A term counts
more in the headline and the lead, and ever less with each repetition. The sum is measured by the length of the topic's
vector, so that doubling all weights changes nothing, and by the article's substance: one that says much else as well
belongs less. By this the scores of different topics mean the same.

A link has ten words to show instead of hundreds. There the telling terms count for more, a common word for no more than
its rarity allows, and the words of a headline that the topic does not know count against it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from pipelines.background import rarity_share_in, reporting_words
from pipelines.items import Article, Decision, Match, Verdict
from pipelines.substance import substance
from pipelines.topic import Term, Topic
from pipelines.words import stem, stemmed, stems_of, words_of, words_of_body

# Chosen together on 49 topics made from one seed, from three, and from a user's own words alone: one set of figures for
# all of them. The result is flat around each.
IN_TITLE, IN_LEAD = 4.0, 1.5
LEAD = 80
"""Words at the start of a body that count as its lead."""
USUAL_LENGTH, SHORTEST = 300, 60
LENGTH_COUNTS = 0.75
"""How far a long text's repetitions count less: 0 not at all, 1 in proportion."""
REPEATS = 2.0
HEAVIEST = 20
"""Terms that make up the length of the topic's vector, so that a further spelling or synonym costs nothing."""

# Chosen in the same way, by titles alone. What either half of the topics chooses gains as much on the other half.
LINK_EVEN = 0.25
"""Share of the vector's length that scores one half in a link."""
LINK_FLOOR = 0.15
"""Score below which a line of a huge list, such as an index of all captures, is not worth noting.

Measured by titles alone: 3 % of the lines of other topics pass. It costs 6 % of the articles of a long story whose
topic is made from one seed, 5 % from three, 3 % with a few terms of one's own; and 12 % of those of a single event, or
7 % where addresses say something. Most of these have no word of the topic in their title at all.
"""
TELLING = 1.2
"""Above 1, one telling term of a link is worth more than several weak ones of the same sum."""
BY_RARITY = 0.5
"""How fast the most that a term may weigh in a link falls with the rarity of its words: 0 not at all."""
UNKNOWN, LONG = 0.06, 5
"""What each word of a headline that the topic does not know takes from a link; shorter ones tell no other event."""
IN_SUMMARY = 0.6
"""What a term counts that stands in a link's summary alone, against one in its title."""

MOST_CHARACTERS = 200_000
MOST_MATCHES = 20
MOST_INDEXES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Index:
    """A topic's terms by the first word of each, ready to be found in one walk over a text."""

    starts: Mapping[str, Sequence[tuple[tuple[str, ...], str]]]
    weights: Mapping[str, float]
    stems: Mapping[str, Sequence[str]]
    length: float


def judge(article: Article, topic: Topic) -> Verdict:
    """How far an article belongs to a topic, which terms say so, and whether it is kept.

    Outside the window by more than a day, or with one of the topic's `never` terms, it is dropped whatever its score.
    """
    spoken = _zones(article)
    zones = [(stemmed(words), worth) for words, worth in spoken]
    index, half = _FOR_ARTICLES.of(topic), _half(len(zones[2][0]) + len(zones[3][0]))
    parts = _weighed(zones, half, index)
    score = _scored(sum(parts.values()), index, substance(spoken, half, topic.language) if parts else 1.0)
    decision, reason = _decided(score, topic)
    if fault := _outside(article, topic) or _forbidden(zones, topic.never):
        decision, reason = "drop", fault
    return Verdict(score=score, decision=decision, matched=_matches(parts), reason=reason)


def link_score(title: str, url: str, topic: Topic, *, summary: str = "") -> float:
    """How far a link promises an article of the topic, 0 to 1, by the words of its title and its address.

    `summary` is what a feed says of the link, or the words around an anchor.
    """
    index = _FOR_LINKS.of(topic)
    path = path_of(url)
    words = words_of(title[:2048])
    found = {*_found([stem(word) for word in words], index), *_found(stems_of(path), index)}
    total = sum(index.weights[term] for term in found)
    if summary:
        told = {*_found(stems_of(summary[:2048]), index)} - found
        total += IN_SUMMARY * sum(index.weights[term] for term in told)
    if not total:
        return 0.0
    known = {part for term in found for part in index.stems[term]}
    unknown = _unknown(words or words_of(path), known, topic.language)
    return _scored(total / (1 + UNKNOWN * unknown), index, LINK_EVEN)


def path_of(url: str) -> str:
    """The words of an address as a text: those of its path and its query, not of its host."""
    return unquote(url[:2048].partition("://")[2].partition("/")[2]).replace("_", " ")


def _unknown(words: Iterable[str], known: Container[str], language: str) -> int:
    """How many long words stand in none of the terms found (`known` are their stems) and are none of a reporter's."""
    idle = reporting_words(language)
    return sum(len(word) >= LONG and word not in idle and stem(word) not in known for word in words)


def _zones(article: Article) -> tuple[tuple[Sequence[str], float], ...]:
    """The words of an article's parts, with what a word in each is worth: headline, summary, lead, and the rest."""
    body = words_of_body(article.body[:MOST_CHARACTERS])
    summary = "" if article.summary in article.body else article.summary[:MOST_CHARACTERS]
    return (
        (words_of(article.title[:MOST_CHARACTERS]), IN_TITLE),
        (words_of(summary), IN_LEAD),
        (body[:LEAD], IN_LEAD),
        (body[LEAD:], 1.0),
    )


def _half(words: int) -> float:
    """How often a word must stand in a body of so many words to count half of what it can."""
    return REPEATS * (1 - LENGTH_COUNTS + LENGTH_COUNTS * max(words, SHORTEST) / USUAL_LENGTH)


def _weighed(zones: Iterable[tuple[Sequence[str], float]], half: float, index: _Index) -> dict[str, float]:
    """What each term found adds to the sum."""
    times: defaultdict[str, float] = defaultdict(float)
    for stems, worth in zones:
        for term in _found(stems, index):
            times[term] += worth
    return {term: index.weights[term] * count / (count + half) for term, count in times.items()}


def _found(stems: Sequence[str], index: _Index) -> list[str]:
    """The terms that stand in a text, once for each time."""
    starts = index.starts
    found = []
    for at in [at for at, word in enumerate(stems) if word in starts]:
        found += [
            term for rest, term in starts[stems[at]] if not rest or tuple(stems[at + 1 : at + 1 + len(rest)]) == rest
        ]
    return found


def _scored(total: float, index: _Index, even: float) -> float:
    """A sum as a score: 0 for nothing, one half at `even`, ever nearer to 1."""
    return round(1 - 2 ** -(total / index.length / even), 4) if index.length else 0.0


def _decided(score: float, topic: Topic) -> tuple[Decision, str]:
    told = _told(score, topic.keep, topic.review)
    if score >= topic.keep:
        return "keep", f"score {told}, at least keep ({topic.keep:g})"
    if score >= topic.review:
        return "review", f"score {told}, between review ({topic.review:g}) and keep ({topic.keep:g})"
    return "drop", f"score {told}, below review ({topic.review:g})"


def _told(score: float, *thresholds: float) -> str:
    """A score with two digits; with all where two would put it on the other side of a threshold."""
    short = f"{score:.2f}"
    is_true = all((float(short) >= threshold) == (score >= threshold) for threshold in thresholds)
    return short if is_true else f"{score:.4f}"


def _outside(article: Article, topic: Topic) -> str:
    """Why an article is outside the topic's window; a day either way is left for time zones."""
    if article.published is None:
        return ""
    day = article.published.date()
    if topic.since and day.toordinal() < topic.since.toordinal() - 1:
        return f"published {day}, before the topic's window ({topic.since})"
    if topic.until and day.toordinal() > topic.until.toordinal() + 1:
        return f"published {day}, after the topic's window ({topic.until})"
    return ""


def _forbidden(zones: Iterable[tuple[Sequence[str], float]], never: tuple[str, ...]) -> str:
    index = _index(tuple(Term(text=phrase, weight=1) for phrase in never)) if never else None
    found = [term for stems, _ in zones for term in _found(stems, index)] if index else []
    return f'holds "{found[0]}", which the topic never wants' if found else ""


def _matches(parts: Mapping[str, float]) -> tuple[Match, ...]:
    total = sum(parts.values())
    ranked = sorted(parts.items(), key=lambda part: (-part[1], part[0]))[:MOST_MATCHES]
    return tuple(Match(term=term, share=round(part / total, 4)) for term, part in ranked)


@lru_cache(maxsize=MOST_INDEXES)
def _index(terms: tuple[Term, ...]) -> _Index:
    weights: dict[tuple[str, ...], Term] = {}
    for term in terms:
        stems = tuple(stems_of(term.text))
        # "talk" and "talks" are one word here: the heavier counts.
        if stems and term.weight > (weights[stems].weight if stems in weights else 0):
            weights[stems] = term
    starts: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for stems, term in weights.items():
        starts[stems[0]].append((stems[1:], term.text))
    heaviest = sorted((term.weight for term in weights.values()), reverse=True)[:HEAVIEST]
    return _Index(
        starts=dict(starts),
        weights={term.text: term.weight for term in weights.values()},
        stems={term.text: stems for stems, term in weights.items()},
        length=math.hypot(*heaviest),
    )


@lru_cache(maxsize=MOST_INDEXES)
def _link_index(terms: tuple[Term, ...], language: str) -> _Index:
    """The index of a topic for links, its weights ready to be summed: capped by rarity and measured."""
    index, share = _index(terms), rarity_share_in(language)
    heaviest = max(index.weights.values(), default=0.0)
    capped = {
        term: min(weight, heaviest * min(1.0, sum(map(share, words_of(term)))) ** BY_RARITY)
        for term, weight in index.weights.items()
    }
    length = math.hypot(*sorted(capped.values(), reverse=True)[:HEAVIEST])
    if not length:
        return _Index(starts={}, weights={}, stems={}, length=0.0)
    weights = {term: (weight / length) ** TELLING for term, weight in capped.items()}
    return _Index(starts=index.starts, weights=weights, stems=index.stems, length=1.0)


class _Indexes:
    """The indexes of the topics used last, found by the identity of their terms.

    To hash hundreds of terms for each link costs more than to read the link.
    """

    def __init__(self, made: Callable[[Topic], _Index]) -> None:
        self._made = made
        self._kept: dict[tuple[int, str], tuple[tuple[Term, ...], _Index]] = {}

    def of(self, topic: Topic) -> _Index:
        """The index of a topic."""
        key = (id(topic.terms), topic.language)
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= MOST_INDEXES:
                self._kept.clear()
            # Kept with the terms themselves, so that no others can come to have their id.
            kept = self._kept[key] = (topic.terms, self._made(topic))
        return kept[1]


_FOR_ARTICLES = _Indexes(lambda topic: _index(topic.terms))
_FOR_LINKS = _Indexes(lambda topic: _link_index(topic.terms, topic.language))
