"""The nouns of an article's journey: what a channel announces, what came back, and what each stage made of it.

Everything is frozen but `Capture`, and each stage fills the section of that which is its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

State = Literal[
    "waiting",
    "unresolved",
    "stored",
    "unchanged",
    "gone",
    "off-topic",
    "duplicate",
    "not-an-article",
    "refused",
    "failed",
]
"""Where a candidate stands. `unresolved` is an aggregator's own address, of which nobody knows yet which page it means;
every other state but `waiting` is an outcome. `gone` is the page of an article that is here and was not there when it
was looked at last."""

Gone = Literal["", "perhaps", "surely"]
"""Whether a page is not there any more: a server may say 404 because of a hiccup, and 410 because somebody decided."""

Decision = Literal["keep", "review", "drop"]
Precision = Literal["instant", "day"]
Kind = Literal["article", "live blog", "video", "gallery", "list"]
Change = Literal["new", "unchanged", "version", "refreshed", "flapping", "restored"]
"""`refreshed`: the page says what it said before, and only our reading of it has become another. `flapping`: it says
what it said still earlier, and that may pass; `restored`: so it does, and stays with it."""

Relation = Literal["original", "exact copy", "syndicated", "truncated", "partial", "rewrite"]


class Rejected(Exception):  # noqa: N818 - the word of the domain: a rejected capture is an outcome, not a fault
    """A page that becomes no article; carries the outcome that its candidate gets.

    `reason` is one short sentence for `dossier why`. Only the stages admit and extract raise it. `gone` says whether it
    means that a page which was an article is one no more.
    """

    def __init__(self, reason: str, *, state: State = "not-an-article", retry: bool = False, gone: Gone = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.state: State = state
        self.retry = retry
        self.gone: Gone = gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A link worth a look, as a source announced it.

    `title` may be the text of a link. `via` is where the page's bytes can be had, where that is not its own address: a
    capture in a web archive, or a record of a WARC file. `outlet` is the publisher's domain where the address does not
    tell it; `is_unresolved` says that the address is an aggregator's own and leads nowhere that we may go.
    """

    url: str
    title: str = ""
    published: datetime | None = None
    summary: str = field(default="", repr=False)
    rank: int = 0
    score: float = 0.0
    id: int | None = None
    via: str = ""
    outlet: str = ""
    is_unresolved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came back for a request, untouched but for its content encoding.

    `headers` are as received, in order. `redirects` are the URLs asked before `url` answered. A page out of a web
    archive or a WARC file has its own address as `url`, and in `captured` the time at which the archive took it.
    """

    url: str
    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    fetched: datetime
    redirects: tuple[str, ...] = ()
    is_whole: bool = True
    captured: datetime | None = None

    @property
    def seen(self) -> datetime:
        """When the page was as it is: when its archive took it, else when it was fetched."""
        return self.captured or self.fetched

    def header(self, name: str) -> str:
        """The first header of that name, or an empty string."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in the text of an article: an absolute URL and the words that it stands on."""

    url: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """Who said what a field of an article holds, and who said something else.

    `witness` is where the value is from (json-ld, microdata, og, meta, h1, title tag, feed, trafilatura, htmldate ...).
    `others` are the claims that disagree, each a witness and its words, the most trusted first.
    """

    field: str
    witness: str
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One entry of a live blog: when, under which heading, and the line of the body at which it begins."""

    line: int
    at: datetime | None = None
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The clean text of a page and what the page says of itself.

    Times are aware UTC; `published_offset` is the page's own zone in minutes. `body` has one paragraph a line.
    `canonical` is the page's own claim, not yet believed. `partial_reason` says why the text is not all of the article,
    empty where it is. `wire` is the agency that the page credits the text to; with `is_agency`, the page is that
    agency's own. `lines` are the hashes of the lines that the outlet's other articles may share, `furniture` those of
    them that do, and that are therefore not in the body.
    """

    title: str
    body: str = field(repr=False)
    authors: tuple[str, ...] = ()
    summary: str = field(default="", repr=False)
    language: str = ""
    section: str = ""
    tags: tuple[str, ...] = ()
    image: str = ""
    site_name: str = ""
    canonical: str = ""
    published: datetime | None = None
    published_precision: Precision | None = None
    published_offset: int | None = None
    modified: datetime | None = None
    kind: Kind = "article"
    is_paywalled: bool = False
    is_partial: bool = False
    partial_reason: str = ""
    wire: str = ""
    is_agency: bool = False
    body_source: str = "trafilatura"
    extractor: str = ""
    witnesses: tuple[Testimony, ...] = field(default=(), repr=False)
    captions: tuple[str, ...] = field(default=(), repr=False)
    posts: tuple[Post, ...] = ()
    lines: tuple[int, ...] = field(default=(), repr=False)
    furniture: tuple[int, ...] = field(default=(), repr=False)
    links: tuple[Link, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Which article a page is: its canonical URL, the outlet's registrable domain, and the other URLs that led here.

    `aliases` maps a URL to what it was: requested, redirected, canonical.
    """

    url: str
    outlet: str
    aliases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A term of the topic found in an article, with its share of the score (0 to 1)."""

    term: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How far an article belongs to a topic (score 0 to 1), and why."""

    score: float
    decision: Decision
    matched: tuple[Match, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A text boiled down for comparison.

    `words_hash` is equal for texts of the same words; `hashes` are the kept 64-bit shingle hashes, ascending and
    signed (as SQLite stores them); `words` is the length.
    """

    words: int
    words_hash: str
    hashes: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinship:
    """What an article is to the archive: new, unchanged, a new version, or what else `Change` names; and whose copy.

    `article_id` is the article already known under this identity. `story_id` is the story that it joins, None for a
    story of its own, and `merges` are the stories that it shows to be one with it. `similarity` is how much of it is in
    the story's representative, `jaccard` how much of all that the two say is in both (0 to 1). `happened` is what the
    page does beside saying another text, each a kind and a word on it. `is_past` is a page out of an archive that is no
    newer than the text that is here.
    """

    change: Change
    content_hash: str
    sketch: Sketch = field(repr=False)
    article_id: int | None = None
    story_id: int | None = None
    relation: Relation = "original"
    similarity: float = 0.0
    jaccard: float = 0.0
    merges: tuple[int, ...] = ()
    happened: tuple[tuple[str, str], ...] = ()
    is_past: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where the bytes of one fetch lie: WARC file name, offset and length in bytes, payload digest (sha1:BASE32)."""

    file: str
    offset: int
    length: int
    digest: str


@dataclass(slots=True, kw_only=True)
class Capture:
    """One fetched page on its way through the stages, with a typed section for each.

    `earlier` is what the bytes that the archive has of this article say when they are read as `article` was; it is
    filled with it, where the two texts may differ for no other reason than that. `article_id` names the article whose
    kept bytes the page is, where nothing was fetched.
    """

    candidate: Candidate
    page: Page
    article: Article | None = None
    earlier: Article | None = None
    url: Identity | None = None
    verdict: Verdict | None = None
    kinship: Kinship | None = None
    record: Record | None = None
    article_id: int | None = None
