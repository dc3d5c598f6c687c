"""Stage 500: what an article is to the archive, and whose copy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.rows import KnownArticle
from archive.store import Archive, StoreError
from pipelines.items import Capture, Change, Identity, Kinship, Page
from pipelines.similarity import RULE, CopyRule
from pipelines.sketches import content_hash, sketch
from pipelines.stages.failure import store_failed
from pipelines.stages.kin import joined
from pipelines.stages.known import aliases_of, known_at


class GroupPipeline:
    """Tell new, unchanged, refreshed and new version; and of a new article, the story that it is a copy of."""

    def __init__(self, crawler: Crawler, archive: Archive, rule: CopyRule = RULE) -> None:
        self.crawler = crawler
        self.archive = archive
        self.rule = rule

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, Archive.shared(Path(crawler.settings["DOSSIER_DATA"])))

    def process_item(self, capture: Capture) -> Capture:
        """Fill `kinship`; a capture that is to be dropped passes untouched."""
        assert capture.verdict is not None
        if capture.verdict.decision != "drop":
            try:
                capture.kinship = self.kinship(capture)
            except StoreError as error:
                raise store_failed(self.crawler, error) from error
        return capture

    def kinship(self, capture: Capture) -> Kinship:
        """First the same article by its URLs, then the same words, then fingerprints in common."""
        assert capture.article is not None
        assert capture.url is not None
        article, drawn = capture.article, sketch(capture.article.body)
        content = content_hash(article.title, article.body)
        known = self.known(capture.url, capture.page.url, content)
        if known is None:
            found = joined(self.archive, article, capture.url.outlet, drawn, self.rule)
            return Kinship(
                change="new",
                content_hash=content,
                sketch=drawn,
                story_id=found.story_id,
                relation=found.relation,
                similarity=found.similarity,
                jaccard=found.jaccard,
                merges=found.merges,
            )
        change = changed(capture, known, content)
        return Kinship(change=change, content_hash=content, sketch=drawn, article_id=known.id, story_id=known.story_id)

    def known(self, url: Identity, answered: str, content: str) -> KnownArticle | None:
        """The article that the archive has under this identity; one that an alias leads to if the text is the same."""
        if (known := known_at(self.archive, url, answered)) is not None:
            return known
        known = self.archive.articles.known(aliases_of(url))
        return known if known is not None and known.content_hash == content else None

    def close_spider(self) -> None:
        """Give the archive back."""
        self.archive.close()


def changed(capture: Capture, known: KnownArticle, content: str) -> Change:
    """What a page does to the text that the archive has: a version only where the page itself says something else."""
    if known.content_hash == content or is_older(capture.page, known):
        return "unchanged"
    earlier = capture.earlier
    is_same = earlier is not None and content_hash(earlier.title, earlier.body) == content
    return "refreshed" if is_same else "version"


def is_older(page: Page, known: KnownArticle) -> bool:
    """Whether a page out of a web archive is no newer than the text that is here: it must not take its place."""
    return page.captured is not None and bool(known.fetched) and page.captured <= datetime.fromisoformat(known.fetched)
