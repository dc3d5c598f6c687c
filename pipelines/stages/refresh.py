"""Instead of stages 300 to 700, where the archive reads its own pages again: a new reading in the old one's place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.rows import ArticleRow, DetailRows
from archive.store import Archive, StoreError
from pipelines.items import Article, Capture, Identity, Sketch
from pipelines.sketches import content_hash, sketch
from pipelines.stages.failure import store_failed
from pipelines.stages.report import Report
from pipelines.stages.store import article_row, detail_rows
from pipelines.stages.verdicts import Verdicts

DATED = ("published", "published_precision", "published_offset")


class RefreshPipeline:
    """Write what a page says today in place of what it said when it was read before, and tell the difference.

    With `dry`, nothing is written.
    """

    def __init__(self, crawler: Crawler, archive: Archive, patience: float, *, dry: bool) -> None:
        self.crawler = crawler
        self.archive = archive
        self.patience = patience
        self.dry = dry
        self.report = Report()
        self.verdicts = Verdicts(archive)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        archive = Archive.shared(Path(settings["DOSSIER_DATA"]))
        patience = settings.getfloat("DOSSIER_STORE_PATIENCE")
        return cls(crawler, archive, patience, dry=settings.getbool("DOSSIER_DRY_RUN"))

    async def process_item(self, capture: Capture) -> Capture:
        """Write the new reading, if it is another."""
        try:
            await self.archive.writable(self.patience, lambda: not self.crawler.crawling)
            self.write(capture)
        except StoreError as error:
            raise store_failed(self.crawler, error) from error
        return capture

    def write(self, capture: Capture) -> None:
        """Compare and, where it is another reading, write it."""
        article, article_id = capture.article, capture.article_id
        assert article is not None
        assert article_id is not None
        before, beside = self.archive.rereadings.stored(article_id)
        drawn = sketch(article.body)
        after = reread(before, article, drawn)
        details = settled(detail_rows(article))
        self.report.add(article_id, before, after, beside_changed=details != beside)
        if not self.dry and (before, beside) != (after, details):
            judged = self.verdicts.on(article_id, article)
            self.archive.rereadings.refresh(article_id, after, details, drawn.hashes, judged)

    def close_spider(self) -> None:
        """Hand the report over, and give the archive back."""
        assert self.crawler.stats is not None
        self.crawler.stats.set_value("dossier/reread", self.report.told())
        self.archive.close()


def reread(before: ArticleRow, article: Article, drawn: Sketch) -> ArticleRow:
    """The row of an article by its new reading; its address, its time and a date that only the old one found stay."""
    itself = Identity(url=before.url, outlet=before.outlet)
    after = article_row(article, itself, drawn, content_hash(article.title, article.body), before.fetched)
    found = {name: getattr(before, name) for name in DATED} if article.published is None else {}
    return replace(after, outlet_name=before.outlet_name, **found)


def settled(details: DetailRows) -> DetailRows:
    """Details in the order in which the archive gives them back."""
    return replace(
        details,
        witnesses=tuple(sorted(details.witnesses)),
        posts=tuple(sorted(details.posts, key=lambda post: post[0])),
        lines=tuple(sorted(set(details.lines))),
        furniture=tuple(sorted(set(details.furniture))),
    )
