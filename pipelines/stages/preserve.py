"""Stage 600: the bytes of a page, into a WARC file."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.members import payload_digest
from archive.records import Records
from archive.store import Archive, StoreError
from archive.warc import LEVEL, ROTATE, WarcFiles
from pipelines.items import Capture, Page, Record
from pipelines.stages.failure import store_failed
from pipelines.topic import load_topic


class PreservePipeline:
    """Write the pages of new texts, and a note of pages whose bytes the archive already has.

    A page whose text is unchanged but whose bytes are not (advertisements, a counter) is not written: the archive would
    grow with every look at an unchanged web. Dropped captures are kept only where the topic says `preserve = "all"`.
    """

    def __init__(self, crawler: Crawler, archive: Archive, files: WarcFiles, *, keeps_dropped: bool) -> None:
        self.crawler = crawler
        self.archive = archive
        self.records = Records(archive)
        self.files = files
        self.keeps_dropped = keeps_dropped

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        archive = Archive.shared(Path(settings["DOSSIER_DATA"]))
        files = WarcFiles(
            Path(settings["DOSSIER_DATA"]) / "warc",
            committed=archive.articles.last_record,
            level=settings.getint("DOSSIER_WARC_LEVEL", LEVEL),
            rotate=settings.getint("DOSSIER_WARC_ROTATE", ROTATE),
        )
        archive.transactions.before_commit.append(files.sync)
        topic = load_topic(Path(settings["DOSSIER_TOPIC"]))
        return cls(crawler, archive, files, keeps_dropped=topic.preserve == "all")

    def process_item(self, capture: Capture) -> Capture:
        """Fill `record`, where something is to be kept."""
        try:
            capture.record = self.record(capture)
        except StoreError as error:
            raise store_failed(self.crawler, error) from error
        return capture

    def record(self, capture: Capture) -> Record | None:
        """Where the page now lies; None where it is not written."""
        if capture.kinship is None:
            return self.append(capture.page) if self.keeps_dropped else None
        if capture.kinship.change in {"new", "version"}:
            return self.append(capture.page)
        if capture.kinship.change in {"flapping", "restored"}:
            return None  # the bytes of that text are here
        earlier = self.records.of_article(capture.kinship.article_id or 0)
        if earlier is None or capture.page.status != 200 or earlier.digest != payload_digest(capture.page.body):
            return None
        return self.append(capture.page, of=(earlier.url, earlier.fetched))

    def append(self, page: Page, of: tuple[str, str] | None = None) -> Record:
        """Write one page, whole or as a revisit of the record that has its bytes."""
        row = self.files.append(
            url=page.url,
            fetched=f"{page.seen.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
            status=page.status,
            headers=page.headers,
            body=page.body,
            of=of,
        )
        return Record(file=row.warc_file, offset=row.warc_offset, length=row.warc_length, digest=row.digest)

    def close_spider(self) -> None:
        """Give files and archive back; what is held is committed while the files are open."""
        for step in (self.archive.transactions.flush, self.files.close):
            try:
                step()
            except StoreError as error:
                store_failed(self.crawler, error)
        self.archive.transactions.before_commit.remove(self.files.sync)
        self.archive.close()
