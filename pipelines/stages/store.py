"""Write a capture: article, version, story, record and outcome, in one transaction."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.rows import ArticleRow, CaptureRows, MembershipRow, OutcomeRow, RecordRow, ValidatorRow
from archive.store import Archive, StoreError
from pipelines.items import Article, Candidate, Capture, Identity, Kinship, Page, Record, Verdict
from pipelines.stages.failure import store_failed
from pipelines.topic import Topic, load_topic
from pipelines.urls import canonical

VALIDATOR = 500  # characters of an ETag or date that are believed


class StorePipeline:
    """Put a capture into the archive, and its candidate out of the frontier."""

    def __init__(self, crawler: Crawler, archive: Archive, topic: Topic) -> None:
        self.crawler = crawler
        self.archive = archive
        self.topic_id = 0
        self.topic = topic

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        archive = Archive.shared(Path(crawler.settings["DOSSIER_DATA"]))
        return cls(crawler, archive, load_topic(Path(crawler.settings["DOSSIER_TOPIC"])))

    def process_item(self, capture: Capture) -> Capture:
        try:
            outcome = self.write(capture)
        except StoreError as error:
            raise store_failed(self.crawler, error) from error
        self.crawler.stats.inc_value(f"dossier/outcome/{outcome.state}")
        return capture

    def close_spider(self) -> None:
        """Give the archive back."""
        self.archive.close()

    def write(self, capture: Capture) -> OutcomeRow:
        """Write one capture; the outcome of its candidate."""
        now = text_of(datetime.now(UTC))
        assert capture.verdict is not None
        outcome = outcome_of(capture)
        if outcome.state == "off-topic":
            kept = None if capture.record is None else record_row(capture.record, capture.page)
            self.archive.candidates.finish(outcome, now, kept)
            return outcome
        self.topic_id = self.topic_id or self.archive.topics.ensure(
            self.topic.name, self.topic.title, self.topic.definition
        )
        rows = rows_of(capture, outcome, self.topic_id)
        self.archive.articles.store(rows, now)
        self.count(capture, rows)
        return outcome

    def count(self, capture: Capture, rows: CaptureRows) -> None:
        """Keep the run's figures of copies, versions and articles to review."""
        stats = self.crawler.stats
        if rows.change == "new" and rows.story_id is not None:
            stats.inc_value("dossier/copies")
        if rows.change == "version":
            stats.inc_value("dossier/versions")
        if rows.change == "new" and rows.membership.verdict == "review":
            stats.inc_value("dossier/review")


def outcome_of(capture: Capture) -> OutcomeRow:
    """How a judged capture's candidate ends."""
    verdict, kinship, url, candidate = capture.verdict, capture.kinship, capture.url, capture.candidate
    assert verdict is not None
    assert candidate.id is not None
    if verdict.decision == "drop":
        reason = verdict.reason or "below the topic's threshold"
        return OutcomeRow(candidate_id=candidate.id, state="off-topic", reason=reason, score=verdict.score)
    assert kinship is not None
    assert url is not None
    if kinship.change != "unchanged":
        reason = "a new version" if kinship.change == "version" else ""
        return OutcomeRow(candidate_id=candidate.id, state="stored", reason=reason, score=verdict.score)
    state = "unchanged" if candidate.url == url.url else "duplicate"
    reason = "" if state == "unchanged" else f"another address of {url.url}"
    return OutcomeRow(candidate_id=candidate.id, state=state, reason=reason, score=verdict.score)


def rows_of(capture: Capture, outcome: OutcomeRow, topic_id: int) -> CaptureRows:
    """A capture as the archive takes it."""
    kinship, identity, verdict, article = capture.kinship, capture.url, capture.verdict, capture.article
    assert kinship is not None
    assert identity is not None
    assert verdict is not None
    assert article is not None
    return CaptureRows(
        change=kinship.change,
        article=article_row(article, identity, kinship, capture.page),
        membership=membership_row(verdict, topic_id),
        outcome=outcome,
        article_id=kinship.article_id,
        story_id=kinship.story_id,
        story_relation=kinship.relation,
        story_similarity=kinship.similarity,
        fingerprints=kinship.sketch.hashes,
        aliases=identity.aliases,
        record=None if capture.record is None else record_row(capture.record, capture.page),
        validator=validator_row(capture.candidate, capture.page),
    )


def article_row(article: Article, identity: Identity, kinship: Kinship, page: Page) -> ArticleRow:
    """The article's own columns."""
    return ArticleRow(
        url=identity.url,
        outlet=identity.outlet,
        outlet_name=article.site_name[:200],
        title=article.title,
        byline=", ".join(article.authors),
        summary=article.summary,
        language=article.language,
        section=article.section,
        published=text_of(article.published) or None,
        published_precision=article.published_precision,
        published_offset=article.published_offset,
        modified=text_of(article.modified) or None,
        fetched=text_of(page.fetched),
        words=kinship.sketch.words,
        content_hash=kinship.content_hash,
        words_hash=kinship.sketch.words_hash,
        kind=article.kind,
        is_paywalled=article.is_paywalled,
        is_partial=article.is_partial,
        body_source=article.body_source,
        extractor=article.extractor,
        body=article.body,
    )


def membership_row(verdict: Verdict, topic_id: int) -> MembershipRow:
    """How far the article belongs to the topic, with the terms that say so."""
    matched = json.dumps([[match.term, round(match.share, 4)] for match in verdict.matched], ensure_ascii=False)
    return MembershipRow(topic_id=topic_id, score=verdict.score, verdict=verdict.decision, matched=matched)


def record_row(record: Record, page: Page) -> RecordRow:
    """Where the page's bytes lie."""
    return RecordRow(
        url=page.url, fetched=text_of(page.fetched), status=page.status, digest=record.digest, warc_file=record.file,
        warc_offset=record.offset, warc_length=record.length,
    )  # fmt: skip


def validator_row(candidate: Candidate, page: Page) -> ValidatorRow | None:
    """What makes the next request for the page conditional, under the URL that answered.

    It is written with the article: remembered earlier, it would turn an article that was never stored into one that is
    never fetched again.
    """
    etag, modified = printable(page.header("ETag")), printable(page.header("Last-Modified"))
    if page.status != 200 or not (etag or modified):
        return None
    url = canonical(page.url) if page.redirects else candidate.url
    return ValidatorRow(url=url, etag=etag, last_modified=modified, body_hash=None, polls=0)


def printable(value: str) -> str | None:
    """A header that can be sent back as it is, or None."""
    text = value.strip()
    return text if text and len(text) <= VALIDATOR and text.isascii() and text.isprintable() else None


def text_of(moment: datetime | None) -> str:
    """ISO 8601 UTC text, empty for none."""
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
