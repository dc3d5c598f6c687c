from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from scrapy.crawler import Crawler

from archive.store import Archive
from pipelines.items import Capture
from pipelines.stages.admit import Dropped
from pipelines.stages.identify import IdentifyPipeline

Make = Callable[..., Capture]


@pytest.fixture
def stage(crawler: Crawler) -> Iterator[IdentifyPipeline]:
    opened = IdentifyPipeline.from_crawler(crawler)
    yield opened
    opened.close_spider()


@pytest.fixture
def other_writer(archive: Archive) -> Iterator[sqlite3.Connection]:
    """Another program that has begun to write and does not end."""
    with closing(sqlite3.connect(archive.path)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def test_a_capture_gets_its_canonical_url_outlet_and_aliases(make: Make, stage: IdentifyPipeline) -> None:
    capture = make("https://www.courier.example/a/talks-resume-in-doha-today?ref=rss", requested="https://t.example/x")
    capture.url = None
    found = asyncio.run(stage.process_item(capture)).url
    assert found is not None
    assert found.outlet == "courier.example"
    assert [kind for _, kind in found.aliases] == ["requested", "canonical"]


def test_while_another_program_writes_a_capture_waits(
    make: Make, stage: IdentifyPipeline, other_writer: sqlite3.Connection, crawler: Crawler
) -> None:
    stage.patience, crawler.crawling = 20, True
    capture = capture_of(make, other_writer)

    async def release() -> None:
        await asyncio.sleep(0.05)
        assert capture.url is None or other_writer.in_transaction
        other_writer.rollback()

    async def both() -> Capture:
        found, _ = await asyncio.gather(stage.process_item(capture), release())
        return found

    assert asyncio.run(both()) is capture


def test_a_run_that_is_asked_to_stop_does_not_wait(
    make: Make, stage: IdentifyPipeline, other_writer: sqlite3.Connection
) -> None:
    stage.patience = 3600
    with pytest.raises(Dropped):
        asyncio.run(stage.process_item(capture_of(make, other_writer)))


def capture_of(make: Make, other_writer: sqlite3.Connection) -> Capture:
    """A capture made while the other writer lets go for a moment."""
    other_writer.rollback()
    capture = make()
    other_writer.execute("BEGIN IMMEDIATE")
    return capture


def test_when_patience_ends_the_candidate_stays_waiting_and_the_run_says_why(
    make: Make, stage: IdentifyPipeline, other_writer: sqlite3.Connection, crawler: Crawler
) -> None:
    with pytest.raises(Dropped, match="locked") as caught:
        asyncio.run(stage.process_item(capture_of(make, other_writer)))
    assert caught.value.rejected.state == "waiting"
    assert "news.db" in str(crawler.stats.get_value("dossier/store_failed"))
