"""Stage 200: bytes to article, in a worker process."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from pipelines.extraction import extract
from pipelines.items import Capture, Rejected
from pipelines.outlinks import follows
from pipelines.stages.admit import Dropped
from pipelines.stages.workers import Workers, cores
from pipelines.topic import load_topic

hurry = object()
"""The signal that gives up every page that is being read; their candidates stay waiting."""


class ExtractPipeline:
    """Read pages in worker processes, under deadline and memory limit."""

    def __init__(self, workers: Workers, *, with_links: bool) -> None:
        self.workers = workers
        self.with_links = with_links

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        workers = Workers(
            extract,
            workers=settings.getint("DOSSIER_EXTRACT_WORKERS") or cores(),
            deadline=settings.getfloat("DOSSIER_EXTRACT_DEADLINE"),
            memory=settings.getint("DOSSIER_EXTRACT_MEMORY_MB") * 1024 * 1024,
            recycle=settings.getint("DOSSIER_EXTRACT_RECYCLE"),
        )
        topic = load_topic(Path(settings["DOSSIER_TOPIC"]))
        stage = cls(workers, with_links=follows(topic, settings.getlist("DOSSIER_CHANNELS")))
        crawler.signals.connect(stage.cancel_open, signal=hurry)
        return stage

    async def process_item(self, capture: Capture) -> Capture:
        """Fill `article`."""
        page = capture.page
        try:
            capture.article = await self.workers.run(
                page.body,
                page.url,
                content_type=page.header("Content-Type"),
                headline=capture.candidate.title,
                announced=capture.candidate.published,
                fetched=page.seen,
                with_links=self.with_links,
            )
        except Rejected as rejected:
            raise Dropped(rejected) from rejected
        return capture

    def cancel_open(self) -> None:
        """Give up every page that is being read or waits for a reader."""
        self.workers.cancel_open()

    def close_spider(self) -> None:
        """End the workers."""
        self.workers.close()
