"""Machines that follow one topic, each with an archive of its own: their pages go through the real stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from scrapy.utils.test import get_crawler

from archive.merging.merge import Merged, Rules, check, merge
from archive.merging.origin import opened
from archive.rows import CandidateRow
from archive.store import Archive
from pipelines.body.furniture import line_hashes, without_furniture
from pipelines.identity import identity
from pipelines.items import Article, Candidate, Capture, Page
from pipelines.relevance import judge
from pipelines.stages.group import GroupPipeline
from pipelines.stages.preserve import PreservePipeline
from pipelines.stages.store import StorePipeline
from pipelines.topic import load_topic

NOON = datetime(2021, 8, 15, 12, tzinfo=UTC)
LATEST = "2030-01-01T00:00:00Z"
TOPIC = """
[thresholds]
keep = 0.4
review = 0.2
[terms]
negotiators = 2
truce = 1
"""


class Machine:
    """One machine and its archive, while it looks at pages; `asks` are the feeds in its topic's file."""

    def __init__(self, folder: Path, asks: Sequence[str] = ()) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        path = folder.parent / f"{folder.name}-topics" / "talks.toml"
        path.parent.mkdir()
        listed = "".join(f'[[sources]]\nchannel = "feeds"\nurl = "{url}"\n' for url in asks)
        path.write_text(TOPIC + listed, encoding="utf-8")
        self.topic = load_topic(path)
        settings = {"DOSSIER_DATA": str(folder), "DOSSIER_TOPIC": str(path), "DOSSIER_STORE_PATIENCE": 0.3}
        crawler = get_crawler(settings_dict=settings)
        self.archive = Archive.shared(folder)
        self.group, self.preserve = GroupPipeline.from_crawler(crawler), PreservePipeline.from_crawler(crawler)
        self.store = StorePipeline.from_crawler(crawler)
        self.topic_id = self.archive.topics.ensure("talks", self.topic.title, self.topic.definition)
        self.source = self.archive.sources.ensure("feeds", f"https://{folder.name}.example/feed", "wire.example")
        self.run = self.archive.runs.start(self.topic_id, "2021-08-15T12:00:00Z")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for stage in (self.store, self.preserve, self.group):
            stage.close_spider()
        self.archive.close()

    def sees(
        self, url: str, body: str, hour: int = 0, *, title: str = "Negotiators take their seats again",
        published: datetime | None = NOON, requested: str = "", redirects: tuple[str, ...] = (), canonical: str = "",
        html: bytes = b"",
    ) -> Capture:  # fmt: skip
        """A page as it leaves the stages, which the machine saw so many hours after noon."""
        asked = requested or url
        at = NOON + timedelta(hours=hour)
        row = CandidateRow(url=asked, host=asked.split("/")[2], title=title)
        self.archive.candidates.note(self.topic_id, self.source, [row], f"{at:%Y-%m-%dT%H:%M:%SZ}")
        (number,) = self.archive.db.execute("SELECT id FROM candidates WHERE url = ?", [asked]).fetchone()
        page = Page(
            url=url, status=200, headers=(("Content-Type", "text/html"),), body=html or f"{title}\n{body}".encode(),
            fetched=at, redirects=redirects,
        )  # fmt: skip
        article = Article(
            title=title, body=body, published=published, canonical=canonical, lines=line_hashes(body), extractor="1"
        )
        known = identity(page, article, asked)
        article = without_furniture(article, self.archive.furniture.shared(known.outlet, article.lines))
        verdict = judge(article, self.topic)
        verdict = replace(verdict, decision="review") if verdict.decision == "drop" else verdict
        capture = Capture(
            candidate=Candidate(url=asked, id=number), page=page, article=article, url=known, verdict=verdict
        )
        return self.store.process_item(self.preserve.process_item(self.group.process_item(capture)))


def joined(into: Path, origins: Sequence[Path], known: Rules, *, dry: bool = False) -> list[Merged]:
    """What came of merging archives into one; as `dossier merge` does it."""
    archive = Archive.open(into)
    found = []
    try:
        for folder in origins:
            with opened(folder, into, LATEST) as origin:
                check(archive, origin, known)
                found.append(merge(archive, origin, known, lambda *_: None, dry=dry))
    finally:
        archive.close()
    return found
