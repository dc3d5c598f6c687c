"""The links that two archives know, how each ended, and who announced it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from archive.merging.origin import Origin, listed
from archive.merging.records import find_record
from archive.merging.rules import Order, order
from archive.pruning.articles import PRUNED

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

# How far a page got; of outcomes of one kind the latest holds. What was pruned is not fetched again by the others, and
# where one of them still has it, it is there.
RANKS = {"stored": 4, "unchanged": 4, "gone": 4, PRUNED: 3, "off-topic": 2, "duplicate": 2, "not-an-article": 2,
         "failed": 1, "refused": 1}  # fmt: skip
OUTCOME = ("checked", "state", "reason", "tries", "next_try", "score", "link_score", "title", "title_key", "published",
           "via", "spare", "matched", "host")  # fmt: skip
STATES = RANKS.keys() | {"waiting", "unresolved"}
FETCH = "r.fetched, r.digest, r.status, r.url"
CANDIDATES = f"""
SELECT c.id, topic_id, c.url, first_seen, run_id, {", ".join(OUTCOME)}, {FETCH.replace("r.fetched", "r.fetched AS at")}
FROM candidates AS c LEFT JOIN records AS r ON r.id = record_id WHERE c.id > ? ORDER BY c.id LIMIT ?
"""
KINDS = "iiuwI" + "WttiLfFtKLttjt" + "WTIU"
MINE = f"SELECT id, first_seen, {', '.join(OUTCOME)}, record_id FROM candidates WHERE topic_id = ? AND url = ?"
SET = f"""
UPDATE candidates SET first_seen = ?, run_id = ?, {", ".join(f"{name} = ?" for name in OUTCOME)}, record_id = ?
WHERE id = ?
"""
PUT = f"""
INSERT INTO candidates (topic_id, url, first_seen, run_id, {", ".join(OUTCOME)}, record_id)
VALUES ({", ".join("?" * (len(OUTCOME) + 5))})
"""
SIGHTINGS = """
SELECT candidate_id, channel, url, first_seen, last_seen, rank FROM sightings JOIN sources ON sources.id = source_id
WHERE candidate_id IN (SELECT value FROM json_each(?))
"""
# The rank is that of the last time, of two the better.
SIGHT = """
INSERT INTO sightings (candidate_id, source_id, first_seen, last_seen, rank) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (candidate_id, source_id) DO UPDATE SET first_seen = MIN(first_seen, excluded.first_seen),
    rank = CASE WHEN excluded.last_seen = last_seen THEN MIN(rank, excluded.rank)
        WHEN excluded.last_seen > last_seen THEN excluded.rank ELSE rank END,
    last_seen = MAX(last_seen, excluded.last_seen)
"""


def join_candidates(
    archive: Archive, origin: Origin, topics: dict[int, int], runs: dict[int, int], told: Callable[[int], None]
) -> int:
    """Enter the links of an archive with their outcomes and sightings; how many are new here.

    `told` hears how many were looked at.
    """
    new = 0
    for batch in origin.batches(CANDIDATES):
        with archive.writing() as db:
            ids = {}
            for number, topic, url, first, run, *rest in origin.sound(batch, KINDS):
                if topic in topics and rest[1] in STATES:
                    values = [first, runs.get(run), *rest[: len(OUTCOME)]]
                    ids[number], is_new = _join(db, topics[topic], url, values, rest[len(OUTCOME) :])
                    new += is_new
            _sight(archive, db, origin, ids)
        told(len(batch))
    return new


def _join(db: Database, topic: int, url: str, theirs: list[Any], fetch: Sequence[Any]) -> tuple[int, bool]:
    """The id here of a link, joined with what is told of it there, and whether it is new."""
    first, run, *outcome = theirs
    mine = db.execute(MINE, [topic, url]).fetchone()
    if mine is None:
        return int(db.execute(PUT, [topic, url, *theirs, find_record(db, fetch)]).lastrowid or 0), True
    number, my_first, *my_outcome, record = mine
    if standing(outcome) > standing(my_outcome):
        record = find_record(db, fetch)
        db.execute(SET, [min(first, my_first), run, *outcome, record, number])
    elif first < my_first:
        db.execute("UPDATE candidates SET first_seen = ? WHERE id = ?", [first, number])
    return int(number), False


def standing(outcome: Sequence[Any]) -> tuple[int, Order]:
    """By what an outcome goes before another one: how far the page got, then when."""
    return RANKS.get(outcome[1], 0), order(outcome)


def _sight(archive: Archive, db: Database, origin: Origin, ids: dict[int, int]) -> None:
    rows = origin.sound(origin.rows(SIGHTINGS, listed(list(ids))), "ittwwi")
    places: dict[tuple[str, str], int] = {}
    for number, channel, url, *seen in rows:
        if (channel, url) not in places:
            places[channel, url] = archive.sources.ensure(channel, url, "")
        db.execute(SIGHT, [ids[number], places[channel, url], *seen])
