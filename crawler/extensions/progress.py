"""What a crawl shows while it runs: a live table on a terminal, or a line now and then on one that cannot draw."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.terminal import is_screen
from pipelines.topic import load_topic

LIVE_INTERVAL = 0.25  # seconds between two pictures on a terminal
PLAIN_INTERVAL = 10.0  # seconds between two lines in a log
HOSTS_SHOWN = 6

FIGURES = (
    ("answers", "dossier/answers", "of feeds, lists and services"),
    ("found", "dossier/found", "links not seen before"),
    ("fetched", "dossier/fetched", "pages that came back"),
    ("kept", "dossier/outcome/stored", "articles stored"),
    ("unchanged", "dossier/outcome/unchanged", "known, and the same"),
    ("off topic", "dossier/outcome/off-topic", "read and left"),
    ("copies", "dossier/copies", "of stories already here"),
    ("no article", "dossier/outcome/not-an-article", "lists, walls, gone"),
    ("refused", "dossier/outcome/refused", "by robots or our guards"),
    ("failed", "dossier/outcome/failed", "asked again later"),
)


class ProgressExtension:
    """Show the run's figures and which hosts it waits for."""

    def __init__(self, crawler: Crawler, console: Console, title: str) -> None:
        self.crawler = crawler
        self.title = title
        self.console = console
        self.began = monotonic()
        self.task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        if not crawler.settings.getbool("DOSSIER_PROGRESS") or not sys.stderr.isatty():
            raise NotConfigured
        topic = load_topic(Path(crawler.settings["DOSSIER_TOPIC"]))
        extension = cls(crawler, Console(stderr=True), topic.title or topic.name)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        crawler.signals.connect(extension.closed, signal=signals.spider_closed)
        return extension

    def opened(self) -> None:
        """Begin to show."""
        show = self.live if is_screen(self.console) else self.plain
        self.task = asyncio.get_running_loop().create_task(show())

    async def closed(self) -> None:
        """Show no more."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)

    async def live(self) -> None:
        """A table that is drawn again and again, and gone when the run ends: the summary follows it."""
        with Live(console=self.console, auto_refresh=False, transient=True) as picture:
            while True:
                picture.update(self.picture(), refresh=True)
                await asyncio.sleep(LIVE_INTERVAL)

    async def plain(self) -> None:
        """One line now and then."""
        while True:
            await asyncio.sleep(PLAIN_INTERVAL)
            figures = ", ".join(f"{self.count(key)} {name}" for name, key, _ in FIGURES if self.count(key))
            print(f"{self.elapsed()}  {figures or 'asking the sources'}", file=sys.stderr, flush=True)

    def picture(self) -> Group:
        """Title, figures and hosts, as rich draws them."""
        return Group(self.heading(), figures_table(self.crawler.stats.get_stats()), self.hosts_table())

    def heading(self) -> Text:
        """What is followed, and for how long already."""
        ending = "" if self.crawler.crawling else "   stopping; everything is kept"
        return Text.assemble(("● ", "green"), (self.title, "bold"), (f"   {self.elapsed()}{ending}", "dim"))

    def hosts_table(self) -> Table:
        """The hosts with most requests in their queues, and the pause each asks for."""
        table = Table.grid(padding=(0, 2))
        slots = self.crawler.engine.downloader.slots
        busy = sorted(((len(slot.active), name) for name, slot in slots.items() if slot.active), reverse=True)
        for waiting, name in busy[:HOSTS_SHOWN]:
            table.add_row(
                Text(f"  {name}", "cyan"), f"{waiting} waiting", Text(f"{slots[name].delay:.1f} s apart", "dim")
            )
        if len(busy) > HOSTS_SHOWN:
            table.add_row(Text(f"  and {len(busy) - HOSTS_SHOWN} more hosts", "dim"))
        return table

    def count(self, key: str) -> int:
        """One figure of the run so far."""
        return int(self.crawler.stats.get_value(key, 0))

    def elapsed(self) -> str:
        """Minutes and seconds since the run began."""
        minutes, seconds = divmod(int(monotonic() - self.began), 60)
        return f"{minutes}:{seconds:02d}"


def figures_table(stats: Mapping[str, Any]) -> Table:
    """The run's figures, one a row, with a word on what each means."""
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold")
    for name, key, meaning in FIGURES:
        table.add_row(str(stats.get(key, 0)), name, Text(meaning, "dim"))
    return table
