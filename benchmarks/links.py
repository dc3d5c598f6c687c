"""What links promise before any download: scores by title and address alone, for a scorer.

    python -m benchmarks.links STREAM TOPICS --seeds N [--query] --out predictions.jsonl

Writes {topic, id, score} for every topic and article. The text is read of the seeds only.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.streams import Line, arguments, lines_of, topics_of, write
from pipelines.relevance import link_score


def predictions(stream: Path, topics: Path, seeds: int, *, query: bool = False) -> Iterator[Line]:
    """The score of each link of the stream for each topic."""
    articles = {line["id"]: line for line in lines_of(stream)}
    links = [(key, line["title"], line.get("url") or "") for key, line in articles.items()]
    for name, topic in topics_of(topics, articles, seeds, query=query):
        began = time.process_time()
        yield from ({"topic": name, "id": key, "score": link_score(title, url, topic)} for key, title, url in links)
        print(f"{name}: {1e6 * (time.process_time() - began) / len(links):.0f} µs a link", file=sys.stderr)


if __name__ == "__main__":
    asked = arguments(__doc__)
    write(asked.out, predictions(asked.stream, asked.topics, asked.seeds, query=asked.query))
