"""The spider of our own WARC files: every article's kept bytes once more through extraction, without the network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from archive.rows import Reading
from archive.store import Archive, StoreError
from archive.warc import read_record
from crawler.outcomes import fault_of
from crawler.times import moment_of
from pipelines.items import Candidate, Capture, Rejected
from pipelines.kept import kept_page

UNDER_WAY = 8  # pages between the files and the archive at a time
TOLD = 10  # pages that could not be read again, that are named
SETTLED = 0.05  # seconds after the end of a page until Scrapy no longer counts it


class ReplaySpider(Spider):
    """Read the articles of an archive again, in the order of their dates; `since` is an ISO day, `outlet` a domain.

    What several articles of an outlet share is known for certain only when all have been read: those for which it is
    another than it was when their turn came are then read once more.
    """

    name = "replay"
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - Scrapy's own name and type for it
        "ITEM_PIPELINES": {
            "pipelines.stages.extract.ExtractPipeline": 200,
            "pipelines.stages.refresh.RefreshPipeline": 300,
        },
        "EXTENSIONS": {
            "scrapy.extensions.throttle.AutoThrottle": None,
            "crawler.extensions.lock.LockExtension": 1,
            "crawler.extensions.commits.CommitsExtension": 50,
            "crawler.extensions.stop.StopExtension": 200,
            "crawler.extensions.rereading.RereadingExtension": 300,
        },
    }

    def __init__(self, crawler: Crawler, archive: Archive, since: str = "", outlet: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set_crawler(crawler)
        self.archive = archive
        self.since = since
        self.outlet = outlet
        self.room = asyncio.Semaphore(UNDER_WAY)
        self.unreadable: set[int] = set()
        self.unread: list[tuple[str, str]] = []
        for end, signal in (
            (self.done, signals.item_scraped),
            (self.dropped, signals.item_dropped),
            (self.broken, signals.item_error),
            (self.finish, signals.spider_closed),
        ):
            crawler.signals.connect(end, signal=signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        return cls(crawler, Archive.shared(Path(crawler.settings["DOSSIER_DATA"])), *args, **kwargs)

    async def start(self) -> AsyncIterator[Capture]:
        """The kept page of each chosen article, and of some once more."""
        try:
            async for capture in self.pages():
                yield capture
        except StoreError as error:
            self.crawler.stats.set_value("dossier/store_failed", str(error))

    async def pages(self) -> AsyncIterator[Capture]:
        """What `start` gives; StoreError where the archive cannot be read."""
        chosen = self.archive.rereadings.chosen(self.since, self.outlet)
        self.crawler.stats.set_value("dossier/rereadings", len(chosen))
        self.crawler.stats.set_value(
            "dossier/without_bytes", self.archive.rereadings.without_bytes(self.since, self.outlet)
        )
        async for capture in self.each(chosen):
            yield capture
        await self.drained()
        if not self.settings.getbool("DOSSIER_DRY_RUN"):
            async for capture in self.each(filter(self.is_stale, chosen)):
                yield capture
            await self.drained()

    async def each(self, articles: Iterable[int]) -> AsyncIterator[Capture]:
        """A capture for each article, as soon as there is room for it, until the run is to end."""
        for article_id in articles:
            await asyncio.sleep(0)  # however many there are of which there is nothing to read, the run can be stopped
            if self.is_ending():
                return
            reading = self.archive.rereadings.reading(article_id)
            if reading is None:
                continue
            try:
                capture = self.capture_of(reading)
            except StoreError as error:
                self.lost(article_id, f"article {article_id}", str(error))
                continue
            await self.room.acquire()
            yield capture

    def is_ending(self) -> bool:
        """Whether the run was asked to end, by whomever."""
        told = (self.crawler.stats.get_value(key) for key in ("dossier/store_failed", "memusage/limit_reached"))
        return not self.crawler.crawling or any(told)

    def is_stale(self, article_id: int) -> bool:
        """Whether an article's outlet shares other lines by now than those that were taken out of it."""
        return article_id not in self.unreadable and self.archive.furniture.is_stale(article_id)

    def capture_of(self, reading: Reading) -> Capture:
        """The page in a record, with what was announced of it; StoreError where it is not there whole."""
        record = reading.record
        place = (record.warc_file, record.warc_offset, record.warc_length)
        answer = read_record(self.archive.folder / "warc", *place)
        page = kept_page(record.url, record.status, record.fetched, answer)
        candidate = Candidate(url=page.url, title=reading.title, published=moment_of(reading.published))
        return Capture(candidate=candidate, page=page, article_id=reading.article_id)

    async def drained(self) -> None:
        """Return when nothing is under way."""
        for _ in range(UNDER_WAY):
            await self.room.acquire()
        for _ in range(UNDER_WAY):
            self.room.release()

    def done(self) -> None:
        """One article was read."""
        self.crawler.stats.inc_value("dossier/reread_pages")
        self.leave()

    def dropped(self, item: Capture, exception: Exception) -> None:
        """Today's rules see no article in the page: it stays as it was."""
        rejected = getattr(exception, "rejected", None)
        if not isinstance(rejected, Rejected) or rejected.state != "waiting":
            self.lost(item.article_id or 0, item.page.url, str(exception))
        self.leave()

    def broken(self, item: Capture, failure: Failure) -> None:
        """A stage raised what it should not: the article stays as it was, and the run does not end well."""
        assert failure.value is not None
        self.crawler.stats.inc_value("dossier/faults")
        self.crawler.stats.set_value("dossier/last_fault", f"{item.page.url}: {fault_of(failure.value)}")
        self.leave()

    def leave(self) -> None:
        """Make room for the next page."""
        self.room.release()
        asyncio.get_running_loop().call_later(SETTLED, self.settle)

    def settle(self) -> None:
        """Let a run end that waits for its last page: Scrapy looks only when an answer to a request was seen through.

        Here there are none, so that a run would wait for ever if it were asked to end while pages are under way.
        """
        slot = self.crawler.engine.scraper.slot
        if slot is None or slot.closing is None or slot.closing.called:
            return
        if slot.is_idle():
            slot.closing.callback(self)
        else:
            asyncio.get_running_loop().call_later(SETTLED, self.settle)

    def lost(self, article_id: int, what: str, reason: str) -> None:
        """Count a page that could not be read again, and name it with the reason."""
        self.unreadable.add(article_id)
        self.crawler.stats.inc_value("dossier/not_reread")
        if len(self.unread) < TOLD:
            self.unread.append((what, reason))

    def finish(self) -> None:
        """Hand over what was not read, and give the archive back."""
        self.crawler.stats.set_value("dossier/unread_pages", self.unread)
        self.archive.close()
