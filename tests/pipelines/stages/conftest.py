"""A real archive, a crawler that is not running, and captures as they leave the judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from archive.rows import CandidateRow
from archive.store import Archive
from pipelines.identity import identity
from pipelines.items import Article, Candidate, Capture, Page, Verdict
from pipelines.stages.group import GroupPipeline
from pipelines.stages.preserve import PreservePipeline
from pipelines.stages.store import StorePipeline

NOON = datetime(2021, 8, 15, 12, tzinfo=UTC)
URL = "https://courier.example/world/negotiators-take-their-seats-again"
BODY = """Negotiators from both sides took their seats again on Sunday, after a pause of eight days that had left
the hosts wondering whether the talks would go on at all. Nobody spoke to the reporters who waited in the heat outside,
and the delegations left by separate doors before midnight. A spokesman for the hosts said that the agenda had two
points, a truce for the holiday and the exchange of prisoners, and that a third would be added if the first two were
settled by the end of the week. Diplomats who follow the process had expected less. In the provinces, meanwhile, the
roads to three district centres stayed shut, and traders in the bazaar counted the days until the border would open."""


@pytest.fixture
def topic(tmp_path: Path) -> Path:
    path = tmp_path / "talks.toml"
    path.write_text("[thresholds]\nkeep = 0\nreview = 0\n", encoding="utf-8")
    return path


@pytest.fixture
def crawler(tmp_path: Path, topic: Path) -> Crawler:
    return get_crawler(
        settings_dict={
            "DOSSIER_DATA": str(tmp_path / "data"),
            "DOSSIER_TOPIC": str(topic),
            "DOSSIER_STORE_PATIENCE": 0.3,
        }
    )


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.shared(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def make(archive: Archive) -> Callable[..., Capture]:
    """A capture as it leaves the judge, with its candidate in the archive."""
    topic_id = archive.topics.ensure("talks", "", "")
    source = archive.sources.ensure("feeds", "https://courier.example/feed", "courier.example")

    def made(
        url: str = URL,
        *,
        title: str = "Negotiators take their seats again",
        body: str = BODY,
        published: datetime = NOON,
        canonical: str = "",
        requested: str = "",
        redirects: tuple[str, ...] = (),
        html: bytes = b"<html>",
        status: int = 200,
        decision: str = "keep",
    ) -> Capture:
        asked = requested or url
        archive.candidates.note(
            topic_id, source, [CandidateRow(url=asked, host="courier.example")], "2021-08-15T12:00:00Z"
        )
        (number,) = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [asked]).fetchone()
        headers = (("Content-Type", "text/html"),)
        page = Page(url=url, status=status, headers=headers, body=html, fetched=NOON, redirects=redirects)
        article = Article(title=title, body=body, published=published, canonical=canonical)
        return Capture(
            candidate=Candidate(url=asked, id=number),
            page=page,
            article=article,
            url=identity(page, article, asked),
            verdict=Verdict(score=0.9, decision=decision),  # type: ignore[arg-type]  # tests name one of the three
        )

    return made


@pytest.fixture
def group(crawler: Crawler) -> Iterator[GroupPipeline]:
    stage = GroupPipeline.from_crawler(crawler)
    yield stage
    stage.close_spider()


@pytest.fixture
def keep(crawler: Crawler, group: GroupPipeline) -> Iterator[Callable[[Capture], Capture]]:
    """Send a capture through the rest of its journey: group, preserve, store."""
    preserve, store = PreservePipeline.from_crawler(crawler), StorePipeline.from_crawler(crawler)

    def kept(capture: Capture) -> Capture:
        return store.process_item(preserve.process_item(group.process_item(capture)))

    yield kept
    preserve.close_spider()
    store.close_spider()
