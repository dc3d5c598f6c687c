"""What ordering by meaning is worth among the articles that are to be reviewed.

    python -m benchmarks.meaning STREAM TOPICS --seeds N [--query]

For each topic: the average precision of its review band by score alone, and by score and nearness to the best kept
articles. Bands of one kind only have no order to be measured. It needs the extra `semantic`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from time import process_time

from benchmarks.streams import Line, article_of, lines_of, topics_of
from pipelines.items import Verdict
from pipelines.meaning import REFERENCES, Meaning, reranked
from pipelines.relevance import judge
from pipelines.topic import Topic


def average_precision(order: Sequence[str], wanted: Collection[str]) -> float:
    """The mean precision at each of the wanted."""
    found, total = 0, 0.0
    for place, key in enumerate(order, 1):
        if key in wanted:
            found += 1
            total += found / place
    return total / len(wanted)


def text_of(line: Line) -> str:
    """Headline and text, as the command gives them."""
    article = article_of(line)
    return f"{article.title}\n{article.body}"


def band_of(verdicts: Mapping[str, Verdict], decision: str) -> list[str]:
    """The articles of one decision, best score first."""
    keys = [key for key, verdict in verdicts.items() if verdict.decision == decision]
    return sorted(keys, key=lambda key: (-verdicts[key].score, key))


def measured(
    topic: Topic, stream: Mapping[str, Line], label: Line, meaning: Meaning
) -> tuple[float, float, int, float] | None:
    """Average precision by score and by meaning, articles read, CPU seconds; None where there is no order."""
    skip = {*label["seeds"], *label.get("ignore", ())}
    verdicts = {key: judge(article_of(line), topic) for key, line in stream.items() if key not in skip}
    band, kept = band_of(verdicts, "review"), band_of(verdicts, "keep")[:REFERENCES]
    wanted = set(label["relevant"]) & set(band)
    if not wanted or len(wanted) == len(band):
        return None
    began = process_time()
    near = meaning.nearness([text_of(stream[key]) for key in band], [text_of(stream[key]) for key in kept])
    spent = process_time() - began
    order = [band[place] for place in reranked([verdicts[key].score for key in band], near)]
    return average_precision(band, wanted), average_precision(order, wanted), len(band) + len(kept), spent


def main() -> None:
    """Print the means over topics."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stream", type=Path, metavar="STREAM")
    parser.add_argument("topics", type=Path, metavar="TOPICS")
    parser.add_argument("--seeds", type=int, default=1, metavar="N")
    parser.add_argument("--query", action="store_true")
    asked = parser.parse_args()
    stream = {line["id"]: line for line in lines_of(asked.stream)}
    labels = {line["topic"]: line for line in lines_of(asked.topics)}
    meaning = Meaning()
    topics = topics_of(asked.topics, stream, asked.seeds, query=asked.query)
    figures = [found for name, topic in topics if (found := measured(topic, stream, labels[name], meaning))]
    if not figures:
        sys.exit("no topic has a review band with wanted and unwanted articles")
    by_score, by_meaning, read, spent = (sum(column) for column in zip(*figures, strict=True))
    better = sum(after > before for before, after, *_ in figures)
    worse = sum(after < before for before, after, *_ in figures)
    print(f"{len(figures)} topics: average precision of the review band {by_score / len(figures):.3f} by score,")
    print(f"{by_meaning / len(figures):.3f} by score and meaning ({better} better, {worse} worse)")
    print(f"{spent / read * 1000:.2f} ms of CPU an article")


if __name__ == "__main__":
    main()
