"""Stage 300: which article a page is."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.store import Archive, StoreError
from pipelines.identity import identity
from pipelines.items import Capture
from pipelines.stages.failure import store_failed


class IdentifyPipeline:
    """Give a capture its canonical URL, outlet and aliases, once the archive can take it.

    This is the last stage that awaits: the stages after it are synchronous, and Scrapy runs them without giving way to
    another capture, so what they read of the archive still holds when they write.
    """

    def __init__(self, crawler: Crawler, archive: Archive, patience: float) -> None:
        self.crawler = crawler
        self.archive = archive
        self.patience = patience

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        archive = Archive.shared(Path(settings["DOSSIER_DATA"]))
        return cls(crawler, archive, settings.getfloat("DOSSIER_STORE_PATIENCE"))

    async def process_item(self, capture: Capture) -> Capture:
        """Fill `url`."""
        assert capture.article is not None
        capture.url = identity(capture.page, capture.article, capture.candidate.url)
        try:
            await self.archive.writable(self.patience, self.is_stopping)
        except StoreError as error:
            raise store_failed(self.crawler, error) from error
        return capture

    def is_stopping(self) -> bool:
        """Whether the run was asked to end: then nobody waits for another writer."""
        return not self.crawler.crawling

    def close_spider(self) -> None:
        """Give the archive back."""
        self.archive.close()
