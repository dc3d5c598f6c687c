"""One crawl at a time per archive."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler

from archive.lock import CrawlLock


class LockExtension:
    """Hold the archive's lock from before the first write until after the last."""

    def __init__(self, lock: CrawlLock) -> None:
        self.lock = lock

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        lock = CrawlLock(Path(crawler.settings["DOSSIER_DATA"]))
        lock.take()
        extension = cls(lock)
        crawler.signals.connect(extension.release, signal=signals.engine_stopped)
        return extension

    def release(self) -> None:
        """Let the next crawl in."""
        self.lock.release()
