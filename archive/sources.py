"""Sources and how they are, hosts that rest, and the validators that make a request conditional."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from archive.queries import Reader, Row, rows
from archive.rows import SourcePace, ValidatorRow
from archive.source_days import count_answer

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive


BATCH = 200  # sources of one query

# Of what a source lists now, the newest date is looked for among what arrived last: a sitemap may list 50,000.
RECENT = 50
ROWS = f"""
SELECT sources.*, domain AS outlet, (
    SELECT MAX(published) FROM (
        SELECT published FROM sightings CROSS JOIN candidates ON candidates.id = candidate_id
        WHERE source_id = sources.id AND last_seen >= last_listed
        ORDER BY last_seen DESC, candidate_id DESC LIMIT {RECENT})) AS newest
FROM sources LEFT JOIN outlets ON outlets.id = outlet_id
WHERE channel IN (SELECT value FROM json_each(:channels)) ORDER BY channel, url
"""


class Sources:
    """The places that channels ask."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def ensure(self, channel: str, url: str, outlet: str, name: str = "") -> int:
        """The id of a source; `outlet` is a registrable domain, `name` what the topic calls the outlet."""
        with self.archive.writing() as db:
            row = db.execute("SELECT id FROM sources WHERE channel = ? AND url = ?", [channel, url]).fetchone()
            if row is not None:
                return int(row[0])
            cursor = db.execute(
                "INSERT INTO sources (channel, url, outlet_id) VALUES (?, ?, ?)",
                [channel, url, outlet_id(db, outlet, name)],
            )
            return int(cursor.lastrowid or 0)

    def answered(
        self,
        source_id: int,
        status: str,
        reason: str,
        now: str,
        *,
        found: int,
        new: int,
        pause: int | None = None,
        moved_to: str = "",
        seconds: float | None = None,
        topic: int | None = None,
    ) -> None:
        """Write how a source answered. A full answer, even an empty one, says what the source lists now.

        An answer that says nothing changed (its reason is `not modified`) leaves what it listed before. After `pause`
        minutes it is due again, None for at once; a good answer makes that its pace. `moved_to` is where it has moved
        for good, `seconds` how long the answer took, `topic` the id of the topic that asked.
        """
        good = status in {"complete", "saturated"}
        listed = good and reason != "not modified"
        with self.archive.writing() as db:
            db.execute(
                """UPDATE sources SET last_asked = :now, last_status = :status, last_reason = :reason,
                last_success = CASE WHEN :good THEN :now ELSE last_success END,
                listed_for = CASE WHEN :listed THEN :topic ELSE listed_for END,
                last_listed = CASE WHEN :listed THEN :now ELSE last_listed END,
                failures = CASE WHEN :good THEN 0 ELSE failures + 1 END,
                items = CASE WHEN :listed THEN :found ELSE items END, new_items = new_items + :new,
                pause_minutes = CASE WHEN :good THEN COALESCE(:pause, pause_minutes) ELSE pause_minutes END,
                next_ask = :next, moved_to = :moved_to, seconds = :seconds
                WHERE id = :id""",
                {
                    "id": source_id, "now": now, "status": status, "reason": reason[:500], "good": good,
                    "listed": listed, "found": found, "new": new, "pause": pause, "next": _later(now, pause),
                    "moved_to": moved_to, "seconds": seconds, "topic": topic,
                },
            )  # fmt: skip
            count_answer(db, source_id, now, good=good, listed=listed, found=found, new=new, reason=reason)

    def paces(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], SourcePace]:
        """How each of these sources (channel, URL) answered last and when it is due; those never asked are left out."""
        found, wanted = {}, list(dict.fromkeys(keys))
        with self.archive.reading() as db:
            for start in range(0, len(wanted), BATCH):
                some = wanted[start : start + BATCH]
                values = [word for key in some for word in key]
                for channel, url, status, failures, pause, due, topic in db.execute(
                    pace_query(len(some)), values
                ).fetchall():
                    found[channel, url] = SourcePace(
                        status=status, failures=failures, pause_minutes=pause, next_ask=due, listed_for=topic
                    )
        return found


class Hosts:
    """Hosts that asked for a rest."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def rest(self, host: str, until: str, reason: str) -> None:
        """Leave a host alone until then; of two rests the longer one holds."""
        with self.archive.writing() as db:
            db.execute(
                """INSERT INTO hosts (host, rests_until, reason) VALUES (?, ?, ?) ON CONFLICT (host)
                DO UPDATE SET rests_until = excluded.rests_until, reason = excluded.reason
                WHERE excluded.rests_until > hosts.rests_until""",
                [host, until, reason],
            )

    def resting(self, now: str) -> dict[str, tuple[str, str]]:
        """The hosts that still rest: until when, and why."""
        with self.archive.reading() as db:
            rows = db.execute("SELECT host, rests_until, reason FROM hosts WHERE rests_until > ?", [now]).fetchall()
        return {host: (until, reason) for host, until, reason in rows}


class Validators:
    """What each URL last answered, for conditional requests."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def get(self, url: str) -> ValidatorRow | None:
        """The validators of a URL, or None."""
        query = "SELECT url, etag, last_modified, body_hash, polls FROM validators WHERE url = ?"
        with self.archive.reading() as db:
            row = db.execute(query, [url]).fetchone()
        return None if row is None else ValidatorRow(
            url=row[0], etag=row[1], last_modified=row[2], body_hash=row[3], polls=row[4]
        )  # fmt: skip

    def put(self, row: ValidatorRow) -> None:
        """Remember what a URL answered. For an article this belongs after the article itself is stored."""
        with self.archive.writing() as db:
            put_validator(db, row)


def sources_of(db: Reader, channels: Iterable[str]) -> list[Row]:
    """Every source of some channels with its outlet's domain and its health, by channel and URL.

    `newest` is the latest date among what it lists now, None where nothing of that is dated.
    """
    return rows(db, ROWS, channels=json.dumps(list(channels)))


def pace_query(count: int) -> str:
    """The query for so many sources, each by channel and URL."""
    pairs = ", ".join(["(?, ?)"] * count)
    # CROSS JOIN keeps the order: each is looked up in the index, where SQLite would go through all sources.
    return f"""WITH wanted (channel, url) AS (VALUES {pairs})
        SELECT channel, url, last_status, failures, pause_minutes, next_ask, listed_for
        FROM wanted CROSS JOIN sources USING (channel, url) WHERE last_asked IS NOT NULL"""


def _later(now: str, minutes: int | None) -> str | None:
    if minutes is None:
        return None
    return (datetime.fromisoformat(now) + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def put_validator(db: Database, row: ValidatorRow) -> None:
    """Write validators inside the caller's transaction; a row that has none takes away what was there."""
    if not (row.etag or row.last_modified):
        db.execute("DELETE FROM validators WHERE url = ?", [row.url])
        return
    db.execute(
        """INSERT INTO validators (url, etag, last_modified, body_hash, polls) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (url) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
        body_hash = excluded.body_hash, polls = excluded.polls""",
        [row.url, row.etag, row.last_modified, row.body_hash, row.polls],
    )


def outlet_id(db: Database, domain: str, name: str = "") -> int:
    """The id of an outlet, inside the caller's transaction; a name is kept once it is known."""
    row = db.execute("SELECT id, name FROM outlets WHERE domain = ?", [domain]).fetchone()
    if row is None:
        return int(db.execute("INSERT INTO outlets (domain, name) VALUES (?, ?)", [domain, name]).lastrowid or 0)
    if name and not row[1]:
        db.execute("UPDATE outlets SET name = ? WHERE id = ?", [name, row[0]])
    return int(row[0])
