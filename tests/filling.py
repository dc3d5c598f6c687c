"""A small archive as a crawl leaves it: copies, versions, failures, hostile titles. Written through the real writer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.rechecks import DueRow, LookRow
from archive.rows import (
    ArticleRow,
    CandidateRow,
    CaptureRows,
    DetailRows,
    EventRow,
    MembershipRow,
    OutcomeRow,
    QuestionRow,
    RecordRow,
)
from archive.store import Archive

NOW = "2019-03-12T18:00:00Z"
LATER = "2019-03-13T18:00:00Z"
HOSTILE = '=HYPERLINK("https://evil.example/","<script>alert(1)</script>")\x1b[31m\u202e'

MATCHED = '[["doha", 0.4], ["talks", 0.2]]'
NAMES = {"wire.example": "Gulf Wire", "herald.example": "The Herald", "tal.example": "Talblatt", "": ""}
TEXT = """Envoys from both sides met in Doha for a fifth day on Tuesday.
A draft on the withdrawal of foreign troops lay on the table, two diplomats said.
"Nothing is agreed until everything is agreed," the hosts had warned before the negotiations began."""

ARTICLES: tuple[dict[str, Any], ...] = (
    {"url": "https://wire.example/doha", "outlet": "wire.example", "title": "Doha talks end with a draft", "body": TEXT,
     "published": "2019-03-12T09:30:00Z", "byline": "Mina Rahimi", "summary": "Working groups are to meet in April."},
    {"url": "https://herald.example/world/talks", "outlet": "herald.example", "title": "Talks in Doha end with draft",
     "body": TEXT.rpartition("\n")[0], "published": "2019-03-12T11:00:00Z", "wire": "AFP", "copy_of": "https://wire.example/doha"},
    {"url": "https://tal.example/doha", "outlet": "tal.example", "title": "Gespräche in Doha enden mit Entwurf",
     "body": "Unterhändler beider Seiten trafen sich in Doha. Über den Abzug wird im April verhandelt.",
     "published": "2019-03-13T06:00:00Z", "language": "de"},
    {"url": "https://wire.example/kabul-market", "outlet": "wire.example", "title": "Kabul market reopens",
     "body": "Traders swept the lanes of the market.\nOnly the zither maker kept his shutters down.",
     "published": "2019-02-03T00:00:00Z", "published_precision": "day"},
    {"url": "https://herald.example/hostile?a=1&b=%3C2%3E", "outlet": "herald.example", "title": HOSTILE,
     "body": "<img src=x onerror=alert(1)>\n\u202eA paragraph that is not what it seems & more.", "published": None},
    {"url": "https://wire.example/ceasefire", "outlet": "wire.example", "title": "Ceasefire proposed for the spring",
     "body": "A truce of three months was proposed.", "published": "2019-01-20T10:00:00Z", "is_paywalled": True},
)  # fmt: skip


DETAILS = DetailRows(
    witnesses=(("published", "json-ld", "[]"), ("title", "json-ld", '[["og", "Market in Kabul <opens> again"]]')),
    captions=("A lane of the market", "The zither maker's shutters"),
    posts=((0, "2019-02-03T08:00:00Z", "First stalls"), (2, "2019-02-03T17:00:00Z", "")),
    lines=(7, 8),
    furniture=(8,),
)

EVENTS = (
    EventRow(kind="boring", detail="counter"),
    EventRow(kind="correction", detail="Correction: the market <b>opens</b> on Sundays\x1b[31m."),
    EventRow(kind="flapping", detail=NOW),
)


CRICKET = RecordRow(
    url="https://wire.example/cricket", fetched=NOW, status=200, digest="sha1:9", warc_file="a.warc.gz",
    warc_offset=9000, warc_length=900,
)  # fmt: skip


@dataclass(slots=True)
class Filling:
    """The archive while it is being filled."""

    archive: Archive
    topic: int = 0
    source: int = 0
    run: int = 0

    def announce(self, url: str, *, title: str = "", score: float = 0.5, rank: int = 0, now: str = NOW) -> int:
        row = CandidateRow(url=url, host=url.split("/")[2], title=title, score=score, rank=rank)
        self.archive.candidates.note(self.topic, self.source, [row], now)
        found = self.archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()
        return int(found[0])

    def finish(
        self, url: str, state: str, reason: str = "", next_try: str | None = None, record: RecordRow | None = None
    ) -> None:
        outcome = OutcomeRow(candidate_id=self.announce(url), state=state, reason=reason, next_try=next_try)
        self.archive.candidates.finish(outcome, NOW, record)

    def take_down(self, url: str) -> None:
        """The page of an article is gone."""
        self.archive.events.missed(self.known(url).id, self.announce(url), "gone: HTTP 410", LATER, is_sure=True)
        self.finish(url, "gone", "gone: HTTP 410")

    def store(self, number: int, article: dict[str, Any], **kin: Any) -> int:
        url = article["url"]
        rows = CaptureRows(
            change="new",
            article=article_row(article),
            membership=MembershipRow(topic_id=self.topic, score=0.83, verdict="keep", matched=MATCHED),
            outcome=OutcomeRow(candidate_id=self.announce(url, title="as announced", rank=number + 1), state="stored"),
            aliases=((url, "requested"), (f"{url}/amp", "amp")),
            fingerprints=(number * 10, number * 10 + 1),
            record=RecordRow(
                url=url, fetched=NOW, status=200, digest=f"sha1:{number}", warc_file="a.warc.gz",
                warc_offset=number * 1000, warc_length=900,
            ),
            **kin,
        )  # fmt: skip
        return self.archive.articles.store(rows, NOW)

    def known(self, url: str) -> Any:
        return self.archive.articles.known([url])


def article_row(article: dict[str, Any]) -> ArticleRow:
    body = article["body"]
    plain = {key: value for key, value in article.items() if key != "copy_of"}
    standing = {
        "outlet_name": NAMES[article["outlet"]], "language": "en", "fetched": NOW, "words": len(body.split()),
        "published_precision": "instant", "content_hash": f"c{body}", "words_hash": f"w{body}",
        "body_source": "trafilatura", "extractor": "test",
    }  # fmt: skip
    return ArticleRow(**{**standing, **plain})


def fill(data: Path) -> Path:
    """The data folder, with an archive of six articles in it."""
    archive = Archive.open(data)
    filling = Filling(archive, archive.topics.ensure("talks", "Peace talks", ""))
    filling.run = archive.runs.start(filling.topic, NOW)
    filling.source = archive.sources.ensure("feeds", "https://wire.example/feed.xml", "wire.example")
    archive.rechecks.next_look = first_only
    silent = archive.sources.ensure("sitemaps", "https://tal.example/news.xml", "tal.example")
    archive.coverage.note(filling.run, filling.source, QuestionRow(place="", status="complete", asked=NOW, found=6))
    for number, article in enumerate(ARTICLES):
        kin = filling.known(article["copy_of"]) if "copy_of" in article else None
        copy = {"story_id": kin.story_id, "story_relation": "syndicated", "story_similarity": 0.97} if kin else {}
        filling.store(number, article, **copy)
    update(filling, ARTICLES[3])
    filling.take_down(ARTICLES[5]["url"])
    filling.announce("https://wire.example/waiting", title="Still to come")
    filling.finish("https://wire.example/cricket", "off-topic", "score 0.02 is under 0.3", record=CRICKET)
    filling.finish("https://closed.example/a", "refused", "robots: disallowed by /robots.txt")
    filling.finish("https://slow.example/b", "failed", "TimeoutError: 60 s", "2019-03-12T20:00:00Z")
    archive.hosts.rest("slow.example", "2999-01-01T00:00:00Z", "HTTP 429, Retry-After")
    archive.sources.answered(filling.source, "complete", "", NOW, found=9, new=9)
    archive.sources.answered(silent, "failed", "HTTP 500", NOW, found=0, new=0)
    rule(archive, ARTICLES[3], ARTICLES[4])
    counts = {"found": 10, "outcome/stored": 6, "outcome/failed": 1, "looks_left": 2}
    archive.runs.finish(filling.run, "finished", counts, LATER)
    archive.close()
    return data


def first_only(look: LookRow) -> DueRow | None:
    """The first article is looked at again, and no other."""
    return DueRow(step=180, due="2999-02-01T00:00:00Z") if look.article_id == 1 else None


def rule(archive: Archive, *articles: dict[str, Any]) -> None:
    """Two articles are put together by hand, and apart again."""
    one, other = (known.id for known in (archive.articles.known([article["url"]]) for article in articles) if known)
    archive.rulings.merge([one, other], NOW)
    archive.rulings.split([other], LATER)


def update(filling: Filling, article: dict[str, Any]) -> None:
    """The text of an article changes, and its first one becomes a version."""
    known = filling.known(article["url"])
    told = {"body": article["body"] + "\nBy evening it was open too.", "fetched": LATER, "kind": "live blog"}
    newer = article_row({**article, **told, "is_partial": True, "partial_reason": "the document has no end"})
    rows = CaptureRows(
        change="version", article=newer, article_id=known.id, story_id=known.story_id,
        membership=MembershipRow(topic_id=filling.topic, score=0.6, verdict="review", matched="[]"),
        outcome=OutcomeRow(candidate_id=filling.announce(article["url"]), state="stored", reason="new version"),
        details=DETAILS, events=EVENTS,
    )  # fmt: skip
    filling.archive.articles.store(rows, LATER)
