"""An account of an article, written in place of what the archive had of it, inside the caller's transaction."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from archive.articles import LEAD
from archive.details import put_details
from archive.merging.accounts import COLUMNS, Account, Telling
from archive.merging.records import find_record
from archive.merging.texts import Same, parted
from archive.sources import outlet_id
from archive.stories import Stories

VERSION = """
INSERT INTO versions (article_id, fetched, title, body, content_hash, record_id, furniture, merged)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
TELLING = """
INSERT INTO tellings (article_id, fetched, title, body, content_hash, record_id, furniture, shown)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
UNSETTLED = "INSERT OR IGNORE INTO unsettled (what, key) VALUES ('story', ?)"


def put_new(db: Database, account: Account, same: Same) -> int:
    """The id of an article that is new here: in a story of its own, until all that came in is grouped."""
    values = {"url": account.url, **_columns(db, account), "body": account.body}
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO articles ({', '.join(values)}) VALUES ({marks})", list(values.values()))
    article_id = int(cursor.lastrowid or 0)
    stories = Stories(db)
    stories.fingerprint(article_id, array("q", account.sketch))
    stories.begin(article_id)
    put_details(db, article_id, values["outlet_id"], account.details)
    _put_others(db, article_id, account, same)
    db.execute(UNSETTLED, [article_id])
    return article_id


def put_again(db: Database, article_id: int, before: Account, account: Account, same: Same) -> None:
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
    if _kin(before) != _kin(account):
        db.execute(UNSETTLED, [article_id])
    _put_others(db, article_id, account, same)


def _shown(account: Account) -> tuple[Any, ...]:
    """What the row of an article and those beside it say."""
    return (account.url, account.outlet, account.columns, account.body, account.date, account.fetch, account.details)


def _kin(account: Account) -> tuple[Any, ...]:
    """All by which an article is grouped with others, as `Member.text` has it."""
    names = ("title", "words", "words_hash", "wire", "is_agency", "content_hash")
    at = account.date[1] if account.date else account.said("fetched")
    return account.outlet, account.body[:LEAD], at, account.sketch, *(account.said(name) for name in names)


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


def _put_others(db: Database, article_id: int, account: Account, same: Same) -> None:
    """Write versions in the order of their times, and beside them the texts that are none."""
    versions, tellings = parted(account, same)
    for table in ("versions", "tellings"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    rows = [(*_row(db, article_id, one), not one.shown) for one in versions]
    db.conn.executemany(VERSION, rows)
    db.conn.executemany(TELLING, [(*_row(db, article_id, one), one.shown) for one in tellings])


def _row(db: Database, article_id: int, one: Telling) -> Sequence[Any]:
    record = find_record(db, one.fetch)
    return article_id, one.fetched, one.title, one.body, one.content_hash, record, one.furniture
