"""The spider that judges an archive again: stored articles first, then dropped pages from their kept bytes."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from archive.dropped import DroppedRow
from archive.rows import RecordRow
from archive.store import Archive, StoreError
from crawler.folders import topic_folders
from crawler.kept_pages import KeptPagesSpider
from crawler.looks import due_after
from crawler.rescoring import Rescoring
from crawler.times import moment_of
from pipelines.items import Candidate, Capture, Page, Record
from pipelines.topic import Topic, TopicError, find_topic, load_topic, parse_topic, with_keep

STAGES = {
    "pipelines.stages.extract.ExtractPipeline": 200,
    "pipelines.stages.identify.IdentifyPipeline": 300,
    "pipelines.stages.judge.JudgePipeline": 400,
    "pipelines.stages.group.GroupPipeline": 500,
}
STORE = {"pipelines.stages.restore.RestorePipeline": 700}


class RescoreSpider(KeptPagesSpider[DroppedRow]):
    """Judge all that an archive has by a topic's file of today, without the network."""

    name = "rescore"
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - Scrapy's own name and type for it
        "EXTENSIONS": {
            "crawler.extensions.lock.LockExtension": 1,
            "crawler.extensions.commits.CommitsExtension": 50,
            "crawler.extensions.stop.StopExtension": 200,
            "crawler.extensions.rereading.RescoringExtension": 300,
        },
    }

    def __init__(self, crawler: Crawler, archive: Archive, topic: Topic, **kwargs: Any) -> None:
        super().__init__(crawler, archive, **kwargs)
        self.topic = topic
        self.patience = self.settings.getfloat("DOSSIER_STORE_PATIENCE")
        self.dry = self.settings.getbool("DOSSIER_DRY_RUN")
        self.rescoring: Rescoring | None = None

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Without the last stage nothing is written."""
        super().update_settings(settings)
        settings.set("ITEM_PIPELINES", STAGES | ({} if settings.getbool("DOSSIER_DRY_RUN") else STORE), "spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, topic: str = "", **kwargs: Any) -> Self:
        """The spider, with its topic made known to every stage through the settings."""
        settings = crawler.settings
        path = find_topic(topic, topic_folders(Path(settings["DOSSIER_DATA"]))).resolve()
        loaded = with_keep(load_topic(path), settings["DOSSIER_KEEP"])
        settings.set("DOSSIER_TOPIC", str(path), "cmdline")
        return cls(crawler, Archive.shared(Path(settings["DOSSIER_DATA"])), loaded, *args, **kwargs)

    async def pages(self) -> AsyncIterator[Capture]:
        """The kept pages that were dropped; before them, all that needs no page is judged."""
        self.rescoring = rescoring = await self.opened()
        self.crawler.stats.set_value("dossier/rescorings", self.archive.memberships.count())
        for batches in (rescoring.articles, rescoring.links, rescoring.dropped):
            async for count in self.paced(batches):
                if batches == rescoring.articles:
                    self.crawler.stats.inc_value("dossier/rescored", count)
        async for capture in self.each(rescoring.with_bytes):
            yield capture
        await self.drained()
        if not self.is_ending():
            await self.writable()
            rescoring.settle()

    async def opened(self) -> Rescoring:
        """The pass that is to be made; a topic that is new to the archive is entered in it."""
        await self.writable()
        self.archive.rechecks.next_look = due_after
        topic_id = self.archive.topics.find(self.topic.name) or 0
        former = former_of(self.archive, self.topic.name) if topic_id else None
        if not topic_id and not self.dry:
            topic_id = self.archive.topics.ensure(self.topic.name, self.topic.title, self.topic.definition)
        return Rescoring(archive=self.archive, topic=self.topic, topic_id=topic_id, former=former, dry=self.dry)

    async def paced(self, batches: Callable[[], Iterator[int]]) -> AsyncIterator[int]:
        """What a pass gives, each batch as soon as the archive can be written, until the run is to end."""
        steps = batches()
        while not self.is_ending():
            await self.writable()
            count = next(steps, None)
            if count is None:
                return
            yield count
            await asyncio.sleep(0)

    async def writable(self) -> None:
        """Return when the archive takes what comes next; StoreError where it does not."""
        if not self.dry:
            await self.archive.writable(self.patience, lambda: not self.crawler.crawling)

    def kept(self, key: int) -> DroppedRow | None:
        """A dropped page, if it is still one: an article that came in meanwhile may have its address."""
        return next(iter(self.archive.dropped.rows(array("q", [key]))), None)

    def capture_of(self, kept: DroppedRow) -> Capture:
        """The page as a crawl would have it; its bytes are where they are, and it is as old as they are."""
        assert kept.record is not None
        candidate = Candidate(
            id=kept.id, url=kept.url, title=kept.title, published=moment_of(kept.published), score=kept.link_score
        )
        return Capture(candidate=candidate, page=self.page_of(kept, kept.record), record=record_of(kept.record))

    def page_of(self, kept: DroppedRow, record: RecordRow) -> Page:
        """The page in a record, with the address that was asked for it.

        Where its bytes are lost, it is decided on like a page whose bytes were never kept; StoreError says so.
        """
        asked = kept.url
        try:
            page = self.page(record)
        except StoreError:
            if self.rescoring is not None:
                self.rescoring.look([replace(kept, record=None)])
            raise
        return Page(
            url=page.url, status=page.status, headers=page.headers, body=page.body, fetched=page.fetched,
            captured=page.fetched, redirects=(asked,) if asked != page.url else (),
        )  # fmt: skip

    def key_of(self, item: Capture) -> int:
        """The candidate that a page is of."""
        return item.candidate.id or 0

    def named(self, key: int) -> str:
        """What a page is called whose address is not known yet."""
        return f"candidate {key}"

    def done(self, item: Capture) -> None:
        """One page was read and judged."""
        if item.kinship is not None and item.kinship.change == "new":
            self.crawler.stats.inc_value("dossier/restored")
        super().done(item)

    def finish(self) -> None:
        """Hand the figures over, and give the archive back."""
        if self.rescoring is not None:
            told = self.rescoring.told() | {"brought_back": self.crawler.stats.get_value("dossier/restored", 0)}
            self.crawler.stats.set_value("dossier/rescore", told)
        super().finish()


def former_of(archive: Archive, name: str) -> Topic | None:
    """The topic as the archive has it; None where that cannot be read any more."""
    try:
        return parse_topic(archive.topics.definition(name), f"{name}.toml")
    except TopicError:
        return None


def record_of(row: RecordRow) -> Record:
    """Where bytes lie, as the stages name it."""
    return Record(file=row.warc_file, offset=row.warc_offset, length=row.warc_length, digest=row.digest)
