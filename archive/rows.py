"""Frozen rows: all that the archive takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """A link as announced. `published` is ISO 8601 UTC text or None; `score` orders the frontier.

    `via` is where its bytes can be had, if not at its own address; `title_key` the hash by which its headline is found
    again. One whose `state` is "unresolved" is an aggregator's own address and never handed out; `outlet` is then the
    domain of whom it announces.
    """

    url: str
    host: str
    title: str = ""
    published: str | None = None
    score: float = 0.0
    rank: int = 0
    via: str = ""
    title_key: int | None = None
    state: str = "waiting"
    outlet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRow:
    """A candidate handed out to be fetched. `known` says that its article is in the archive: ask conditionally.

    `via` is where its bytes can be had, where that is not its own address. With `is_look`, the archive has the article
    and only looks whether it has changed.
    """

    id: int
    url: str
    host: str
    title: str
    published: str | None
    score: float
    tries: int
    known: bool
    via: str = ""
    is_look: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRow:
    """A candidate whose page was judged: what its link had promised (0 to 1), and what the page turned out to be."""

    title: str
    url: str
    promised: float
    decision: Literal["keep", "review", "drop"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRow:
    """How a candidate ended. `next_try` is when a failed or resting one may be asked again (ISO 8601), or None.

    `title_key` stands for the headline of the page, where it was read: a plain sitemap announces none. `matched` is
    what its text has of the topic, as in `MembershipRow`, None where it was not judged. With `is_look`, an article was
    only looked at again: where that brought no page, its candidate stays as it was.
    """

    candidate_id: int
    state: str
    reason: str = ""
    next_try: str | None = None
    score: float | None = None
    title_key: int | None = None
    matched: str | None = None
    is_look: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """One question and its answer as the ledger has it; times are ISO 8601 UTC text, a window leaves its end out.

    `place` is the source that was asked, `resume` where the answer broke off.
    """

    place: str
    status: str
    asked: str
    query: str = ""
    since: str | None = None
    until: str | None = None
    found: int = 0
    reason: str = ""
    resume: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePace:
    """How a source answered last and when it is due. `pause_minutes` is its pace as long as it answers well.

    `next_ask` is ISO 8601 UTC text, None where it may be asked at once. `listed_for` is the id of the topic that heard
    what it lists now, None where that is not known.
    """

    status: str
    failures: int = 0
    pause_minutes: int | None = None
    next_ask: str | None = None
    listed_for: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatorRow:
    """What a URL last answered: validators for a conditional request, hash of the body, polls since a full answer."""

    url: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    polls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """Where the bytes of one fetch lie in a WARC file."""

    url: str
    fetched: str
    status: int
    digest: str
    warc_file: str
    warc_offset: int
    warc_length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an article is read again from: its record, and the title and the time (ISO 8601) that were announced."""

    article_id: int
    record: RecordRow
    title: str = ""
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRow:
    """How far an article belongs to a topic, and why; `matched` is JSON: [[term, share], ...]."""

    topic_id: int
    score: float
    verdict: str
    matched: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """What happened to an article beside its versions: of which kind, and a word or two on it."""

    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """One article as stored: columns of `articles`, without the archive's own ids.

    `tags` is a JSON list, `wire` the agency that its text is credited to; with `is_agency`, its outlet is that agency.
    """

    url: str
    outlet: str
    outlet_name: str = ""
    title: str
    byline: str = ""
    summary: str = ""
    language: str = ""
    section: str = ""
    published: str | None = None
    published_precision: str | None = None
    published_offset: int | None = None
    modified: str | None = None
    fetched: str
    words: int
    content_hash: str
    words_hash: str
    kind: str = "article"
    is_paywalled: bool = False
    is_partial: bool = False
    body_source: str
    extractor: str
    tags: str = "[]"
    image: str = ""
    partial_reason: str = ""
    wire: str = ""
    is_agency: bool = False
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailRows:
    """What stands beside an article's text.

    `witnesses` are (field, witness, other claims as JSON: [[witness, words], ...]), `posts` (line of the body, ISO 8601
    UTC text or None, heading). `lines` are the signed 64-bit hashes of the lines that may be furniture, `furniture`
    those of them that were taken out.
    """

    witnesses: tuple[tuple[str, str, str], ...] = ()
    captions: tuple[str, ...] = ()
    posts: tuple[tuple[int, str | None, str], ...] = ()
    lines: tuple[int, ...] = ()
    furniture: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRows:
    """All that one kept capture writes, in one transaction.

    `change` is new, unchanged, version, refreshed (the page says what it said, our reading of it is another), flapping
    (it says what it said before) or restored (it does so for good: the version of that content is the text again);
    `article_id` the known article for all but the first. `story_id` is the story to join (None: its own),
    `merges` are the stories that are one with it.
    `fingerprints` are signed 64-bit shingle hashes. `aliases` are (url, kind) pairs. `outlinks` are the links of
    its text that become candidates of the topic. `others` is how far it belongs to other topics, where its text is new.
    `is_past` is a page that is no newer than the text that is here: what its topic judged of that stays.
    """

    change: str
    article: ArticleRow
    membership: MembershipRow
    outcome: OutcomeRow
    article_id: int | None = None
    story_id: int | None = None
    story_relation: str = "original"
    story_similarity: float = 0.0
    story_jaccard: float = 0.0
    merges: tuple[int, ...] = ()
    events: tuple[EventRow, ...] = ()
    fingerprints: tuple[int, ...] = field(default=(), repr=False)
    aliases: tuple[tuple[str, str], ...] = ()
    record: RecordRow | None = None
    validator: ValidatorRow | None = None
    outlinks: tuple[CandidateRow, ...] = field(default=(), repr=False)
    details: DetailRows = field(default_factory=DetailRows, repr=False)
    is_past: bool = False
    others: tuple[MembershipRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownArticle:
    """What the archive knows of an article under some URL: enough to tell a new version from an unchanged text."""

    id: int
    url: str
    content_hash: str
    words_hash: str
    words: int
    story_id: int | None
    digest: str | None
    fetched: str = ""
    removed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """An article with what the copy rule looks at. `hashes` are its sketch, ascending; `stands` for its story."""

    article_id: int
    story_id: int
    outlet: str
    title: str
    lead: str = field(repr=False)
    published: str | None
    words: int
    words_hash: str
    wire: str
    hashes: tuple[int, ...] = field(repr=False)
    stands: bool
