"""Stage 500: what an article is to the archive, and whose copy."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.belonging import IN
from archive.rows import Kin, KnownArticle
from archive.store import Archive, StoreError
from pipelines.items import Article, Capture, Identity, Kinship, Relation, Sketch
from pipelines.similarity import LEAST, Text, content_hash, is_exact_copy, likeness, rarest, sketch
from pipelines.stages.changed import announced, kinship_of_known
from pipelines.stages.failure import store_failed
from pipelines.stages.known import aliases_of, known_at

LEAD = 400  # characters of a body; the archive gives as many of a kin's


class GroupPipeline:
    """Tell what a page is to the article that is known; and of a new article, the story that it is a copy of."""

    def __init__(self, crawler: Crawler, archive: Archive) -> None:
        self.crawler = crawler
        self.archive = archive

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
            story_id, relation, similarity = self.story(article, capture.url.outlet, drawn)
            return Kinship(
                change="new",
                content_hash=content,
                sketch=drawn,
                story_id=story_id,
                relation=relation,
                similarity=similarity,
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

    def story(self, article: Article, outlet: str, drawn: Sketch) -> tuple[int | None, Relation, float]:
        """The story that a new article joins, its relation to it, and how much of it is in its representative."""
        same = self.archive.articles.exact(drawn.words_hash) if drawn.words else None
        if same is not None and is_exact_copy(text_of(article, outlet, drawn, same), text_of_kin(same)):
            return same.story_id, "exact copy", 1.0
        kin = self.archive.articles.kin(drawn.hashes, least=LEAST, below=rarest(drawn.words))
        pairs = ((likeness(text_of(article, outlet, drawn, one), text_of_kin(one), one.shared), one) for one in kin)
        found = [(like, one) for like, one in pairs if like is not None]
        if not found:
            return None, "original", 0.0
        like, one = max(found, key=lambda pair: (pair[0].margin, -pair[1].article_id))
        return one.story_id, like.relation, like.similarity

    def close_spider(self) -> None:
        """Give the archive back."""
        self.archive.close()


def text_of(article: Article, outlet: str, drawn: Sketch, kin: Kin) -> Text:
    """What the copy rule looks at, of an article that has come in, beside one in the archive."""
    return Text(
        outlet=outlet,
        title=article.title,
        lead=article.body[:LEAD],
        published=article.published,
        words=drawn.words,
        hashes=bisect_left(drawn.hashes, rarest(kin.words)),
    )


def text_of_kin(kin: Kin) -> Text:
    """What the copy rule looks at, of an article in the archive."""
    return Text(
        outlet=kin.outlet,
        title=kin.title,
        lead=kin.lead[:LEAD],
        published=datetime.fromisoformat(kin.published) if kin.published else None,
        words=kin.words,
        hashes=kin.fingerprints,
    )
