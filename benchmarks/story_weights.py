"""The weights of the copy rule, chosen on stories, and what they are worth on stories that had no say in them.

    python -m benchmarks.story_weights --set DOCS GOLD [--set DOCS GOLD ...] [--folds 5]

Without folds, prints the weights for `pipelines/copies.toml`. With them, the stories of every set are dealt into folds;
for each, weights are chosen on pairs of articles of the other folds, all articles go through the real store with them
(as `benchmarks.stories` does), and the pairs are counted that the fold has a part in; one of two folds counts half.

GOLD has lines {id, cluster}, {dup: [id, id]} and {ignore: [id, id]}; pairs of one cluster that are no dup do not count.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from statistics import mean, stdev

from archive.relations import overlap_of
from archive.stories import RAREST
from benchmarks.logistic import Sample, fitted
from benchmarks.stories import capture_of, clusters, ordered
from benchmarks.streams import Line, lines_of
from pipelines.items import Sketch
from pipelines.similarity import LEAST, RULE, CopyRule, Likeness, Text, Weights, likeness
from pipelines.sketches import sketch
from pipelines.stages.kin import text_of

Pair = tuple[str, str]

NAMES = ("start", "containment", "jaccard", "headline", "lead", "distance", "agency")
MISSED = 2.0
"""False copies that one missed copy of the same outlet is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a set says of its articles: the cluster of each, pairs that are copies, pairs that are not asked for."""

    lines: Sequence[Line]
    cluster: Mapping[str, str]
    copies: frozenset[Pair]
    ignored: frozenset[Pair]

    def label(self, pair: Pair) -> bool | None:
        """Whether a pair is one of copies; None where nobody says."""
        if pair in self.copies:
            return True
        if pair in self.ignored or self.cluster[pair[0]] == self.cluster[pair[1]]:
            return None
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A pair of articles that the archive would compare."""

    pair: Pair
    is_copy: bool
    is_within: bool
    is_dated: bool
    like: Likeness


def told(docs: Path, gold: Path) -> Told:
    """A set as its two files have it."""
    cluster, copies, ignored = {}, set(), set()
    for line in lines_of(gold):
        if "id" in line:
            cluster[line["id"]] = line["cluster"] or f"alone: {line['id']}"
        else:
            (copies if "dup" in line else ignored).add(_pair(*line.get("dup", line.get("ignore"))))
    return Told(lines=list(lines_of(docs)), cluster=cluster, copies=frozenset(copies), ignored=frozenset(ignored))


def compared(some: Told) -> Iterator[Compared]:
    """The pairs that share one of the rarest hashes and enough of the others, but not all words."""
    texts: dict[str, tuple[Text, Sketch]] = {}
    for line in some.lines:
        capture = capture_of(line)
        assert capture.article is not None
        assert capture.url is not None
        drawn = sketch(capture.article.body)
        texts[line["id"]] = (text_of(capture.article, capture.url.outlet, drawn), drawn)
    for pair in sorted(_near(texts)):
        (text, mine), (other, theirs) = (texts[one] for one in pair)
        overlap, label = overlap_of(mine.hashes, theirs.hashes), some.label(pair)
        if label is None or overlap.shared < LEAST or mine.words_hash == theirs.words_hash:
            continue
        yield Compared(
            pair=pair,
            is_copy=label,
            is_within=text.outlet == other.outlet,
            is_dated=text.published is not None and other.published is not None,
            like=likeness(text, other, containment=overlap.containment, jaccard=overlap.jaccard),
        )


def chosen(sets: Sequence[Sequence[Compared]], is_asked: Callable[[Pair], bool] = lambda _: True) -> CopyRule:
    """The rule that pairs choose.

    Across outlets, every set counts the same. Within one, only pairs with dates count, and agencies do not.
    """
    asked = [[one for one in some if is_asked(one.pair)] for some in sets]
    across = [[one for one in some if not one.is_within] for some in asked]
    largest = max(map(len, across))
    weighed = [Sample(one.like.values(), one.is_copy, largest / len(some)) for some in across for one in some]
    within = [
        Sample(replace(one.like, agency=0.0).values(), one.is_copy, MISSED if one.is_copy else 1.0)
        for some in asked
        for one in some
        if one.is_within and one.is_dated
    ]
    return replace(RULE, across=weights_of(fitted(weighed)), within=weights_of(fitted(within)))


def weights_of(numbers: Sequence[float]) -> Weights:
    """Weights from the constant and those of the likenesses, as the data file would have them."""
    return Weights(**{name: round(number, 1) for name, number in zip(NAMES, numbers, strict=True)})


def figures(some: Told, rule: CopyRule, fold: int, folds: Mapping[str, int]) -> dict[str, float]:
    """What the rule is worth on the stories of one fold."""
    groups = defaultdict(list)
    for line in clusters(ordered(some.lines), rule):
        if line["cluster"] is not None:
            groups[line["cluster"]].append(line["id"])
    found = {_pair(*two) for group in groups.values() for two in combinations(group, 2)}
    gold = {pair for pair in some.copies if folds[some.cluster[pair[0]]] == fold}
    words = {line["id"]: line["text"] for line in some.lines}
    other = {pair for pair in gold if words[pair[0]] != words[pair[1]]}
    false = sum(
        sum(folds[some.cluster[one]] == fold for one in pair) / 2 for pair in found if some.label(pair) is False
    )
    articles = sum(folds[some.cluster[line["id"]]] == fold for line in some.lines)
    hits = len(gold & found)
    return {
        "F1": 2 * hits / (hits + false + len(gold)),
        "recall of copies with other words": len(other & found) / max(1, len(other)),
        "false pairs per 1,000 articles": 1000 * false / articles,
    }


def validate(sets: Mapping[str, Told], pairs: Mapping[str, Sequence[Compared]], count: int) -> None:
    """Print the figures of each fold, their mean and their spread."""
    folds: dict[str, int] = {}
    for some in sets.values():
        names = sorted(set(some.cluster.values()))
        random.Random(0).shuffle(names)
        folds |= {name: place % count for place, name in enumerate(names)}
    results = defaultdict(list)
    for fold in range(count):
        out = {key for some in sets.values() for key, cluster in some.cluster.items() if folds[cluster] == fold}
        rule = chosen(list(pairs.values()), lambda pair, out=out: not out.intersection(pair))  # type: ignore[misc]  # mypy infers no lambda of defaults
        print(f"fold {fold}: {toml_of(rule, ' ')}", flush=True)
        for name, some in sets.items():
            for key, value in figures(some, rule, fold, folds).items():
                results[name, key].append(value)
    for (name, key), values in results.items():
        each = ", ".join(f"{value:.3f}" for value in values)
        print(f"{name}, {key}: {mean(values):.3f} (standard deviation {stdev(values):.3f}; {each})")


def toml_of(rule: CopyRule, end: str = "\n") -> str:
    """The weights of a rule as they stand in its file."""
    tables = (("across", rule.across), ("within", rule.within))
    return end.join(
        f"[{table}]{end}" + end.join(f"{name} = {getattr(weights, name):.1f}" for name in NAMES)
        for table, weights in tables
    )


def _near(texts: Mapping[str, tuple[Text, Sketch]]) -> set[Pair]:
    """Pairs of which one has one of the rarest hashes of the other."""
    rarest = defaultdict(list)
    for key, (_, drawn) in texts.items():
        for number in drawn.hashes[:RAREST]:
            rarest[number].append(key)
    return {
        _pair(key, other)
        for key, (_, drawn) in texts.items()
        for number in drawn.hashes
        for other in rarest.get(number, ())
        if other != key
    }


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def _named(asked: Iterable[Sequence[Path]]) -> dict[str, Told]:
    return {docs.name.partition("_")[0]: told(docs, gold) for docs, gold in asked}


def main() -> None:
    """Choose weights, or validate the choice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", nargs=2, type=Path, action="append", required=True, metavar=("DOCS", "GOLD"))
    parser.add_argument("--folds", type=int, metavar="K")
    asked = parser.parse_args()
    sets = _named(asked.set)
    pairs = {name: list(compared(some)) for name, some in sets.items()}
    if asked.folds:
        validate(sets, pairs, asked.folds)
    else:
        print(toml_of(chosen(list(pairs.values()))))


if __name__ == "__main__":
    main()
