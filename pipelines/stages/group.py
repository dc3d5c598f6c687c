"""Stage 500: what an article is to the archive, and whose copy."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.belonging import IN
from archive.rows import KnownArticle
from archive.store import Archive, StoreError
from pipelines.items import Capture, Identity, Kinship
from pipelines.similarity import RULE, CopyRule
from pipelines.sketches import content_hash, sketch
from pipelines.stages.changed import announced, kinship_of_known
from pipelines.stages.failure import store_failed
from pipelines.stages.kin import joined
from pipelines.stages.known import aliases_of, known_at


class GroupPipeline:
    """Tell what a page is to the article that is known; and of a new article, the story that it is a copy of."""

    def __init__(self, crawler: Crawler, archive: Archive, rule: CopyRule = RULE) -> None:
        self.crawler = crawler
        self.archive = archive
        self.rule = rule

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, Archive.shared(Path(crawler.settings["DOSSIER_DATA"])))

    def process_item(self, capture: Capture) -> Capture:
        """Fill `kinship`; what is to be dropped passes untouched, unless its topic has the article."""
        try:
            capture.kinship = self.kinship(capture)
        except StoreError as error:
            raise store_failed(self.crawler, error) from error
        return capture

    def kinship(self, capture: Capture) -> Kinship | None:
        """First the same article by its URLs, then the same words, then fingerprints; None for what is dropped."""
        assert capture.article is not None
        assert capture.url is not None
        assert capture.verdict is not None
        article = capture.article
        content = content_hash(article.title, article.body)
        known = self.known(capture.url, capture.page.url, content)
        if not self.is_wanted(capture, capture.verdict.decision, known):
            return None
        drawn = sketch(article.body)
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
                happened=announced(article),
            )
        return kinship_of_known(self.archive, capture, known, content, drawn)

    def is_wanted(self, capture: Capture, decision: str, known: KnownArticle | None) -> bool:
        """Whether a capture is not left out; of an article that is here, topic and user have said so before."""
        if known is None:
            return decision != "drop"
        before, answer = self.archive.candidates.standing(capture.candidate.id or 0, known.id)
        return answer != "no" and (decision != "drop" or before in IN)

    def known(self, url: Identity, answered: str, content: str) -> KnownArticle | None:
        """The article that the archive has under this identity; one that an alias leads to if the text is the same."""
        if (known := known_at(self.archive, url, answered)) is not None:
            return known
        known = self.archive.articles.known(aliases_of(url))
        return known if known is not None and known.content_hash == content else None

    def close_spider(self) -> None:
        """Give the archive back."""
        self.archive.close()
