"""Whether one threshold serves all topics: `keep` chosen on other topics, against the shipped one and the best of each.

    python -m benchmarks.thresholds STREAM TOPICS --seeds N [--query]

Labels are only counted by. Topics that share articles by their `theme`, two events of one kind, are left out together:
no theme has a say in its own threshold.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.streams import arguments, article_of, lines_of, topics_of
from pipelines.relevance import judge
from pipelines.topic import KEEP

GRID = tuple(step / 100 for step in range(5, 96))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A topic's articles, the best first: its theme, how many belong, and each score with whether it does."""

    name: str
    theme: frozenset[str]
    wanted: int
    scores: Sequence[tuple[float, bool]] = field(repr=False)

    def f1(self, threshold: float) -> float:
        """The harmonic mean of precision and recall of what scores as much."""
        kept = [belongs for score, belongs in self.scores if score >= threshold]
        return 2 * sum(kept) / (len(kept) + self.wanted)

    def best(self) -> float:
        """The highest F1 that any threshold gives."""
        return max(self.f1(score) for score, _ in self.scores)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """What the others' threshold makes of a topic that had no say in it."""

    topic: Judged
    threshold: float
    f1: float


def judged(stream: Path, topics: Path, seeds: int, *, query: bool = False) -> Iterator[Judged]:
    """Each topic with its articles; seeds and those to ignore are left out."""
    lines = {line["id"]: line for line in lines_of(stream)}
    articles = {key: article_of(line) for key, line in lines.items()}
    labels = {line["topic"]: line for line in lines_of(topics)}
    for name, topic in topics_of(topics, lines, seeds, query=query):
        skip = {*labels[name]["seeds"], *labels[name].get("ignore", ())}
        wanted = {*labels[name]["relevant"]} - skip
        scores = sorted((judge(articles[key], topic).score, key in wanted) for key in articles.keys() - skip)
        if wanted:
            theme = frozenset(labels[name].get("theme") or [name])
            yield Judged(name=name, theme=theme, wanted=len(wanted), scores=scores[::-1])


def chosen(f1s: Sequence[Mapping[float, float]]) -> float:
    """The threshold with the highest mean F1 of the topics; of equal ones the middle."""
    means = {threshold: sum(f1[threshold] for f1 in f1s) for threshold in GRID}
    highest = [threshold for threshold in GRID if means[threshold] > max(means.values()) - 1e-9]
    return highest[len(highest) // 2]


def held_out(topics: Sequence[Judged]) -> list[HeldOut]:
    """Each topic by the threshold that was chosen on those of other themes."""
    f1s = [{threshold: topic.f1(threshold) for threshold in GRID} for topic in topics]
    found = []
    for topic, f1 in zip(topics, f1s, strict=True):
        threshold = chosen([others for other, others in zip(topics, f1s, strict=True) if not other.theme & topic.theme])
        found.append(HeldOut(topic=topic, threshold=threshold, f1=f1[threshold]))
    return found


def main() -> None:
    """Print a line a topic, and the means."""
    asked = arguments(__doc__, predicts=False)
    topics = list(judged(asked.stream, asked.topics, asked.seeds, query=asked.query))
    if len({topic.theme for topic in topics}) < 2:
        sys.exit("two themes at least are needed, so that one can be left out")
    found = held_out(topics)
    print("topic  threshold of the others, F1 by it; F1 at the shipped one; F1 at its own best")
    for one in found:
        topic = one.topic
        print(f"{topic.name:16} {one.threshold:.2f} {one.f1:.3f}  {topic.f1(KEEP):.3f}  {topic.best():.3f}")
    thresholds = [one.threshold for one in found]
    count = len(found)
    print(f"topics                        {count}")
    print(f"thresholds chosen on others   {min(thresholds):.2f} to {max(thresholds):.2f}")
    print(f"F1 by those                   {sum(one.f1 for one in found) / count:.4f}")
    print(f"F1 at the shipped {KEEP:g}         {sum(topic.f1(KEEP) for topic in topics) / count:.4f}")
    print(f"F1 at each topic's own best   {sum(topic.best() for topic in topics) / count:.4f}")


if __name__ == "__main__":
    main()
