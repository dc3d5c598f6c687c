"""A crawl that is asked to stop does so within ten seconds."""

from __future__ import annotations

import asyncio
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.misc import load_object

from crawler.handlers import hurry as hurry_downloads

LOOK = 0.25  # seconds between two looks
STAGE_HURRY = "pipelines.stages.extract.hurry"  # stages are named by string: nobody imports them


class StopExtension:
    """Give open downloads and extractions a moment to finish, then cancel them; their candidates stay waiting.

    A run ends so on SIGINT or SIGTERM, when the archive takes no more, and at the memory limit.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.grace = crawler.settings.getfloat("DOSSIER_STOP_GRACE")
        self.watch: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self) -> None:
        """Begin to watch."""
        self.watch = asyncio.get_running_loop().create_task(self.look())

    def closed(self) -> None:
        """The run is over: no more watching."""
        if self.watch is not None:
            self.watch.cancel()

    async def look(self) -> None:
        """Wait for the end to be asked for, then for the grace to run out, then hurry everything that is open."""
        while not self.ending():  # noqa: ASYNC110 - Scrapy has no event for it: it has to be looked at
            await asyncio.sleep(LOOK)
        close = self.store_failed() or self.memory_full()
        if close and self.crawler.crawling:
            self.closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason=close))
        await asyncio.sleep(self.grace)
        hurry_readers = load_object(STAGE_HURRY)
        while True:
            self.crawler.signals.send_catch_log(hurry_downloads)
            self.crawler.signals.send_catch_log(hurry_readers)
            await asyncio.sleep(LOOK)

    def ending(self) -> bool:
        """Whether the run was asked to end, by whomever."""
        return not self.crawler.crawling or bool(self.store_failed() or self.memory_full())

    def store_failed(self) -> str:
        """The closing reason, where the archive takes no more."""
        return "store_failed" if self.crawler.stats.get_value("dossier/store_failed") else ""

    def memory_full(self) -> str:
        """The closing reason, where the memory limit was reached."""
        return "memusage_exceeded" if self.crawler.stats.get_value("memusage/limit_reached") else ""
