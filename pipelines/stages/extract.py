"""Stage 200: bytes to article, in a worker process."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.rows import RecordRow
from archive.store import Archive, StoreError
from archive.warc import read_record
from pipelines.body.furniture import without_furniture
from pipelines.identity import identity
from pipelines.items import Article, Candidate, Capture, Page, Rejected
from pipelines.kept import kept_page
from pipelines.outlinks import follows
from pipelines.sketches import content_hash
from pipelines.stages.admit import Dropped
from pipelines.stages.changed import is_told
from pipelines.stages.failure import store_failed
from pipelines.stages.known import known_at
from pipelines.stages.workers import Workers, cores
from pipelines.topic import load_topic

hurry = object()
"""The signal that gives up every page that is being read; their candidates stay waiting."""


class ExtractPipeline:
    """Read pages in worker processes, under deadline and memory limit, and take out what is the outlet's furniture."""

    def __init__(
        self, crawler: Crawler, archive: Archive, workers: Workers, patience: float, *, with_links: bool
    ) -> None:
        self.crawler = crawler
        self.archive = archive
        self.workers = workers
        self.patience = patience
        self.with_links = with_links

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        workers = Workers(
            "pipelines.extraction:extract",
            workers=settings.getint("DOSSIER_EXTRACT_WORKERS") or cores(),
            deadline=settings.getfloat("DOSSIER_EXTRACT_DEADLINE"),
            memory=settings.getint("DOSSIER_EXTRACT_MEMORY_MB") * 1024 * 1024,
            recycle=settings.getint("DOSSIER_EXTRACT_RECYCLE"),
        )
        # Without a topic nobody follows links: then the archive reads its own pages again.
        topic = load_topic(Path(settings["DOSSIER_TOPIC"])) if settings["DOSSIER_TOPIC"] else None
        with_links = topic is not None and follows(topic, settings.getlist("DOSSIER_CHANNELS"))
        archive, patience = Archive.shared(Path(settings["DOSSIER_DATA"])), settings.getfloat("DOSSIER_STORE_PATIENCE")
        stage = cls(crawler, archive, workers, patience, with_links=with_links)
        crawler.signals.connect(stage.cancel_open, signal=hurry)
        return stage

    async def process_item(self, capture: Capture) -> Capture:
        """Fill `article`, and `earlier` where the archive has another text of it."""
        try:
            await self.fill(capture)
        except Rejected as rejected:
            raise Dropped(rejected) from rejected
        except StoreError as error:
            raise store_failed(self.crawler, error) from error
        return capture

    async def fill(self, capture: Capture) -> None:
        """Read the page; and once more the page that the archive has, where that reads differently.

        Another capture of the article may be stored while a page is read: what the archive has of it is then looked at
        anew. From the last look on nothing else is written until this capture is.
        """
        read = await self.read(capture.page, capture.candidate)
        url = identity(capture.page, read, capture.candidate.url)
        if capture.article_id is not None:
            capture.article = self.own(read, url.outlet, capture.article_id)
            return
        earlier: Article | None = None
        reread: RecordRow | None = None
        while True:
            await self.archive.writable(self.patience, self.is_stopping)
            known = known_at(self.archive, url, capture.page.url)
            capture.article = article = self.own(read, url.outlet, known.id if known else None)
            if known is None or is_told(self.archive, article, known, content_hash(article.title, article.body)):
                return
            record = self.archive.records.of_article(known.id)
            if record is None or record == reread:
                capture.earlier = earlier and self.own(earlier, url.outlet, known.id)
                return
            earlier, reread = await self.reread(record, capture.candidate), record

    async def read(self, page: Page, candidate: Candidate) -> Article:
        """What a page says; `Rejected` where it is no article."""
        article: Article = await self.workers.run(
            page.body,
            page.url,
            content_type=page.header("Content-Type"),
            headline=candidate.title,
            announced=candidate.published,
            fetched=page.seen,
            with_links=self.with_links,
        )
        return article

    async def reread(self, record: RecordRow, candidate: Candidate) -> Article | None:
        """What the bytes of a record say today; None where they can no longer be read.

        `Rejected` where that is no fault of theirs: then nobody knows, and the page is asked for another time.
        """
        try:
            place = (record.warc_file, record.warc_offset, record.warc_length)
            answer = read_record(self.archive.folder / "warc", *place)
            return await self.read(kept_page(record.url, record.status, record.fetched, answer), candidate)
        except StoreError:
            return None
        except Rejected as rejected:
            if rejected.state == "waiting" or rejected.retry:
                raise
            return None

    def own(self, article: Article, outlet: str, article_id: int | None) -> Article:
        """The article without the lines that its outlet's other articles share."""
        shared = self.archive.furniture.shared(outlet, article.lines, article_id)
        return without_furniture(article, shared)

    def is_stopping(self) -> bool:
        """Whether the run was asked to end: then nobody waits for another writer."""
        return not self.crawler.crawling

    def cancel_open(self) -> None:
        """Give up every page that is being read or waits for a reader."""
        self.workers.cancel_open()

    def close_spider(self) -> None:
        """End the workers, and give the archive back."""
        self.workers.close()
        self.archive.close()
