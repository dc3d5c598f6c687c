"""Topics and the streams of articles to find them in, as the benchmarks of relevance read them.

STREAM has an article a line: `id`, `title`, `text`, and where known `url`. TOPICS has a topic a line: `topic`, `seeds`
(ids of the stream) and where known `query`. Labels that stand there too are never looked at.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.seeds import Wish, topic_from
from pipelines.items import Article
from pipelines.topic import Topic
from pipelines.witnesses.languages import language_of

Line = Mapping[str, Any]

MADE = datetime(2025, 1, 1, tzinfo=UTC)


def arguments(about: str, *, predicts: bool = True) -> argparse.Namespace:
    """What was asked on the command line: stream, topics, seeds, query; and out, of a benchmark that predicts."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("stream", type=Path, metavar="STREAM", help="articles, .jsonl or .jsonl.gz")
    parser.add_argument("topics", type=Path, metavar="TOPICS", help="topics, .jsonl or .jsonl.gz")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="make a topic from its first N seeds")
    parser.add_argument("--query", action="store_true", help="and from the words of its query, as --term")
    if predicts:
        parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="predictions, .jsonl")
    return parser.parse_args()


def lines_of(path: Path) -> Iterator[Line]:
    """The objects of a file of JSON lines, compressed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def topics_of(path: Path, stream: Mapping[str, Line], seeds: int, *, query: bool) -> Iterator[tuple[str, Topic]]:
    """Each topic with its name, made as `dossier new` makes it from text files and `--term`s."""
    for line in lines_of(path):
        articles = [_seed(stream[seed]) for seed in line["seeds"][:seeds]]
        asked = tuple(dict.fromkeys((line.get("query") or "").split())) if query else ()
        yield line["topic"], topic_from("benchmark", articles, Wish(terms=asked), MADE)


def article_of(line: Line) -> Article:
    """An article of a stream as it would come out of its page: a text that begins with its headline says it once."""
    return Article(title=line["title"], body=line["text"].removeprefix(line["title"]).lstrip())


def write(path: Path, predictions: Iterable[Line]) -> None:
    """Write predictions, one a line."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(prediction) + "\n" for prediction in predictions)


def _seed(line: Line) -> Article:
    return replace(article_of(line), language=language_of("", line["text"]))
