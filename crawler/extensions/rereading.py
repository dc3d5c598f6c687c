"""What `reextract` and `rescore` show while they run: a bar on a terminal, a line where it cannot draw."""

from __future__ import annotations

import asyncio
import sys
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.terminal import is_screen

LIVE_INTERVAL = 0.25  # seconds between two pictures on a terminal
PLAIN_INTERVAL = 10.0  # seconds between two lines in a log


class RereadingExtension:
    """Show how many pages have been read again."""

    what, done, of = "reading again", "reread_pages", "rereadings"
    said = "pages read again"

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.console = Console(stderr=True)
        self.task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("DOSSIER_PROGRESS") or not sys.stderr.isatty():
            raise NotConfigured
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self) -> None:
        """Begin to show."""
        self.task = asyncio.get_running_loop().create_task(self.live() if is_screen(self.console) else self.plain())

    async def closed(self) -> None:
        """Show no more."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def live(self) -> None:
        """A bar that is gone when the run ends: the report follows it."""
        columns = (TextColumn(self.what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task("", total=None)
            while True:
                bar.update(task, completed=self.count(self.done), total=self.count(self.of) or None)
                await asyncio.sleep(LIVE_INTERVAL)

    async def plain(self) -> None:
        """One line now and then."""
        while True:
            await asyncio.sleep(PLAIN_INTERVAL)
            told = f"{self.count(self.done):,} of {self.count(self.of):,} {self.said}"
            print(told, file=sys.stderr, flush=True)

    def count(self, key: str) -> int:
        """One figure of the run so far."""
        return int(self.crawler.stats.get_value(f"dossier/{key}", 0))


class RescoringExtension(RereadingExtension):
    """Show how many articles have been judged again."""

    what, done, of = "judging again", "rescored", "rescorings"
    said = "articles judged again"
