"""Articles that are stored within a moment of each other share one commit: each of them waits for the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archive.store import Archive, StoreError


class CommitsExtension:
    """Let the archive commit together what comes together, and end the run where it cannot."""

    def __init__(self, crawler: Crawler, archive: Archive, seconds: float) -> None:
        self.crawler = crawler
        self.archive = archive
        self.seconds = seconds

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        seconds = crawler.settings.getfloat("DOSSIER_COMMIT_SECONDS")
        if not seconds:
            raise NotConfigured
        extension = cls(crawler, Archive.shared(Path(crawler.settings["DOSSIER_DATA"])), seconds)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self) -> None:
        """Begin to commit together."""
        self.archive.transactions.together(self.seconds, self.failed)

    def failed(self, error: StoreError) -> None:
        """The disk refused: none of what was held is in the archive, and its candidates still wait."""
        self.crawler.stats.set_value("dossier/store_failed", str(error))

    def closed(self) -> None:
        """Commit what is held, and from now on each by itself."""
        self.archive.transactions.together(0.0, self.failed)
        try:
            self.archive.transactions.flush()
        except StoreError as error:
            self.failed(error)
        self.archive.close()
