"""Stage 700: a capture becomes article or version, story, record and outcome, in one transaction."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler

from archive.rows import (
    ArticleRow,
    CandidateRow,
    CaptureRows,
    DetailRows,
    EventRow,
    MembershipRow,
    OutcomeRow,
    RecordRow,
    ValidatorRow,
)
from archive.store import Archive, StoreError
from pipelines import matches
from pipelines.headlines import title_key
from pipelines.items import Article, Candidate, Capture, Identity, Page, Record, Sketch
from pipelines.outcome_line import tell
from pipelines.outlinks import follows, outlinks
from pipelines.stages.changed import reason_of
from pipelines.stages.failure import store_failed
from pipelines.stages.verdicts import Verdicts, again, membership_row
from pipelines.topic import Topic, load_topic
from pipelines.urls import canonical, host_of

LONGEST = 512  # characters of an ETag or a date that are sent back


class StorePipeline:
    """Put a capture into the archive, and its candidate out of the frontier.

    `outlinks` is how many links of kept articles may still become candidates in this run; 0 where none are wanted.
    """

    def __init__(self, crawler: Crawler, archive: Archive, topic: Topic, outlinks: int = 0) -> None:
        self.crawler = crawler
        self.archive = archive
        self.topic_id = 0
        self.topic = topic
        self.outlinks = outlinks
        self.verdicts = Verdicts(archive)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        archive = Archive.shared(Path(settings["DOSSIER_DATA"]))
        topic = load_topic(Path(settings["DOSSIER_TOPIC"]))
        most = settings.getint("DOSSIER_MAX_OUTLINKS", 1_000)
        return cls(crawler, archive, topic, most if follows(topic, settings.getlist("DOSSIER_CHANNELS")) else 0)

    def process_item(self, capture: Capture) -> Capture:
        try:
            outcome = self.write(capture)
        except StoreError as error:
            raise store_failed(self.crawler, error) from error
        self.crawler.stats.inc_value(f"dossier/outcome/{outcome.state}")
        tell(capture.candidate.url, outcome.state, outcome.reason)
        return capture

    def close_spider(self) -> None:
        """Give the archive back."""
        self.archive.close()

    def write(self, capture: Capture) -> OutcomeRow:
        """Write one capture in one transaction; the outcome of its candidate."""
        now = text_of(datetime.now(UTC))
        with self.archive.writing():
            outcome = self.outcome(capture)
            if capture.kinship is None:
                self.archive.candidates.finish(outcome, now, record_row(capture.record, capture.page))
                return outcome
            topic = self.topic
            topic_id = self.topic_id or self.archive.topics.ensure(topic.name, topic.title, topic.definition)
            rows = rows_of(capture, outcome, topic_id)
            rows = replace(rows, outlinks=self.links_of(capture, rows), others=self.others_of(capture, rows))
            self.archive.articles.store(rows, now)
        self.topic_id = topic_id
        self.count(rows)
        return outcome

    def outcome(self, capture: Capture) -> OutcomeRow:
        """How the candidate ends; an unchanged text under an address not seen before is a duplicate."""
        kinship, url = capture.kinship, capture.url
        if kinship is None or url is None or kinship.change != "unchanged":
            return outcome_of(capture)
        known = self.archive.articles.known([capture.candidate.url])
        if known is not None and known.id == kinship.article_id:
            return outcome_of(capture)
        first = self.archive.articles.known([url.url, *(alias for alias, _ in url.aliases)])
        return outcome_of(capture, duplicate_of=first.url if first else url.url)

    def links_of(self, capture: Capture, rows: CaptureRows) -> tuple[CandidateRow, ...]:
        """The links of a kept article whose text is new, as far as the run's budget goes."""
        is_new = rows.change in {"new", "version"} and rows.membership.verdict == "keep"
        if self.outlinks <= 0 or not is_new or capture.article is None:
            return ()
        return tuple(map(candidate_row, outlinks(capture.article, rows.article.url, self.topic)[: self.outlinks]))

    def others_of(self, capture: Capture, rows: CaptureRows) -> tuple[MembershipRow, ...]:
        """What the other topics that know an article say of its new text."""
        if (
            rows.change not in {"version", "refreshed", "restored"}
            or rows.article_id is None
            or capture.article is None
        ):
            return ()
        return self.verdicts.on(rows.article_id, capture.article, but=rows.membership.topic_id)

    def count(self, rows: CaptureRows) -> None:
        """Keep the run's figures of what became of pages, and of links in articles."""
        assert self.crawler.stats is not None
        if rows.outlinks:
            self.outlinks -= len(rows.outlinks)
            self.crawler.stats.inc_value("dossier/outlinks", len(rows.outlinks))
        for kind in {event.kind for event in rows.events} & {"boring", "returned"}:
            self.crawler.stats.inc_value(f"dossier/{kind}")
        if rows.change == "version":
            self.crawler.stats.inc_value("dossier/versions")
        if rows.change == "new" and rows.story_id is not None:
            self.crawler.stats.inc_value("dossier/copies")
        if rows.change == "new" and rows.membership.verdict == "review":
            self.crawler.stats.inc_value("dossier/review")


def outcome_of(capture: Capture, duplicate_of: str = "") -> OutcomeRow:
    """How a judged capture's candidate ends; `duplicate_of` is the address under which its text was known before."""
    verdict, kinship = capture.verdict, capture.kinship
    assert verdict is not None
    assert capture.candidate.id is not None
    if kinship is None and verdict.decision != "drop":
        state, reason = "off-topic", f"score {verdict.score:.2f}, but you said that it does not belong"
    elif kinship is None:
        state, reason = "off-topic", verdict.reason or f"score {verdict.score:.2f} is below the topic's threshold"
    elif duplicate_of:
        state, reason = "duplicate", f"another address of {duplicate_of}"
    elif kinship.change not in {"new", "version"}:
        state, reason = "unchanged", reason_of(kinship)
    else:
        state, reason = "stored", "a new version" if kinship.change == "version" else ""
    headline = title_key(capture.article.title) if capture.article else None
    return OutcomeRow(
        candidate_id=capture.candidate.id,
        state=state,
        reason=reason,
        score=verdict.score,
        title_key=headline,
        matched=matches.written(verdict.matched) if state == "off-topic" else None,
    )


def rows_of(capture: Capture, outcome: OutcomeRow, topic_id: int) -> CaptureRows:
    """A capture as the archive takes it."""
    kinship, identity, verdict, article = capture.kinship, capture.url, capture.verdict, capture.article
    assert kinship is not None
    assert identity is not None
    assert verdict is not None
    assert article is not None
    return CaptureRows(
        change=kinship.change,
        article=article_row(article, identity, kinship.sketch, kinship.content_hash, text_of(capture.page.seen)),
        membership=membership_row(again(verdict, before="keep"), topic_id),
        outcome=outcome,
        article_id=kinship.article_id,
        story_id=kinship.story_id,
        story_relation=kinship.relation,
        story_similarity=kinship.similarity,
        story_jaccard=kinship.jaccard,
        merges=kinship.merges,
        events=tuple(EventRow(kind=kind, detail=detail) for kind, detail in kinship.happened),
        fingerprints=kinship.sketch.hashes,
        aliases=identity.aliases,
        record=record_row(capture.record, capture.page),
        validator=validator_row(capture.candidate.url, capture.page),
        details=detail_rows(article),
        is_past=kinship.is_past,
    )


def article_row(article: Article, identity: Identity, drawn: Sketch, content: str, fetched: str) -> ArticleRow:
    """The article's own columns; `content` is the hash of title and text, `fetched` ISO 8601 UTC text."""
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
        fetched=fetched,
        words=drawn.words,
        content_hash=content,
        words_hash=drawn.words_hash,
        kind=article.kind,
        is_paywalled=article.is_paywalled,
        is_partial=article.is_partial,
        body_source=article.body_source,
        extractor=article.extractor,
        tags=json.dumps(article.tags, ensure_ascii=False),
        image=article.image,
        partial_reason=article.partial_reason,
        wire=article.wire,
        is_agency=article.is_agency,
        body=article.body,
    )


def detail_rows(article: Article) -> DetailRows:
    """What stands beside the article's text."""
    return DetailRows(
        witnesses=tuple(
            (one.field, one.witness, json.dumps(one.others, ensure_ascii=False)) for one in article.witnesses
        ),
        captions=article.captions,
        posts=tuple((post.line, text_of(post.at) or None, post.title) for post in article.posts),
        lines=article.lines,
        furniture=article.furniture,
    )


def candidate_row(candidate: Candidate) -> CandidateRow:
    """A link in an article as the frontier takes it."""
    return CandidateRow(
        url=candidate.url,
        host=host_of(candidate.url),
        title=candidate.title,
        published=text_of(candidate.published) or None,
        score=candidate.score,
        rank=candidate.rank,
    )


def record_row(record: Record | None, page: Page) -> RecordRow | None:
    """Where the page's bytes lie, if they were kept."""
    if record is None:
        return None
    return RecordRow(
        url=page.url,
        fetched=text_of(page.seen),
        status=page.status,
        digest=record.digest,
        warc_file=record.file,
        warc_offset=record.offset,
        warc_length=record.length,
    )


def validator_row(asked: str, page: Page) -> ValidatorRow | None:
    """What makes the next request conditional, under the URL that gave it; it is true only once the text is stored.

    A page that gives nothing any more takes back what it gave before. What an archive's capture says is long past.
    """
    if page.status != 200 or page.captured is not None:
        return None
    try:
        url = canonical(page.url) if page.redirects else asked
    except ValueError:  # a redirect may lead to a URL that is too long to be kept
        return None
    return ValidatorRow(
        url=url,
        etag=_returnable(page.header("ETag")),
        last_modified=_returnable(page.header("Last-Modified")),
        body_hash=blake2b(page.body, digest_size=16).hexdigest(),
        polls=0,
    )


def _returnable(header: str) -> str | None:
    """A header that can be sent back as it is, or None."""
    text = header.strip()
    return text if text and len(text) <= LONGEST and text.isascii() and text.isprintable() else None


def text_of(moment: datetime | None) -> str:
    """ISO 8601 UTC text, empty for none."""
    return "" if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
