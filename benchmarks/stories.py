"""Which articles of a stream carry one text, as the archive groups them, for a scorer.

    python -m benchmarks.stories DOCS --out predictions.jsonl [--shuffle SEED]

DOCS has an article a line: `id`, `title`, `text`, and where known `site`, `url`, `date`. They come in one at a time, in
order of date (one without keeps its place in the file), or shuffled; pass the stages that group and the real store,
which is closed and opened again half way; and the stories are read from its database at the end. Nothing else is read.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from scrapy import Spider
from scrapy.crawler import Crawler

from archive.rows import CandidateRow
from archive.store import Archive, StoreError
from benchmarks.streams import Line, article_of, lines_of, write
from pipelines.identity import identity
from pipelines.items import Article, Candidate, Capture, Page, Verdict
from pipelines.similarity import RULE, CopyRule
from pipelines.sketches import sketch
from pipelines.stages.group import GroupPipeline
from pipelines.stages.store import outcome_of, rows_of
from pipelines.urls import host_of
from pipelines.wires import credit_of
from pipelines.words import words_of

NOW = datetime(2025, 1, 1, tzinfo=UTC)
NOW_TEXT = "2025-01-01T00:00:00Z"
TOGETHER = 5.0  # seconds in which commits are shared; a crawl shares them too
FORMATS = ("%Y-%m-%d-%H-%M-%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")


@dataclass(slots=True)
class Cost:
    """CPU seconds of what grouping takes, and of its baseline, over all articles."""

    articles: int = 0
    words: float = 0.0
    sketching: float = 0.0
    grouping: float = 0.0
    storing: float = 0.0

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Put down the time of what is done inside."""
        began = time.process_time()
        yield
        setattr(self, name, getattr(self, name) + time.process_time() - began)

    def told(self) -> str:
        """The figures in a line, milliseconds an article."""
        names = ("words", "sketching", "grouping", "storing")
        each = {name: 1000 * getattr(self, name) / max(1, self.articles) for name in names}
        return (
            f"{self.articles} articles; CPU ms an article: words_of alone {each['words']:.3f}, sketch (words included)"
            f" {each['sketching']:.3f}, group (sketch included) {each['grouping']:.3f}, store {each['storing']:.3f}"
        )


def ordered(lines: Sequence[Line], shuffle: int | None = None) -> list[Line]:
    """The articles in the order in which they come in."""
    if shuffle is not None:
        return random.Random(shuffle).sample(lines, len(lines))
    dated = iter(sorted((line for line in lines if when(line)), key=lambda line: str(when(line))))
    return [next(dated) if when(line) else line for line in lines]


def when(line: Line) -> datetime | None:
    """When an article appeared, if it says so in a form that is known."""
    for form in FORMATS:
        try:
            return datetime.strptime(line.get("date") or "", form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def capture_of(line: Line) -> Capture:
    """An article of a stream as it leaves the judge."""
    url = line.get("url") or f"https://{line['site']}/{quote(line['id'], safe='/:')}"
    plain = article_of(line)
    paragraphs = [paragraph.strip() for paragraph in plain.body.split("\n") if paragraph.strip()]
    credit = credit_of(paragraphs, host_of(url))
    article = replace(
        plain,
        body="\n".join(paragraphs),
        published=when(line),
        wire=credit.agency,
        is_agency=credit.is_own,
    )
    page = Page(url=url, status=200, headers=(), body=b"", fetched=NOW)
    return Capture(
        candidate=Candidate(url=url),
        page=page,
        article=article,
        url=identity(page, article, url),
        verdict=Verdict(score=1.0, decision="keep"),
    )


def fill(archive: Archive, lines: Sequence[Line], rule: CopyRule, cost: Cost) -> dict[str, str]:
    """Put articles into an archive; the address of each id."""
    group = GroupPipeline(Crawler(Spider), archive, rule)
    topic = archive.topics.ensure("stories", "", "")
    source = archive.sources.ensure("feeds", "https://feed.example/", "feed.example")
    urls = {}
    for line in lines:
        capture = capture_of(line)
        assert isinstance(capture.article, Article)
        assert capture.url is not None
        cost.articles += 1
        with cost.timed("words"):
            words_of(capture.article.body)
        with cost.timed("sketching"):
            sketch(capture.article.body)
        with cost.timed("grouping"):
            group.process_item(capture)
        with archive.writing():
            url = capture.candidate.url
            archive.candidates.note(topic, source, [CandidateRow(url=url, host=host_of(url))], NOW_TEXT)
            (number,) = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()
            capture.candidate = replace(capture.candidate, id=number)
            rows = rows_of(capture, outcome_of(capture), topic)
            with cost.timed("storing"):
                archive.articles.store(rows, NOW_TEXT)
        urls[line["id"]] = capture.url.url
    return urls


def clusters(lines: Sequence[Line], rule: CopyRule = RULE, cost: Cost | None = None) -> Iterator[Line]:
    """The story of each article, None where it is alone, after all have come in, in their order."""
    cost = cost or Cost()
    with tempfile.TemporaryDirectory() as folder:
        urls: dict[str, str] = {}
        half = len(lines) // 2
        for part in (lines[:half], lines[half:]):
            urls |= asyncio.run(_filled(Path(folder), part, rule, cost))
        archive = Archive.open(Path(folder))
        query = "SELECT url, story_id FROM articles JOIN stories ON stories.id = story_id WHERE size > 1"
        stories = dict(archive.db.execute(query).fetchall())
        archive.close()
    yield from ({"id": line["id"], "cluster": stories.get(urls[line["id"]])} for line in lines)


async def _filled(folder: Path, lines: Sequence[Line], rule: CopyRule, cost: Cost) -> dict[str, str]:
    archive = Archive.open(folder)
    archive.transactions.together(TOGETHER, _failed)
    try:
        return fill(archive, lines, rule, cost)
    finally:
        archive.close()


def _failed(error: StoreError) -> None:
    raise error


def main() -> None:
    """Write the stories of a stream."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("docs", type=Path, metavar="DOCS", help="articles, .jsonl or .jsonl.gz")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="predictions, .jsonl")
    parser.add_argument("--shuffle", type=int, metavar="SEED", help="let them come in any order")
    asked = parser.parse_args()
    cost = Cost()
    write(asked.out, clusters(ordered(list(lines_of(asked.docs)), asked.shuffle), RULE, cost))
    print(cost.told(), file=sys.stderr)


if __name__ == "__main__":
    main()
