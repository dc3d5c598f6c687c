"""Candidates: the frontier, and the answer to "why is this page not in the archive?"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from archive.records import insert_record
from archive.rows import CandidateRow, OutcomeRow, RecordRow, TakenRow

if TYPE_CHECKING:
    from archive.store import Archive

NOTE = """
INSERT INTO candidates (topic_id, url, host, title, published, score, first_seen)
VALUES (:topic, :url, :host, :title, :published, :score, :now)
ON CONFLICT (topic_id, url) DO UPDATE SET
    title = CASE WHEN title = '' THEN excluded.title ELSE title END,
    published = COALESCE(published, excluded.published),
    score = MAX(score, excluded.score)
WHERE (title = '' AND excluded.title != '') OR (published IS NULL AND excluded.published IS NOT NULL)
    OR excluded.score > score
"""

SIGHT = """
INSERT INTO sightings (candidate_id, source_id, first_seen, last_seen, rank)
SELECT id, :source, :now, :now, :rank FROM candidates WHERE topic_id = :topic AND url = :url
ON CONFLICT (candidate_id, source_id) DO UPDATE SET last_seen = excluded.last_seen
"""

# A failed candidate is due again at its next_try; any other outcome is an end. Hosts that rest are left out.
WAITING = """
FROM candidates AS c
WHERE c.topic_id = :topic AND c.state IN ('waiting', 'failed') AND (c.run_id IS NULL OR c.run_id != :run)
    AND ((c.state = 'waiting' AND c.next_try IS NULL) OR c.next_try <= :now)
    AND c.host NOT IN (SELECT host FROM hosts WHERE rests_until > :now)
"""

# Known articles that a source still lists, and that can be asked conditionally.
KNOWN = """
FROM candidates AS c
WHERE c.topic_id = :topic AND c.state IN ('stored', 'unchanged') AND (c.run_id IS NULL OR c.run_id != :run)
    AND COALESCE(c.checked, '') <= :before
    AND c.host NOT IN (SELECT host FROM hosts WHERE rests_until > :now)
    AND EXISTS (
        SELECT 1 FROM sightings JOIN sources ON sources.id = source_id
        WHERE candidate_id = c.id AND last_seen >= last_listed)
    AND EXISTS (
        SELECT 1 FROM validators AS v WHERE v.url = c.url OR v.url IN (
            SELECT other.url FROM aliases AS own JOIN aliases AS other ON other.article_id = own.article_id
            WHERE own.url = c.url))
"""

BEST = """
SELECT id, url, host, title, published, score, tries FROM (
    SELECT c.id, c.url, c.host, c.title, c.published, c.score, c.tries,
        ROW_NUMBER() OVER (PARTITION BY c.host ORDER BY c.score DESC, c.id)
        + (SELECT COUNT(*) FROM candidates AS t WHERE t.run_id = :run AND t.host = c.host) AS place
    {from_where}
) WHERE place <= :per_host ORDER BY score DESC, id LIMIT :limit
"""


class Candidates:
    """The links that were announced, for each topic."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def note(self, topic_id: int, source_id: int, rows: Sequence[CandidateRow], now: str) -> int:
        """Write what a source announced, with its sightings; how many candidates are new.

        A known candidate keeps its state, and the better of both titles, dates and scores.
        """
        with self.archive.writing() as db:
            values = [
                {
                    "topic": topic_id, "source": source_id, "now": now, "url": row.url, "host": row.host,
                    "title": row.title, "published": row.published, "score": row.score, "rank": row.rank,
                }
                for row in rows
            ]  # fmt: skip
            new = 0
            for value in values:
                known = db.execute("SELECT 1 FROM candidates WHERE topic_id = :topic AND url = :url", value).fetchone()
                new += known is None
            db.conn.executemany(NOTE, values)
            db.conn.executemany(SIGHT, values)
        return new

    def take(self, topic_id: int, run_id: int, limit: int, per_host: int, now: str) -> list[TakenRow]:
        """The best waiting candidates across hosts, at most `per_host` of a host in the whole run; each once a run."""
        return self._take(WAITING, False, topic_id, run_id, limit, per_host, now, now)

    def take_known(
        self, topic_id: int, run_id: int, limit: int, per_host: int, now: str, min_age: timedelta
    ) -> list[TakenRow]:
        """Known articles that a source still lists, asked last at least `min_age` ago, that have validators."""
        before = (datetime.fromisoformat(now) - min_age).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self._take(KNOWN, True, topic_id, run_id, limit, per_host, now, before)

    def _take(
        self, where: str, known: bool, topic_id: int, run_id: int, limit: int, per_host: int, now: str, before: str
    ) -> list[TakenRow]:
        values = {"topic": topic_id, "run": run_id, "limit": limit, "per_host": per_host, "now": now, "before": before}
        with self.archive.writing() as db:
            rows = db.execute(BEST.format(from_where=where), values).fetchall()
            db.conn.executemany("UPDATE candidates SET run_id = ? WHERE id = ?", [(run_id, row[0]) for row in rows])
        return [
            TakenRow(
                id=row[0],
                url=row[1],
                host=row[2],
                title=row[3],
                published=row[4],
                score=row[5],
                tries=row[6],
                known=known,
            )
            for row in rows
        ]

    def finish(self, outcome: OutcomeRow, now: str, record: RecordRow | None = None) -> None:
        """Write how a candidate ended, and where the bytes of its page lie if they were kept."""
        with self.archive.writing() as db:
            insert_record(db, record)
            finish(db, outcome, now)

    def counts(self, topic_id: int, run_id: int) -> dict[str, int]:
        """How many candidates of a run stand in each state; `left` are those that wait and were not handed out."""
        with self.archive.reading() as db:
            rows = db.execute(
                "SELECT state, COUNT(*) FROM candidates WHERE topic_id = ? AND run_id = ? GROUP BY state",
                [topic_id, run_id],
            ).fetchall()
            left = db.execute(
                "SELECT COUNT(*) FROM candidates WHERE topic_id = ? AND state = 'waiting' AND run_id IS NOT ?",
                [topic_id, run_id],
            ).fetchone()[0]
        return {**dict(rows), "left": left}

    def full_hosts(self, run_id: int, per_host: int) -> dict[str, int]:
        """The hosts of which a run took as many as it may, with how many of each still wait."""
        query = """
            SELECT host, (SELECT COUNT(*) FROM candidates AS w WHERE w.host = t.host AND w.topic_id = t.topic_id
                AND w.state = 'waiting' AND w.run_id IS NOT t.run_id) AS waiting
            FROM candidates AS t WHERE run_id = ?
            GROUP BY host HAVING COUNT(*) >= ? AND waiting ORDER BY waiting DESC"""
        with self.archive.reading() as db:
            return dict(db.execute(query, [run_id, per_host]).fetchall())


def finish(db: object, outcome: OutcomeRow, now: str) -> None:
    """Write an outcome inside the caller's transaction; each outcome but a postponement counts as a try."""
    db.execute(  # type: ignore[attr-defined]  # sqlite-utils' Database, which archive/store.py hands down
        """UPDATE candidates SET state = :state, reason = :reason, next_try = :next_try, checked = :now,
        tries = tries + (:state != 'waiting'), score = COALESCE(:score, score) WHERE id = :id""",
        {
            "state": outcome.state, "reason": outcome.reason[:500], "next_try": outcome.next_try, "now": now,
            "score": outcome.score, "id": outcome.candidate_id,
        },
    )  # fmt: skip
