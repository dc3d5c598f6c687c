"""What answers to review articles are worth: quality of the judge before and after they are learnt.

    python -m benchmarks.learning STREAM TOPICS --answers N [--seeds 1] [--query] [--damping 1,2,3,5,8]

The best N articles between `review` and `keep` are answered by their labels, as `dossier review` shows them, and taken
out of the count. What they teach goes into the topic as `dossier learn` writes it. With `--damping`, each value is
tried, and the one that is best on either half of the topics is shown on the other half.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.streams import article_of, lines_of, topics_of
from pipelines import learning
from pipelines.items import Article, Verdict
from pipelines.learning import Sieve, changes, suspects
from pipelines.relevance import judge
from pipelines.topic import Term, Topic

Figures = tuple[float, float, float, float]
NAMES = ("AP", "F1", "precision", "recall")


def learnt(topic: Topic, confirmed: Sequence[Article], refused: Sequence[Article], kept: Sequence[Article]) -> Topic:
    """The topic with what the answers teach, as the command would write it."""
    found = changes(topic, confirmed, refused)
    weights = {term.text: term.weight for term in topic.terms} | {one.text.casefold(): one.after for one in found}
    sieve = Sieve(suspects(topic, refused, found))
    for article in (*confirmed, *kept):
        sieve.read(article, wanted=True)
    terms = tuple(Term(text=text, weight=weight) for text, weight in weights.items())
    return replace(topic, terms=terms, never=tuple(one.text.casefold() for one in sieve.left()))


def figures(verdicts: Mapping[str, Verdict], wanted: Collection[str]) -> Figures:
    """Average precision by score; F1, precision and recall of what is kept."""
    ranked = sorted(verdicts, key=lambda key: -verdicts[key].score)
    places = [place for place, key in enumerate(ranked, 1) if key in wanted]
    average = sum(number / place for number, place in enumerate(places, 1)) / len(wanted)
    kept = {key for key, verdict in verdicts.items() if verdict.decision == "keep"}
    right = len(kept & {*wanted})
    precision, recall = right / max(1, len(kept)), right / len(wanted)
    return average, 2 * precision * recall / max(precision + recall, 1e-9), precision, recall


def topic_figures(
    topic: Topic, articles: Mapping[str, Article], relevant: set[str], answers: int, dampings: Sequence[float]
) -> tuple[int, list[Figures]] | None:
    """How many answers said yes, and the figures without lessons and with each damping; None where none is asked."""
    verdicts = {key: judge(article, topic) for key, article in articles.items()}
    near = [key for key, verdict in verdicts.items() if verdict.decision == "review"]
    asked = sorted(near, key=lambda key: -verdicts[key].score)[:answers]
    rest = {key: article for key, article in articles.items() if key not in asked}
    wanted = relevant & rest.keys()
    if not asked or not wanted:
        return None
    confirmed = [articles[key] for key in asked if key in relevant]
    refused = [articles[key] for key in asked if key not in relevant]
    found = [figures({key: verdicts[key] for key in rest}, wanted)]
    kept = [article for key, article in rest.items() if verdicts[key].decision == "keep"]
    for damping in dampings:
        learning.AS_SEED = damping  # type: ignore[assignment]  # also half ones may be tried
        after = learnt(topic, confirmed, refused, kept)
        found.append(figures({key: judge(article, after) for key, article in rest.items()}, wanted))
    return len(confirmed), found


def across(found: Sequence[Sequence[Figures]], dampings: Sequence[float]) -> Figures:
    """The mean figures where each half of the topics takes the damping that is best on the other half."""
    shown: list[Figures] = []
    for own, other in ((found[::2], found[1::2]), (found[1::2], found[::2])):
        # Both figures count: the best sum of average precision and F1.
        best = max(range(len(dampings)), key=lambda at: sum(sum(one[at + 1][:2]) for one in other))
        shown += [one[best + 1] for one in own]
    return mean(shown)


def mean(found: Sequence[Figures]) -> Figures:
    """The mean of each figure over topics."""
    average, f1, precision, recall = (sum(column) / len(found) for column in zip(*found, strict=True))
    return average, f1, precision, recall


def told(label: str, found: Figures) -> str:
    return f"{label:22}" + "  ".join(f"{name} {value:.4f}" for name, value in zip(NAMES, found, strict=True))


def main() -> None:
    """Print the mean figures before and after."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", type=Path, metavar="STREAM")
    parser.add_argument("topics", type=Path, metavar="TOPICS")
    parser.add_argument("--answers", type=int, default=3, metavar="N")
    parser.add_argument("--seeds", type=int, default=1, metavar="N")
    parser.add_argument("--query", action="store_true")
    parser.add_argument("--damping", default=str(learning.AS_SEED), metavar="N,...", help="values of AS_SEED to try")
    asked = parser.parse_args()
    dampings = [float(value) for value in asked.damping.split(",")]
    stream = {line["id"]: line for line in lines_of(asked.stream)}
    articles = {key: article_of(line) for key, line in stream.items()}
    labels = {line["topic"]: line for line in lines_of(asked.topics)}
    yes, found = 0, []
    for name, topic in topics_of(asked.topics, stream, asked.seeds, query=asked.query):
        line = labels[name]
        skip = {*line["seeds"], *line.get("ignore", ())}
        known = replace(topic, seeds=tuple(line["seeds"][: asked.seeds]))
        others = {key: article for key, article in articles.items() if key not in skip}
        if one := topic_figures(known, others, {*line["relevant"]} - skip, asked.answers, dampings):
            yes += one[0]
            found.append(one[1])
    if not found:
        raise SystemExit("no topic has an article to review")
    print(f"{len(found)} topics with articles to review, {yes / len(found):.1f} of them confirmed in the mean")
    for at, label in enumerate(("before", *(f"after, damping {value:g}" for value in dampings))):
        print(told(label, mean([one[at] for one in found])))
    if len(dampings) > 1:
        print(told("chosen by halves", across(found, dampings)))


if __name__ == "__main__":
    main()
