"""Events: what happened to an article beside its versions, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from archive.rows import EventRow


def put_events(db: Database, article_id: int, events: Iterable[EventRow], now: str) -> None:
    """Write what happened to an article; `now` is ISO 8601 UTC text."""
    rows = [(article_id, event.kind, now, event.detail) for event in events]
    db.conn.executemany("INSERT INTO events (article_id, kind, at, detail) VALUES (?, ?, ?, ?)", rows)
