"""Events: what happened to an article beside its versions.

Each kind and detail is written once an article, however often a page shows it; only a page that goes and comes back may
do so again and again.

- `boring`: the page differs in nothing that it says; the detail names how.
- `flapping`: an earlier text was shown again; `restored`: it stayed, and is the text again. The detail is since when
  the archive has it.
- `correction`, `update`, `clarification`, `note`: the page says so of itself, in the detail's words.
- `removed`: the page is gone, for the detail's reason; `returned`: it answers again.
- `bytes lost`: what a page sent is damaged or not there any more; the detail says where it lay.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archive.rows import EventRow

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

REASON = 300  # characters
GONE = "gone"
"""The state of a candidate whose article is here and whose page was not there when it was looked at last."""

LOST = "bytes lost"
"""What is written of a page whose kept bytes are let go of, since they are damaged or not there."""

MEANINGS = {
    "boring": "the page changed and says the same",
    "flapping": "the page shows an earlier text again, which makes no version",
    "restored": "an earlier text came back for good",
    "correction": "the page says that it was corrected",
    "update": "the page says that it was updated",
    "clarification": "the page explains itself",
    "note": "a note of the editors",
    "removed": "the page is gone, its text stays here",
    "returned": "the page is there again",
    LOST: "the bytes of a page are lost, its text stays here",
}
QUOTING = frozenset(("correction", "update", "clarification", "note"))  # their details are the page's own words
DATING = frozenset(("flapping", "restored"))  # their details are times

ONCE = """
INSERT INTO events (article_id, kind, at, detail) SELECT :article, :kind, :now, :detail
WHERE NOT EXISTS (SELECT 1 FROM events WHERE article_id = :article AND kind = :kind AND detail = :detail)
"""
EACH = "INSERT INTO events (article_id, kind, at, detail) VALUES (?, ?, ?, ?)"


class Events:
    """What happened to the articles of an archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def missed(self, article_id: int, candidate_id: int, reason: str, now: str, *, is_sure: bool) -> bool:
        """Whether an article counts as removed from now on, whose page was not there under its own address.

        Where that may be a hiccup it counts when the look before found the same. Call it before the candidate's outcome
        is written.
        """
        with self.archive.writing() as db:
            (state,) = db.execute("SELECT state FROM candidates WHERE id = ?", [candidate_id]).fetchone()
            return (is_sure or state == GONE) and removed(db, article_id, reason, now)

    def answered(self, article_id: int, now: str) -> bool:
        """Whether a page that was removed is there again."""
        with self.archive.writing() as db:
            return returned(db, article_id, now)


def put_events(db: Database, article_id: int, events: Iterable[EventRow], now: str) -> None:
    """Write what a page has shown of its article, each kind and detail once; `now` is ISO 8601 UTC text."""
    for event in events:
        if event.kind == "returned":
            returned(db, article_id, now)
        else:
            values = {"article": article_id, "kind": event.kind, "now": now, "detail": event.detail}
            db.execute(ONCE, values)


def removed(db: Database, article_id: int, reason: str, now: str) -> bool:
    """Note that an article's page is gone, and why; whether that is news. Its text stays."""
    is_news = db.execute(
        "UPDATE articles SET removed = ? WHERE id = ? AND removed IS NULL", [now, article_id]
    ).rowcount > 0  # fmt: skip
    if is_news:
        db.execute(EACH, [article_id, "removed", now, reason[:REASON]])
    return is_news


def returned(db: Database, article_id: int, now: str) -> bool:
    """Note that an article's page is there again; whether that is news."""
    is_news = db.execute(
        "UPDATE articles SET removed = NULL WHERE id = ? AND removed IS NOT NULL", [article_id]
    ).rowcount > 0  # fmt: skip
    if is_news:
        db.execute(EACH, [article_id, "returned", now, ""])
    return is_news
