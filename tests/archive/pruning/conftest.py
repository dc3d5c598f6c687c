"""An archive of two topics that is made of a plan, and what it holds, told without its own ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.rechecks import DueRow
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
from archive.store import Archive
from archive.stories import EVERY, Stories

NOW = "2019-03-12T18:00:00Z"
TOPICS = ("talks", "heat")


@dataclass(frozen=True)
class Plan:
    """One article: where, when, what its topics say of it, whose copy it is, and what stands beside it."""

    number: int
    outlet: str = "wire.example"
    published: str | None = "2019-03-01T08:00:00Z"
    verdicts: tuple[tuple[str, str], ...] = (("talks", "keep"),)
    story: int | None = None
    hashes: tuple[int, ...] = (1, 2)
    lines: tuple[int, ...] = ()
    words: int = 10
    has_version: bool = False

    @property
    def url(self) -> str:
        return f"https://{self.outlet}/{self.number}"

    def is_kept_by(self, topic: str) -> bool:
        return (topic, "keep") in self.verdicts or (topic, "review") in self.verdicts


def build(data: Path, plans: Sequence[Plan]) -> Path:
    """The data folder, with these articles in it."""
    with closing(Archive.open(data)) as archive:
        archive.db.execute("PRAGMA synchronous = OFF")
        archive.rechecks.next_look = lambda look: DueRow(step=180, due="2999-01-01T00:00:00Z")
        for topic in TOPICS:
            archive.topics.ensure(topic, topic, "")
        archive.sources.ensure("feeds", "https://wire.example/feed.xml", "wire.example")
        stories: dict[int, int] = {}
        for plan in plans:
            store(archive, plan, stories)
        with archive.writing() as db:
            for (story,) in db.execute("SELECT id FROM stories").fetchall():
                Stories(db).settle(story, EVERY)
    return data


def store(archive: Archive, plan: Plan, stories: dict[int, int]) -> None:
    changes = ["new", *(["version"] if plan.has_version else []), *["unchanged"] * (len(plan.verdicts) - 1)]
    verdicts = [plan.verdicts[0], *([plan.verdicts[0]] if plan.has_version else []), *plan.verdicts[1:]]
    article_id = None
    for change, (topic, verdict) in zip(changes, verdicts, strict=True):
        rows = rows_of(
            archive, plan, change, topic, verdict, article_id, None if plan.story is None else stories.get(plan.story)
        )
        article_id = archive.articles.store(rows, NOW)
    known = archive.articles.known([plan.url])
    if known is not None and known.story_id is not None and plan.story is not None:
        stories.setdefault(plan.story, known.story_id)


def rows_of(
    archive: Archive, plan: Plan, change: str, topic: str, verdict: str, article_id: int | None, story: int | None
) -> CaptureRows:
    topic_id = archive.topics.find(topic) or 0
    archive.candidates.note(topic_id, 1, [CandidateRow(url=plan.url, host=plan.outlet, score=0.5)], NOW)
    found = archive.db.execute("SELECT id FROM candidates WHERE url = ? AND topic_id = ?", [plan.url, topic_id])
    body = (
        f"Envoys met for day {plan.number} of the talks.{' And again.' if change != 'new' and plan.has_version else ''}"
    )
    article = ArticleRow(
        url=plan.url, outlet=plan.outlet, title=f"Day {plan.number}", fetched=NOW, words=plan.words, body=body,
        published=plan.published, content_hash=f"c{body}", words_hash=f"w{plan.number}", body_source="trafilatura",
        extractor="test",
    )  # fmt: skip
    record = RecordRow(
        url=plan.url, fetched=NOW, status=200, digest=f"sha1:{plan.number}", warc_file="a.warc.gz",
        warc_offset=plan.number * 10_000 + len(change), warc_length=900,
    )  # fmt: skip
    details = DetailRows(
        witnesses=(("title", "og", "[]"),), captions=("A lane",), posts=((0, NOW, "First"),), lines=plan.lines
    )
    return CaptureRows(
        change=change, article=article, article_id=article_id, story_id=story, details=details,
        fingerprints=plan.hashes,
        membership=MembershipRow(topic_id=topic_id, score=0.7, verdict=verdict, matched="[]"),
        outcome=OutcomeRow(
            candidate_id=found.fetchone()[0], state="off-topic" if verdict == "drop" else "stored", reason="as judged"
        ),
        aliases=((plan.url, "requested"), (f"{plan.url}/amp", "amp")), events=(EventRow(kind="note", detail="so"),),
        record=record if change in {"new", "version"} else None,
        validator=ValidatorRow(url=plan.url, etag="e", last_modified=None, body_hash=None, polls=0),
    )  # fmt: skip


NAMES = {
    "article_id": "SELECT url FROM articles WHERE id = ?", "other_id": "SELECT url FROM articles WHERE id = ?",
    "topic_id": "SELECT name FROM topics WHERE id = ?", "outlet_id": "SELECT domain FROM outlets WHERE id = ?",
    "story_id": "SELECT url FROM articles WHERE id = (SELECT article_id FROM stories WHERE id = ?)",
    "record_id": "SELECT url || fetched || warc_offset FROM records WHERE id = ?",
    "candidate_id": "SELECT url FROM candidates WHERE id = ?",
    "source_id": "SELECT url FROM sources WHERE id = ?",
    "id": "SELECT ''",
}  # fmt: skip
LOOKS = {"asked", "times"}  # of rechecks: a look by another topic was one all the same
KEPT = (
    "articles", "versions", "article_topics", "stories", "aliases", "records", "fingerprints", "sketches", "furniture",
    "witnesses", "captions", "posts", "article_lines", "events", "rechecks", "validators", "outlets", "story_rulings",
)  # fmt: skip


@dataclass
class Held:
    """What an archive holds: the rows of its tables without ids, the candidates, and what is wrong with it."""

    tables: dict[str, list[str]] = field(default_factory=dict)
    candidates: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: list[Any] = field(default_factory=list)


def held(data: Path) -> Held:
    """What an archive holds, and whether all of it is sound."""
    found = Held()
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.row_factory = sqlite3.Row
        for table in KEPT:
            rows = [named(db, row) for row in db.execute(f"SELECT * FROM {table}").fetchall()]
            found.tables[table] = sorted(map(repr, rows))
        for topic, url, state in db.execute(
            "SELECT t.name, c.url, c.state FROM candidates AS c JOIN topics AS t ON t.id = c.topic_id"
        ):
            found.candidates[topic, url] = state
        found.faults += [tuple(row) for row in db.execute("PRAGMA foreign_key_check")]
        found.faults += [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
        db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
        db.rollback()
    return found


def named(db: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    told = {}
    for name in row.keys():  # noqa: SIM118 - a row of SQLite is no mapping: it iterates over its values
        value = row[name]
        if name in LOOKS:
            continue
        if name in NAMES and value is not None:
            values = [value] if "?" in NAMES[name] else []
            value = (db.execute(NAMES[name], values).fetchone() or ["nothing"])[0]
        told[name] = value
    return told
