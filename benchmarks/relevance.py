"""What the judge makes of whole articles: scores and decisions, for a scorer.

    python -m benchmarks.relevance STREAM TOPICS --seeds N [--query] --out predictions.jsonl

Writes {topic, id, score, keep} for every topic and article.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.streams import Line, arguments, article_of, lines_of, topics_of, write
from pipelines.relevance import judge


def predictions(stream: Path, topics: Path, seeds: int, *, query: bool = False) -> Iterator[Line]:
    """The verdict on each article of the stream for each topic."""
    articles = {line["id"]: line for line in lines_of(stream)}
    for name, topic in topics_of(topics, articles, seeds, query=query):
        for key, line in articles.items():
            verdict = judge(article_of(line), topic)
            yield {"topic": name, "id": key, "score": verdict.score, "keep": verdict.decision == "keep"}


if __name__ == "__main__":
    asked = arguments(__doc__)
    write(asked.out, predictions(asked.stream, asked.topics, asked.seeds, query=asked.query))
