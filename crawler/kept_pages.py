"""What the spiders of our own WARC files have in common: pages from kept bytes through the stages, without network."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from archive.rows import RecordRow
from archive.store import Archive, StoreError
from archive.warc import read_record
from crawler.outcomes import fault_of
from pipelines.items import Capture, Page, Rejected
from pipelines.kept import kept_page

Kept = TypeVar("Kept")

UNDER_WAY = 8  # pages between the files and the archive at a time
TOLD = 10  # pages that could not be read again, that are named
SETTLED = 0.05  # seconds after the end of a page until Scrapy no longer counts it


class KeptPagesSpider(Spider, ABC, Generic[Kept]):
    """A spider that yields captures and asks nobody; it says what it could not read in `dossier/unread_pages`."""

    def __init__(self, crawler: Crawler, archive: Archive, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set_crawler(crawler)
        self.archive = archive
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

    @abstractmethod
    def pages(self) -> AsyncIterator[Capture]:
        """The captures of a run; StoreError where the archive cannot be read or written."""

    @abstractmethod
    def kept(self, key: int) -> Kept | None:
        """What is known of the page of one id, None where it is gone."""

    @abstractmethod
    def capture_of(self, kept: Kept) -> Capture:
        """The page, with what was announced of it; StoreError where its bytes are not there whole."""

    @abstractmethod
    def key_of(self, item: Capture) -> int:
        """The id that a capture was made of."""

    async def start(self) -> AsyncIterator[Capture]:
        """What `pages` gives; where the archive fails, the run ends and says so."""
        try:
            async for capture in self.pages():
                yield capture
        except StoreError as error:
            self.crawler.stats.set_value("dossier/store_failed", str(error))
        except Exception as error:
            self.faulty(self.name, error)
            raise

    def faulty(self, what: str, error: BaseException) -> None:
        """Count a fault of ours, so that the run does not end well."""
        self.crawler.stats.inc_value("dossier/faults")
        self.crawler.stats.set_value("dossier/last_fault", f"{what}: {fault_of(error)}")

    async def each(self, keys: Iterable[int]) -> AsyncIterator[Capture]:
        """A capture for each id, as soon as there is room for it, until the run is to end."""
        for key in keys:
            await asyncio.sleep(0)  # however many there are of which there is nothing to read, the run can be stopped
            if self.is_ending():
                return
            kept = self.kept(key)
            if kept is None:
                continue
            try:
                capture = self.capture_of(kept)
            except StoreError as error:
                self.lost(key, self.named(key), str(error))
                continue
            await self.room.acquire()
            yield capture

    def named(self, key: int) -> str:
        """What a page is called whose address is not known yet."""
        return f"page {key}"

    def is_ending(self) -> bool:
        """Whether the run was asked to end, by whomever."""
        told = (self.crawler.stats.get_value(key) for key in ("dossier/store_failed", "memusage/limit_reached"))
        return not self.crawler.crawling or any(told)

    def page(self, record: RecordRow) -> Page:
        """The page in a record; StoreError where it is not there whole."""
        place = (record.warc_file, record.warc_offset, record.warc_length)
        answer = read_record(self.archive.folder / "warc", *place)
        return kept_page(record.url, record.status, record.fetched, answer)

    async def drained(self) -> None:
        """Return when nothing is under way."""
        for _ in range(UNDER_WAY):
            await self.room.acquire()
        for _ in range(UNDER_WAY):
            self.room.release()

    def done(self, item: Capture) -> None:
        """One page was read."""
        self.crawler.stats.inc_value("dossier/reread_pages")
        self.leave()

    def dropped(self, item: Capture, exception: Exception) -> None:
        """Today's rules see no article in the page: what was made of it before stays."""
        rejected = getattr(exception, "rejected", None)
        if not isinstance(rejected, Rejected) or rejected.state != "waiting":
            self.lost(self.key_of(item), item.page.url, str(exception))
        self.leave()

    def broken(self, item: Capture, failure: Failure) -> None:
        """A stage raised what it should not: all stays as it was, and the run does not end well."""
        assert failure.value is not None
        self.faulty(item.page.url, failure.value)
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

    def lost(self, key: int, what: str, reason: str) -> None:
        """Count a page that could not be read again, and name it with the reason."""
        self.unreadable.add(key)
        self.crawler.stats.inc_value("dossier/not_reread")
        if len(self.unread) < TOLD:
            self.unread.append((what, reason))

    def finish(self) -> None:
        """Hand over what was not read, and give the archive back."""
        self.crawler.stats.set_value("dossier/unread_pages", self.unread)
        self.archive.close()
