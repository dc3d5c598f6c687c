"""Captures: all that one kept page writes, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlite_utils import Database

from archive.belonging import put_membership, verdict_of
from archive.candidates import finish
from archive.details import put_details
from archive.events import put_events
from archive.records import insert_record
from archive.rows import ArticleRow, CaptureRows, DetailRows, MembershipRow
from archive.sources import outlet_id, put_validator
from archive.stories import Stories

# An address such as /latest leads to another article tomorrow; an article's own address always leads to it.
ALIAS = """
INSERT INTO aliases (url, article_id, kind) VALUES (?, ?, ?)
ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id, kind = excluded.kind
WHERE article_id != excluded.article_id AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.url = excluded.url)
"""

SUPERSEDE = """
INSERT INTO versions (article_id, fetched, title, body, content_hash, record_id)
SELECT id, fetched, title, body, content_hash, record_id FROM articles WHERE id = ?
"""

BEFORE = """
SELECT id, title, body, record_id FROM versions WHERE article_id = ? AND content_hash = ? ORDER BY id DESC LIMIT 1
"""


def write(db: Database, rows: CaptureRows, now: str) -> int:
    """The id of the article, written with story, fingerprints, aliases, record, membership and outcome.

    What is unchanged is not rewritten: neither the article, nor its versions, story or fingerprints. A version keeps
    the text that it supersedes; one that is refreshed does not, since no page ever said that.
    """
    record_id = insert_record(db, rows.record)
    if rows.change == "new":
        article_id = _insert(db, rows, record_id)
    else:
        assert rows.article_id is not None, "a capture that is not new names its article"
        article_id = rows.article_id
        if rows.change == "version":
            _supersede(db, rows, article_id, record_id)
        elif rows.change == "restored":
            _restore(db, rows, article_id)
        elif rows.change == "refreshed":
            refresh(db, article_id, rows.article, rows.details, rows.fingerprints, ())
    if record_id is not None:
        db.execute("UPDATE records SET article_id = ? WHERE id = ?", [article_id, record_id])
    finish(db, rows.outcome, now)
    _attach(db, rows, article_id)
    put_events(db, article_id, rows.events, now)
    return article_id


def _insert(db: Database, rows: CaptureRows, record_id: int | None) -> int:
    values = {
        "url": rows.article.url,
        **columns_of(db, rows.article),
        "record_id": record_id,
        "body": rows.article.body,
    }
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO articles ({', '.join(values)}) VALUES ({marks})", list(values.values()))
    article_id = int(cursor.lastrowid or 0)
    stories = Stories(db)
    stories.fingerprint(article_id, rows.fingerprints)
    if rows.story_id is None:
        stories.begin(article_id)
    else:
        stories.join(article_id, rows.story_id, rows.story_relation, rows.story_similarity, rows.story_jaccard)
        story_id = rows.story_id
        for other in rows.merges:
            story_id = stories.merge(story_id, other)
    put_details(db, article_id, values["outlet_id"], rows.details)
    return article_id


def refresh(
    db: Database,
    article_id: int,
    article: ArticleRow,
    details: DetailRows,
    fingerprints: Sequence[int],
    memberships: Sequence[MembershipRow],
) -> None:
    """Put another reading of the same page in the place of an article's text, inside the caller's transaction.

    No version is kept, since no page ever said the old text; the time and the bytes of the page that was read stay.
    """
    values = columns_of(db, article)
    del values["fetched"]
    _set(db, article_id, values | {"body": article.body}, fingerprints)
    put_details(db, article_id, values["outlet_id"], details)
    for belongs in memberships:
        put_membership(db, article_id, belongs)


def _supersede(db: Database, rows: CaptureRows, article_id: int, record_id: int | None) -> None:
    """Keep the old text as a version, and put the new one in its place."""
    db.execute(SUPERSEDE, [article_id])
    values = columns_of(db, rows.article)
    _set(db, article_id, values | {"record_id": record_id, "body": rows.article.body}, rows.fingerprints)
    put_details(db, article_id, values["outlet_id"], rows.details)


def _restore(db: Database, rows: CaptureRows, article_id: int) -> None:
    """Let an earlier text and the text of now change places: the archive holds as many as before, and all of them."""
    earlier = db.execute(BEFORE, [article_id, rows.article.content_hash]).fetchone()
    if earlier is None:
        return
    version_id, title, body, record_id = earlier
    db.execute(SUPERSEDE, [article_id])
    db.execute("DELETE FROM versions WHERE id = ?", [version_id])
    values = columns_of(db, rows.article)
    _set(db, article_id, values | {"title": title, "record_id": record_id, "body": body}, rows.fingerprints)
    put_details(db, article_id, values["outlet_id"], rows.details)


def _set(db: Database, article_id: int, values: dict[str, Any], fingerprints: Sequence[int]) -> None:
    """Give an article other columns. It keeps its id, its address, its story, and a date that it had."""
    if values["published"] is None:
        for name in ("published", "published_precision", "published_offset", "month"):
            del values[name]
    sets = ", ".join(f"{name} = ?" for name in values)
    db.execute(f"UPDATE articles SET {sets} WHERE id = ?", [*values.values(), article_id])
    stories = Stories(db)
    stories.forget(article_id)
    stories.fingerprint(article_id, fingerprints)
    stories.settle(int(db.execute("SELECT story_id FROM articles WHERE id = ?", [article_id]).fetchone()[0]))


def _attach(db: Database, rows: CaptureRows, article_id: int) -> None:
    """Write what may be new even of an unchanged article: its topics, its addresses, its validators.

    A page that shows an earlier text, or is out of the past, is scored by that text: what its topic has judged before
    stays. "Not modified since" would be said of the earlier text too.
    """
    for url, kind in ({rows.article.url: "canonical"} | dict(rows.aliases)).items():
        db.execute(ALIAS, [url, article_id, kind])
    is_other = rows.is_past or rows.change == "flapping"
    if not is_other or not verdict_of(db, article_id, rows.membership.topic_id):
        put_membership(db, article_id, rows.membership)
    for belongs in rows.others:
        put_membership(db, article_id, belongs)
    if rows.validator is not None and rows.change != "flapping":
        put_validator(db, rows.validator)


def columns_of(db: Database, article: ArticleRow) -> dict[str, Any]:
    """The columns that a new text sets: all but the article's address and its body."""
    values = asdict(article)
    outlet = outlet_id(db, values.pop("outlet"), values.pop("outlet_name"))
    for name in ("url", "body"):
        del values[name]
    return {"outlet_id": outlet, **values, "month": (article.published or article.fetched)[:7]}
