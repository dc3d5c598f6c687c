"""A topic taken out, in small transactions: its links, its runs, what it has judged, and sources that only it asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archive.pruning.records import Departures
from archive.pruning.referring import forget, referring

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

SOME = 1_000  # rows of a transaction

LINKS = "SELECT id FROM candidates WHERE topic_id = ? ORDER BY id LIMIT ?"
RUNS = "SELECT id FROM runs WHERE topic_id = ? ORDER BY id LIMIT ?"
JUDGED = "SELECT article_id FROM article_topics WHERE topic_id = ? ORDER BY article_id LIMIT ?"
LEAVE = "DELETE FROM article_topics WHERE topic_id = ? AND article_id IN (SELECT value FROM json_each(?))"
VALIDATORS = """
DELETE FROM validators WHERE url IN (SELECT url FROM sources WHERE id IN (SELECT value FROM json_each(?)))
"""
ASKED_BY_NONE = """
SELECT id FROM sources WHERE NOT EXISTS (SELECT 1 FROM sightings WHERE source_id = sources.id)
    AND NOT EXISTS (SELECT 1 FROM coverage WHERE source_id = sources.id)
"""


def take_out_topic(archive: Archive, topic_id: int, departures: Departures) -> None:
    """Take a topic out whose articles are gone from it; killed, it goes on where it was."""
    while _links(archive, topic_id, departures) or _rows(archive, topic_id, "runs", RUNS) or _judged(archive, topic_id):
        pass
    with archive.writing() as db:
        db.execute("UPDATE sources SET listed_for = NULL WHERE listed_for = ?", [topic_id])
        forget(db, "topics", json.dumps([topic_id]), but={"sources", "candidates", "runs"})
        db.execute("DELETE FROM topics WHERE id = ?", [topic_id])
        unasked = json.dumps([number for (number,) in db.execute(ASKED_BY_NONE).fetchall()])
        db.execute(VALIDATORS, [unasked])
        forget(db, "sources", unasked)
        db.execute("DELETE FROM sources WHERE id IN (SELECT value FROM json_each(?))", [unasked])


def sweep_outlets(db: Database) -> None:
    """Take out the outlets that nothing in the archive is of any more."""
    unused = " AND ".join(
        f'id NOT IN (SELECT "{column}" FROM "{name}" WHERE "{column}" IS NOT NULL)'
        for name, column in referring(db, "outlets")
    )
    db.execute(f"DELETE FROM outlets WHERE {unused}")


def _links(archive: Archive, topic_id: int, departures: Departures) -> bool:
    """Whether there were links; with each go the bytes of its page, where no other link means them."""
    with archive.writing() as db:
        ids = [number for (number,) in db.execute(LINKS, [topic_id, SOME]).fetchall()]
        departures.of_candidates(db, ids)
        listed = json.dumps(ids)
        forget(db, "candidates", listed)
        db.execute("DELETE FROM candidates WHERE id IN (SELECT value FROM json_each(?))", [listed])
    return bool(ids)


def _rows(archive: Archive, topic_id: int, table: str, some: str) -> bool:
    with archive.writing() as db:
        listed = json.dumps([number for (number,) in db.execute(some, [topic_id, SOME // 10]).fetchall()])
        forget(db, table, listed, but={"candidates"})
        db.execute(f"DELETE FROM {table} WHERE id IN (SELECT value FROM json_each(?))", [listed])
    return listed != "[]"


def _judged(archive: Archive, topic_id: int) -> bool:
    with archive.writing() as db:
        ids = [number for (number,) in db.execute(JUDGED, [topic_id, SOME]).fetchall()]
        db.execute(LEAVE, [topic_id, json.dumps(ids)])
    return bool(ids)
