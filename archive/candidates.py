"""Candidates: the frontier, and the answer to "why is this page not in the archive?"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archive.queries import JUDGED
from archive.records import insert_record
from archive.rows import CandidateRow, JudgedRow, OutcomeRow, RecordRow, TakenRow
from archive.source_days import count_fresh, count_outcome
from archive.spares import revive, turn_to_spare
from archive.yields import count_yield

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

STEPS = 10  # links whose scores differ by less than a tenth are about as good
REASON = 500  # characters
UNSEEN = {"waiting", "failed", "refused"}  # states of a candidate whose page was not had

ADD = """
INSERT INTO candidates (topic_id, url, host, title, published, score, link_score, via, title_key, state, first_seen)
VALUES (:topic, :url, :host, :title, :published, :score, :score, :via, :title_key, :state, :now)
ON CONFLICT (topic_id, url) DO NOTHING
"""

# Only of those that still wait: an outcome was reached with what was known then.
BETTER = """
UPDATE candidates SET
    title = CASE WHEN title = '' OR (:score > score AND :title != '') THEN :title ELSE title END,
    title_key = CASE WHEN title = '' OR (:score > score AND :title != '') THEN :title_key
        WHEN title = :title THEN COALESCE(title_key, :title_key) ELSE title_key END,
    published = COALESCE(published, :published),
    score = MAX(score, :score),
    link_score = MAX(COALESCE(link_score, 0), :score),
    via = CASE WHEN :via = '' THEN '' ELSE via END,
    spare = CASE WHEN :via != '' AND via = '' THEN :via WHEN :via = '' AND via != '' THEN via ELSE spare END
WHERE topic_id = :topic AND url = :url AND (state = 'waiting' OR next_try IS NOT NULL)
    AND ((title = '' AND :title != '') OR (published IS NULL AND :published IS NOT NULL) OR :score > score
        OR (title_key IS NULL AND :title_key IS NOT NULL AND title = :title)
        OR (via != '' AND :via = '') OR (via = '' AND spare = '' AND :via != ''))
"""

SIGHT = """
INSERT INTO sightings (candidate_id, source_id, first_seen, last_seen, rank)
SELECT id, :source, :now, :now, :rank FROM candidates WHERE topic_id = :topic AND url = :url
ON CONFLICT (candidate_id, source_id) DO NOTHING
"""
SIGHT_AGAIN = """
UPDATE sightings SET last_seen = :now, rank = :rank
WHERE candidate_id = (SELECT id FROM candidates WHERE topic_id = :topic AND url = :url) AND source_id = :source
"""

COLUMNS = """c.id, c.url, c.host, c.title, c.published, c.score, c.tries,
    EXISTS (SELECT 1 FROM aliases JOIN article_topics USING (article_id) WHERE url = c.url AND topic_id = c.topic_id
        AND verdict != 'drop'),
    c.via"""

# A failed candidate waits again from its next_try on; without one, any outcome is an end.
QUEUED = """
WITH RECURSIVE queued(host) AS (
    SELECT MIN(host) FROM candidates WHERE topic_id = :topic AND (state = 'waiting' OR next_try IS NOT NULL)
    UNION ALL
    SELECT (SELECT MIN(host) FROM candidates
        WHERE topic_id = :topic AND (state = 'waiting' OR next_try IS NOT NULL) AND host > queued.host)
    FROM queued WHERE queued.host IS NOT NULL)
"""
# From host to host along the index, and of each host the best: the cost is that of the rows handed out, however many
# wait.
WAITING = f"""{QUEUED}
SELECT {COLUMNS} FROM queued CROSS JOIN candidates AS c ON c.id IN (
    SELECT id FROM candidates
    WHERE topic_id = :topic AND host = queued.host AND (state = 'waiting' OR next_try IS NOT NULL)
        AND (next_try IS NULL OR next_try <= :now) AND run_id IS NOT :run
    ORDER BY score DESC, id LIMIT :most)
WHERE queued.host NOT IN (SELECT host FROM hosts WHERE rests_until > :now)
"""

# What the sources list now, of that the known articles, and of those the ones that can be asked conditionally. CROSS
# JOIN keeps that order: SQLite would begin with all sightings of all times.
KNOWN = f"""
SELECT {COLUMNS} FROM candidates AS c
WHERE c.id IN (
    SELECT candidate_id FROM sources CROSS JOIN sightings ON source_id = sources.id AND last_seen >= last_listed)
AND c.topic_id = :topic AND c.state IN ('stored', 'unchanged', 'gone') AND c.run_id IS NOT :run
AND c.host NOT IN (SELECT host FROM hosts WHERE rests_until > :now)
AND (EXISTS (SELECT 1 FROM validators WHERE validators.url = c.url) OR EXISTS (
    SELECT 1 FROM aliases AS own JOIN aliases AS other USING (article_id) JOIN validators ON validators.url = other.url
    WHERE own.url = c.url))
AND NOT EXISTS (SELECT 1 FROM aliases AS led JOIN article_topics AS m USING (article_id)
    WHERE led.url = c.url AND m.topic_id = c.topic_id AND m.verdict = 'drop')
"""


Worth = Callable[[Sequence[TakenRow]], Sequence[float]]
"""What links are worth now, 0 to 1."""


class Candidates:
    """The links that were announced, for each topic."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def note(self, topic_id: int, source_id: int, rows: Sequence[CandidateRow], now: str) -> int:
        """Write what a source announced, with its sightings; how many candidates are new.

        One that waits keeps the better score with its title, and the first date; one that has ended stays as it is.
        """
        about = {"topic": topic_id, "source": source_id, "now": now}
        values = [
            about | {"url": row.url, "host": _host(row), "title": row.title, "published": row.published}
            | {"score": row.score, "rank": row.rank, "via": row.via, "title_key": row.title_key, "state": row.state}
            for row in rows
        ]  # fmt: skip
        with self.archive.writing() as db:
            new = db.conn.executemany(ADD, values).rowcount
            if new < len(values):
                revive(db, values)
                db.conn.executemany(BETTER, values)
            fresh = db.conn.executemany(SIGHT, values).rowcount
            if fresh < len(values):
                db.conn.executemany(SIGHT_AGAIN, values)
            count_fresh(db, source_id, now, fresh)
        return max(new, 0)

    def take(
        self, topic_id: int, run_id: int, limit: int, per_host: int, now: str, worth: Worth | None = None
    ) -> list[TakenRow]:
        """The best waiting candidates, at most `per_host` of a host in the whole run; each once a run.

        Links of about the same score take turns by host, the host with the fewest under way first, so that no host's
        delay holds up the others. `worth` says what the best of each host are worth now, where that is not their score.
        """
        with self.archive.writing() as db:
            most = min(limit, per_host)
            found = db.execute(WAITING, {"topic": topic_id, "run": run_id, "most": most, "now": now}).fetchall()
            rows = list(map(taken_row, found))
            if worth is not None and rows:
                rows = [replace(row, score=score) for row, score in zip(rows, worth(rows), strict=True)]
            return hand_out(db, rows, run_id, limit, per_host)

    def judged(self, topic_id: int, limit: int) -> list[JudgedRow]:
        """The candidates of a topic whose pages were judged last, by their words and not by their window."""
        with self.archive.reading() as db:
            found = db.execute(JUDGED, {"topic": topic_id, "limit": limit}).fetchall()
        return [
            JudgedRow(title=title, url=url, promised=promised, decision=decision)
            for title, url, promised, decision in found
        ]

    def take_known(self, topic_id: int, run_id: int, limit: int, per_host: int, now: str) -> list[TakenRow]:
        """Known articles that a source still lists and that can be asked conditionally, whenever they are due."""
        with self.archive.writing() as db:
            rows = db.execute(KNOWN, {"topic": topic_id, "run": run_id, "now": now}).fetchall()
            looks = [replace(taken_row(row), is_look=True) for row in rows]
            return hand_out(db, looks, run_id, limit, per_host)

    def finish(self, outcome: OutcomeRow, now: str, record: RecordRow | None = None) -> None:
        """Write how a candidate ended, and where the bytes of its page lie if they were kept."""
        with self.archive.writing() as db:
            record_id = insert_record(db, record)
            finish(db, outcome, now, record_id)
            self.archive.rechecks.ended(outcome, now)

    def standing(self, candidate_id: int, article_id: int) -> tuple[str, str]:
        """What the topic of a candidate has judged of an article, and the user said; each empty for nothing."""
        query = """SELECT verdict, answer FROM candidates AS c JOIN article_topics USING (topic_id)
            WHERE c.id = ? AND article_id = ?"""
        with self.archive.reading() as db:
            return db.execute(query, [candidate_id, article_id]).fetchone() or ("", "")

    def reason(self, candidate_id: int) -> str:
        """What was found when a candidate was looked at last."""
        with self.archive.reading() as db:
            row = db.execute("SELECT reason FROM candidates WHERE id = ?", [candidate_id]).fetchone()
        return "" if row is None else str(row[0])

    def come_from_home(self, candidate_id: int, reason: str, now: str) -> None:
        """Let a candidate wait whose bytes could not be had elsewhere: the next run asks its own address."""
        with self.archive.writing() as db:
            db.execute(
                "UPDATE candidates SET via = '', state = 'waiting', reason = ?, checked = ? WHERE id = ?",
                [reason[:REASON], now, candidate_id],
            )

    def waiting(self, topic_id: int, limit: int) -> list[TakenRow]:
        """The best candidates that wait, best first, without taking them."""
        query = f"""SELECT {COLUMNS} FROM candidates AS c WHERE c.topic_id = ? AND c.state = 'waiting'
            ORDER BY c.score DESC, c.id LIMIT ?"""
        with self.archive.reading() as db:
            return [taken_row(row) for row in db.execute(query, [topic_id, limit]).fetchall()]

    def counts(self, topic_id: int, run_id: int) -> dict[str, int]:
        """How many candidates of a run stand in each state; `left` are those that wait and were not handed out."""
        taken = "SELECT state, COUNT(*) FROM candidates WHERE topic_id = ? AND run_id = ? GROUP BY state"
        left = "SELECT COUNT(*) FROM candidates WHERE topic_id = ? AND state = 'waiting' AND run_id IS NOT ?"
        with self.archive.reading() as db:
            rows = db.execute(taken, [topic_id, run_id]).fetchall()
            return {**dict(rows), "left": db.execute(left, [topic_id, run_id]).fetchone()[0]}

    def full_hosts(self, run_id: int, per_host: int) -> dict[str, int]:
        """The hosts of which a run took as many as it may, with how many of each still wait."""
        query = """
            SELECT host, (SELECT COUNT(*) FROM candidates AS w WHERE w.topic_id = t.topic_id AND w.host = t.host
                AND (w.state = 'waiting' OR w.next_try IS NOT NULL) AND w.run_id IS NOT t.run_id) AS waiting
            FROM candidates AS t WHERE run_id = ?
            GROUP BY host HAVING COUNT(*) >= ? AND waiting ORDER BY waiting DESC, host"""
        with self.archive.reading() as db:
            return dict(db.execute(query, [run_id, per_host]).fetchall())


def _host(row: CandidateRow) -> str:
    """Whose page it is; of a link that is never asked itself, whom it announces, and empty where it does not tell."""
    return row.outlet if row.state == "unresolved" else row.host


def hand_out(db: Database, rows: Sequence[TakenRow], run_id: int, limit: int, per_host: int) -> list[TakenRow]:
    """The best of these rows, marked as taken by the run, inside the caller's transaction."""
    shares = "SELECT host, COUNT(*), SUM(state = 'waiting') FROM candidates WHERE run_id = ? GROUP BY host"
    taken, under_way = Counter[str](), Counter[str]()
    for host, count, waiting in db.execute(shares, [run_id]).fetchall():
        taken[host], under_way[host] = count, waiting
    best = in_turns(rows, taken, under_way, per_host)[:limit]
    db.conn.executemany("UPDATE candidates SET run_id = ? WHERE id = ?", [(run_id, row.id) for row in best])
    return best


def in_turns(rows: Iterable[TakenRow], taken: Counter[str], under_way: Counter[str], per_host: int) -> list[TakenRow]:
    """The rows that fit into their hosts' shares, best first, those of about the same score in turns by host."""
    placed: Counter[str] = Counter()
    order = []
    for row in sorted(rows, key=lambda row: (-row.score, row.id)):
        if taken[row.host] + placed[row.host] < per_host:
            order.append((-int(row.score * STEPS), under_way[row.host] + placed[row.host], -row.score, row.id, row))
            placed[row.host] += 1
    return [row for *_, row in sorted(order, key=lambda entry: entry[:-1])]


def taken_row(row: Sequence[Any]) -> TakenRow:
    """A row of COLUMNS, frozen."""
    number, url, host, title, published, score, tries, known, via = row
    return TakenRow(
        id=number, url=url, host=host, title=title, published=published, score=score, tries=tries, known=bool(known),
        via=via,
    )  # fmt: skip


def finish(db: Database, outcome: OutcomeRow, now: str, record_id: int | None = None) -> None:
    """Write an outcome inside the caller's transaction; `tries` counts the failures in a row.

    `record_id` is where the bytes of a page lie that became no article, if they were kept.
    """
    if outcome.is_look and outcome.state in UNSEEN:
        _unseen(db, outcome, now)
        return
    count_yield(db, outcome.candidate_id, outcome.state)
    count_outcome(db, outcome.candidate_id, outcome.state, now)
    due = outcome.next_try if outcome.state in {"waiting", "failed"} else None
    db.execute(
        """UPDATE candidates SET state = :state, reason = :reason, next_try = :due, checked = :now,
        tries = CASE :state WHEN 'failed' THEN tries + 1 WHEN 'waiting' THEN tries ELSE 0 END,
        score = COALESCE(:score, score), title_key = COALESCE(title_key, :title_key),
        matched = COALESCE(:matched, matched), record_id = COALESCE(:record, record_id) WHERE id = :id""",
        {
            "state": outcome.state, "reason": outcome.reason[:REASON], "due": due, "now": now, "score": outcome.score,
            "title_key": outcome.title_key, "matched": outcome.matched, "record": record_id,
            "id": outcome.candidate_id,
        },
    )  # fmt: skip
    turn_to_spare(db, outcome.candidate_id)


def _unseen(db: Database, outcome: OutcomeRow, now: str) -> None:
    """Write that a look at a known article brought no page; where it was only put off, there is nothing to write."""
    if outcome.state != "waiting":
        reason = f"the last look at it failed: {outcome.reason}"
        db.execute(
            "UPDATE candidates SET reason = ?, tries = tries + 1, checked = ? WHERE id = ?",
            [reason[:REASON], now, outcome.candidate_id],
        )
