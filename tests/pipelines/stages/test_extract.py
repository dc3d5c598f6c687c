from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from pipelines.items import Candidate, Capture, Page
from pipelines.stages.admit import Dropped
from pipelines.stages.extract import ExtractPipeline, hurry

NOON = datetime(2021, 8, 15, 12, tzinfo=UTC)
TEXT = "Negotiators from both sides took their seats again on Sunday, after a pause of eight days, and stayed late."


@pytest.fixture
def reading(topic: Path) -> Crawler:
    return get_crawler(
        settings_dict={
            "DOSSIER_TOPIC": str(topic),
            "DOSSIER_EXTRACT_WORKERS": 1,
            "DOSSIER_EXTRACT_DEADLINE": 60.0,
            "DOSSIER_EXTRACT_MEMORY_MB": 1024,
            "DOSSIER_EXTRACT_RECYCLE": 500,
        }
    )


@pytest.fixture
def stage(reading: Crawler) -> Iterator[ExtractPipeline]:
    made = ExtractPipeline.from_crawler(reading)
    yield made
    made.close_spider()


def captured(body: bytes, kind: str = "text/html") -> Capture:
    page = Page(url="https://courier.example/1", status=200, headers=(("Content-Type", kind),), body=body, fetched=NOON)
    return Capture(candidate=Candidate(url=page.url, title="Seats are taken again", published=NOON), page=page)


def test_a_page_becomes_an_article_with_what_header_and_feed_know(stage: ExtractPipeline) -> None:
    body = f"<html><body><article>{f'<p>{TEXT} Für und wider.</p>' * 4}</article></body></html>".encode("cp1252")
    capture = asyncio.run(stage.process_item(captured(body, "text/html; charset=windows-1252")))
    assert capture.article is not None
    assert "Für und wider" in capture.article.body
    assert (capture.article.title, capture.article.published) == ("Seats are taken again", NOON)


def test_a_page_without_an_article_is_dropped_with_its_reason(stage: ExtractPipeline) -> None:
    with pytest.raises(Dropped) as caught:
        asyncio.run(stage.process_item(captured(b"<html><body></body></html>")))
    assert caught.value.rejected.reason == "there is no text of an article in it"
    assert caught.value.log_level == "DEBUG"


def test_a_stop_leaves_what_is_being_read_waiting(reading: Crawler, stage: ExtractPipeline) -> None:
    heavy = b"<html><body><article>" + b"<p>A line of a page that takes long to read.</p>" * 45_000

    async def run() -> Dropped:
        task = asyncio.ensure_future(stage.process_item(captured(heavy)))
        while not stage.workers.pids():  # noqa: ASYNC110 - a process's start is no event of the loop
            await asyncio.sleep(0.01)
        reading.signals.send_catch_log(hurry)
        with pytest.raises(Dropped) as caught:
            await task
        return caught.value

    dropped = asyncio.run(run())
    assert (dropped.rejected.reason, dropped.rejected.state) == ("stopped before it was read", "waiting")


@pytest.mark.parametrize(("sources", "wanted"), [("[]", 0), ('[{ channel = "outlinks" }]', 1)], ids=["no", "yes"])
def test_links_are_looked_for_only_where_the_topic_wants_them(
    topic: Path, reading: Crawler, sources: str, wanted: int
) -> None:
    topic.write_text(f"sources = {sources}\n{topic.read_text(encoding='utf-8')}", encoding="utf-8")
    linked = TEXT.replace("seats again", "<a href='https://echo.example/2019/01/29/talks'>seats again</a>")
    body = f"<html><body><article><h1>Seats</h1>{f'<p>{linked} {TEXT}</p>' * 3}</article></body></html>".encode()
    stage = ExtractPipeline.from_crawler(reading)
    capture = asyncio.run(stage.process_item(captured(body)))
    stage.close_spider()
    assert capture.article is not None
    assert len(capture.article.links) == wanted
