"""An account of an article, written in place of what the archive had of it, inside the caller's transaction."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from archive.details import put_details
from archive.merging.accounts import COLUMNS, Account, Telling
from archive.merging.records import find_record
from archive.merging.texts import Same, parted
from archive.sources import outlet_id
from archive.stories import Stories

if TYPE_CHECKING:
    from archive.store import Archive

Trace = Callable[[str], Sequence[int | str]]
"""By what a text is found: the hash of its words, which is text, and the rarest of its shingles."""

VERSION = """
INSERT INTO versions (article_id, fetched, title, body, content_hash, record_id, furniture, merged, tracked)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)
"""
TELLING = """
INSERT INTO tellings (article_id, fetched, title, body, content_hash, record_id, furniture, shown)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
TRACK = "INSERT OR IGNORE INTO tracks (track, article_id) VALUES (?, ?)"
UNTRACKED = "SELECT article_id, body FROM versions WHERE tracked = 0 ORDER BY article_id LIMIT ?"
TRACKED = "UPDATE versions SET tracked = 1 WHERE article_id = ? AND tracked = 0"
TRACED = 100  # versions of one transaction
UNSETTLED = "INSERT OR IGNORE INTO unsettled (what, key) VALUES ('story', ?)"
DIFFERS = "INSERT OR IGNORE INTO unsettled (what, key) VALUES ('grouping', ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How texts are read: whether two say the same, and by which words or hashes one is found."""

    same: Same
    trace: Trace


def put_new(db: Database, account: Account, reading: Reading) -> int:
    """The id of an article that is new here: in a story of its own, until all that came in is grouped."""
    values = {"url": account.url, **_columns(db, account), "body": account.body}
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO articles ({', '.join(values)}) VALUES ({marks})", list(values.values()))
    article_id = int(cursor.lastrowid or 0)
    stories = Stories(db)
    stories.fingerprint(article_id, array("q", account.sketch))
    stories.begin(article_id)
    put_details(db, article_id, values["outlet_id"], account.details)
    _put_others(db, article_id, account, reading)
    db.execute(UNSETTLED, [article_id])
    return article_id


def put_again(db: Database, article_id: int, before: Account, account: Account, reading: Reading) -> None:
    """Write what has changed of an article. The story that it is in is looked at when all has come in."""
    if _shown(before) != _shown(account):
        values = {"url": account.url, **_columns(db, account), "body": account.body}
        sets = ", ".join(f"{name} = ?" for name in values)
        db.execute(f"UPDATE articles SET {sets} WHERE id = ?", [*values.values(), article_id])
        put_details(db, article_id, values["outlet_id"], account.details)
    if before.sketch != account.sketch:
        stories = Stories(db)
        stories.forget(article_id)
        stories.fingerprint(article_id, array("q", account.sketch))
    is_renamed_only = replace(before, url=account.url) == account
    db.execute(DIFFERS if is_renamed_only else UNSETTLED, [article_id])
    _put_others(db, article_id, account, reading)


def _shown(account: Account) -> tuple[Any, ...]:
    """What the row of an article and those beside it say."""
    return (account.url, account.outlet, account.columns, account.body, account.date, account.fetch, account.details)


def _columns(db: Database, account: Account) -> dict[str, Any]:
    _, published, precision, offset = account.date or (False, None, None, None)
    return {
        "outlet_id": outlet_id(db, account.outlet),
        **dict(zip(COLUMNS, account.columns, strict=True)),
        "published": published,
        "published_precision": precision,
        "published_offset": offset,
        "month": (published or account.said("fetched"))[:7],
        "record_id": find_record(db, account.fetch),
    }


def _put_others(db: Database, article_id: int, account: Account, reading: Reading) -> None:
    """Write versions in the order of their times, and beside them the texts that are none."""
    versions, tellings = parted(account, reading.same)
    for table in ("versions", "tellings"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    rows = [(*_row(db, article_id, one), not one.shown) for one in versions]
    db.conn.executemany(VERSION, rows)
    db.conn.executemany(TELLING, [(*_row(db, article_id, one), one.shown) for one in tellings])
    db.execute("DELETE FROM tracks WHERE article_id = ?", [article_id])
    for one in (*versions, *tellings):
        _track(db, article_id, one.body, reading.trace)


def track_versions(archive: Archive, trace: Trace) -> None:
    """Let articles be found by what they said before a crawl saw it changed."""
    while True:
        with archive.writing() as db:
            rows = db.execute(UNTRACKED, [TRACED]).fetchall()
            for article_id, body in rows:
                _track(db, article_id, body, trace)
            for article_id in {row[0] for row in rows}:
                db.execute(TRACKED, [article_id])
        if len(rows) < TRACED:
            return


def _track(db: Database, article_id: int, body: str, trace: Trace) -> None:
    db.conn.executemany(TRACK, [(track, article_id) for track in trace(body)])


def _row(db: Database, article_id: int, one: Telling) -> Sequence[Any]:
    record = find_record(db, one.fetch)
    return article_id, one.fetched, one.title, one.body, one.content_hash, record, one.furniture
