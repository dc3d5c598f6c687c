"""What the judge makes of whole articles: scores and decisions, for a scorer.

    python -m benchmarks.relevance STREAM TOPICS --seeds N [--query] --out predictions.jsonl

Writes {topic, id, score, keep} for every topic and article, and says what an article costs.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.streams import Line, arguments, article_of, lines_of, topics_of, write
from pipelines.items import Article
from pipelines.relevance import judge
from pipelines.sketches import sketch
from pipelines.topic import Topic
from pipelines.words import words_of


def predictions(stream: Path, topics: Path, seeds: int, *, query: bool = False) -> Iterator[Line]:
    """The verdict on each article of the stream for each topic."""
    lines = {line["id"]: line for line in lines_of(stream)}
    articles = {key: article_of(line) for key, line in lines.items()}
    last: Topic | None = None
    for name, topic in topics_of(topics, lines, seeds, query=query):
        last = topic
        for key, article in articles.items():
            verdict = judge(article, topic)
            yield {"topic": name, "id": key, "score": verdict.score, "keep": verdict.decision == "keep"}
    if last:
        print(costs([*articles.values()], last), file=sys.stderr)


def costs(articles: Sequence[Article], topic: Topic) -> str:
    """What an article costs in processor time, beside the plainest cutting into words that Python has."""
    plain = re.compile(r"\w+")

    def cost(work: Callable[[Article], object]) -> float:
        began = time.process_time()
        for article in articles:
            work(article)
        return 1e3 * (time.process_time() - began) / len(articles)

    found = {
        "judged and sketched": cost(lambda article: (judge(article, topic), sketch(article.body))),
        "judged": cost(lambda article: judge(article, topic)),
        "of it its words": cost(lambda article: words_of(article.body)),
        "sketched for grouping": cost(lambda article: sketch(article.body)),
        "baseline, \\w+ alone": cost(lambda article: plain.findall(article.body.casefold())),
    }
    told = ", ".join(f"{what} {milliseconds:.3f}" for what, milliseconds in found.items())
    return f"CPU ms an article of {sum(len(one.body) for one in articles) // len(articles)} characters: {told}"


if __name__ == "__main__":
    asked = arguments(__doc__)
    write(asked.out, predictions(asked.stream, asked.topics, asked.seeds, query=asked.query))
