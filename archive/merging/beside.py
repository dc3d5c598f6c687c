"""What goes with an article beside its texts: addresses, events, validators, and when it is looked at next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from archive.merging.accounts import Asked, Here
from archive.merging.origin import listed
from archive.merging.rules import order

KINDS = ("canonical", "amp", "redirected", "requested")
"""How an address led to an article, by what says most; any other kind says least."""

ALIASES = """
SELECT article_id, url, kind FROM aliases WHERE article_id IN (SELECT value FROM json_each(?))
UNION ALL SELECT article_id, url, kind FROM other_aliases WHERE article_id IN (SELECT value FROM json_each(?))
"""
LEADS = """
SELECT article_id, aliases.kind, articles.url FROM aliases JOIN articles ON articles.id = article_id
WHERE aliases.url = ?
"""
LEAD = """
INSERT INTO aliases (url, article_id, kind) VALUES (?, ?, ?)
ON CONFLICT (url) DO UPDATE SET article_id = excluded.article_id, kind = excluded.kind
WHERE (article_id, kind) IS NOT (excluded.article_id, excluded.kind)
"""
OTHER = """
INSERT INTO other_aliases (url, article_id, kind) VALUES (?, ?, ?)
ON CONFLICT (url, article_id) DO UPDATE SET kind = excluded.kind
"""
NO_OTHER = "DELETE FROM other_aliases WHERE url = ? AND article_id = ?"
OTHERWISE = "SELECT kind FROM other_aliases WHERE url = ? AND article_id = ?"

ONCE = frozenset({"boring", "flapping", "restored", "correction", "update", "clarification", "note"})
"""Events that an article has once for each detail; the first time counts."""
EVENTS = "SELECT article_id, kind, at, detail FROM events WHERE article_id IN (SELECT value FROM json_each(?))"
EARLIER = "UPDATE events SET at = ? WHERE article_id = ? AND kind = ? AND detail = ?"
HAPPENED = "INSERT INTO events (article_id, kind, at, detail) VALUES (?, ?, ?, ?)"
REMOVED = "SELECT id, removed FROM articles WHERE id IN (SELECT value FROM json_each(?))"
LAST = """
SELECT CASE kind WHEN 'removed' THEN at END FROM events WHERE article_id = ? AND kind IN ('removed', 'returned')
ORDER BY at DESC, kind DESC LIMIT 1
"""
GIVEN = """
SELECT article_id, v.url, etag, last_modified, body_hash, polls FROM aliases CROSS JOIN validators AS v USING (url)
WHERE article_id IN (SELECT value FROM json_each(?))
"""
OF_OTHERS = """
SELECT url, etag, last_modified, body_hash, polls FROM validators
WHERE url > ? AND NOT EXISTS (SELECT 1 FROM aliases WHERE aliases.url = validators.url) ORDER BY url LIMIT ?
"""
MINE = "SELECT last_modified, etag, body_hash, polls FROM validators WHERE url = ?"
VALID = """
INSERT OR REPLACE INTO validators (url, last_modified, etag, body_hash, polls) VALUES (?, ?, ?, ?, ?)
"""
FORGET = "DELETE FROM validators WHERE url IN (SELECT url FROM aliases WHERE article_id = ?)"
LOOKS = """
SELECT r.article_id, r.topic_id, asked, due, step, times, c.url FROM rechecks AS r
JOIN candidates AS c ON c.id = candidate_id WHERE r.article_id IN (SELECT value FROM json_each(?))
"""
LOOK = """
INSERT OR REPLACE INTO rechecks (article_id, topic_id, asked, due, step, times, candidate_id, host)
SELECT ?, ?, ?, ?, ?, ?, c.id, c.host FROM candidates AS c WHERE c.topic_id = ? AND c.url = ? AND NOT EXISTS (
    SELECT 1 FROM rechecks WHERE candidate_id = c.id AND article_id != ?)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One article in both archives: its ids, and the content hashes of its text here before, there, and now.

    `mine` is empty where the article is new here.
    """

    there: int
    here: int
    mine: str
    theirs: str
    now: str


def join_aliases(db: Database, origin: Asked, pairs: Sequence[Pair]) -> None:
    """Enter the addresses that led to articles. One that leads to two is kept of both."""
    chosen = listed([pair.there for pair in pairs])
    here = {pair.there: pair.here for pair in pairs}
    for number, url, kind in origin.sound(origin.rows(ALIASES, chosen, chosen), "iut"):
        lead(db, url, here[number], kind)


def lead(db: Database, url: str, article_id: int, kind: str) -> None:
    """Let an address lead to an article. An article's own address is its own; else the closest kind goes before."""
    found = db.execute(LEADS, [url]).fetchone()
    before = db.execute(OTHERWISE, [url, article_id]).fetchone()
    kind = min(kind, *(before or ()), key=_nearness) if before else kind
    (own_url,) = db.execute("SELECT url FROM articles WHERE id = ?", [article_id]).fetchone()
    if found is None or found[0] == article_id:
        kind = kind if found is None else min(kind, found[1], key=_nearness)
        _take(db, url, article_id, kind)
    elif (own_url != url, _nearness(kind), own_url) < (found[2] != url, _nearness(found[1]), found[2]):
        _take(db, url, article_id, kind)
        db.execute(OTHER, [url, found[0], found[1]])
    else:
        db.execute(OTHER, [url, article_id, kind])


def _take(db: Database, url: str, article_id: int, kind: str) -> None:
    db.execute(LEAD, [url, article_id, kind])
    db.execute(NO_OTHER, [url, article_id])


def _nearness(kind: str) -> tuple[int, str]:
    return (KINDS.index(kind) if kind in KINDS else len(KINDS)), kind


def join_events(db: Database, origin: Asked, pairs: Sequence[Pair]) -> None:
    """Enter what happened to articles; the last removal or return says whether a page is gone."""
    there = {pair.there: pair.here for pair in pairs}
    told: defaultdict[int, set[tuple[str, str, str]]] = defaultdict(set)
    for number, *event in origin.sound(origin.rows(EVENTS, listed(list(there))), "itwt"):
        told[there[number]].add((event[0], event[1], event[2]))
    mine: defaultdict[int, set[tuple[str, str, str]]] = defaultdict(set)
    for number, *event in Here(db).rows(EVENTS, listed(list(told))):
        mine[number].add((event[0], event[1], event[2]))
    for article_id, events in told.items():
        for kind, at, detail in sorted(events - mine[article_id], key=lambda event: event[1]):
            happen(db, article_id, kind, at, detail)
    gone = dict(origin.sound(origin.rows(REMOVED, listed(list(there))), "iW"))
    for pair in pairs:
        settle_removal(db, pair.here, gone.get(pair.there))


def happen(db: Database, article_id: int, kind: str, at: str, detail: str) -> None:
    """Enter an event; of one that an article has once, the first time."""
    if kind in ONCE:
        query = "SELECT at FROM events WHERE article_id = ? AND kind = ? AND detail = ?"
        before = db.execute(query, [article_id, kind, detail]).fetchone()
        if before is not None:
            if at < before[0]:
                db.execute(EARLIER, [at, article_id, kind, detail])
            return
    db.execute(HAPPENED, [article_id, kind, at, detail])


def settle_removal(db: Database, article_id: int, removed: str | None) -> None:
    """Say since when a page is gone, by the last event that tells; where none does, as one of the archives says."""
    last = db.execute(LAST, [article_id]).fetchone()
    (mine,) = db.execute("SELECT removed FROM articles WHERE id = ?", [article_id]).fetchone()
    since = last[0] if last else max(filter(None, (mine, removed)), default=None)
    if since != mine:
        db.execute("UPDATE articles SET removed = ? WHERE id = ?", [since, article_id])


def join_validators(db: Database, origin: Asked, pairs: Sequence[Pair]) -> None:
    """Keep what makes a request conditional where it was given with the text that an article has now."""
    valid = {pair.there for pair in pairs if pair.theirs == pair.now}
    for pair in pairs:
        if pair.mine and pair.mine != pair.now:
            db.execute(FORGET, [pair.here])
    for _, *row in origin.sound(origin.rows(GIVEN, listed(sorted(valid))), "iuTTTi"):
        validate(db, *row)


def join_other_validators(db: Database, origin: Asked, batch: list[tuple[Any, ...]]) -> None:
    """Keep what makes questions conditional that are asked of no article, but of a source."""
    for row in origin.sound(batch, "uTTTi"):
        validate(db, *row)


def validate(db: Database, url: str, etag: str | None, modified: str | None, digest: str | None, polls: int) -> None:
    """Enter validators; of two that are given for one text, the later ones."""
    mine = db.execute(MINE, [url]).fetchone()
    if mine is None or order((modified, etag, digest, polls)) > order(mine):
        db.execute(VALID, [url, modified, etag, digest, polls])


def join_looks(db: Database, origin: Asked, pairs: Sequence[Pair], topics: dict[int, int]) -> None:
    """Say when articles are looked at next: as the archive says that looked last."""
    here = {pair.there: pair.here for pair in pairs}
    for number, topic, *look in origin.sound(origin.rows(LOOKS, listed(list(here))), "iiWLiiu"):
        if topic in topics:
            look_at(db, here[number], topics[topic], look)


def look_at(db: Database, article_id: int, topic: int, look: Sequence[Any]) -> None:
    """Enter the next look of a topic at an article: (asked, due, step, times, address)."""
    mine = [row[2:] for row in Here(db).rows(LOOKS, listed([article_id])) if row[1] == topic]
    if not mine or order(look) > order(mine[0]):
        db.execute(LOOK, [article_id, topic, *look[:4], topic, look[4], article_id])
