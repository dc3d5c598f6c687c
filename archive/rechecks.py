"""Rechecks: when each kept article is looked at again, and which are due."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from archive.belonging import PARKED, UNPARK
from archive.candidates import COLUMNS, hand_out, taken_row
from archive.rows import CaptureRows, OutcomeRow, TakenRow

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

Said = Literal["new", "changed", "not modified", "unchanged", "missed", "failed"]
OF_CHANGE: dict[str, Said] = {
    "new": "new",
    "version": "changed",
    "restored": "changed",
    "flapping": "unchanged",
    "unchanged": "unchanged",
    "refreshed": "unchanged",
}
# A candidate that stays waiting was not asked.
OF_STATE: dict[str, Said] = {
    "unchanged": "not modified",
    "off-topic": "unchanged",
    "duplicate": "unchanged",
    "gone": "missed",
    "not-an-article": "failed",
    "refused": "failed",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LookRow:
    """An article that was just looked at; times are ISO 8601 UTC text, `is_day` says that `published` has no time.

    `quiet` and `failures` are how many looks in a row, this one included, brought nothing new or no page.
    """

    article_id: int
    said: Said
    now: str
    published: str | None
    is_day: bool
    first_fetched: str
    is_removed: bool
    has_validators: bool
    quiet: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """When an article is looked at next (ISO 8601 UTC), and the minutes of the step that says so."""

    step: int
    due: str


NextLook = Callable[[LookRow], DueRow | None]
"""When an article that was looked at is looked at again; None for never."""

# From host to host along the index, and of each host and step those that are due longest.
QUEUED = """
WITH RECURSIVE queued(host) AS (
    SELECT MIN(host) FROM rechecks WHERE topic_id = :topic
    UNION ALL
    SELECT (SELECT MIN(host) FROM rechecks WHERE topic_id = :topic AND host > queued.host)
    FROM queued WHERE queued.host IS NOT NULL)
"""
OWN = "topic_id = :topic AND host = queued.host AND step = steps.value AND due <= :now"
# Out of the way: what this run was given already, what waits as a new link does, and what the topic has dropped.
FREE = """NOT EXISTS (
    SELECT 1 FROM candidates WHERE id = candidate_id
    AND (run_id IS :run OR via != '' OR state IN ('waiting', 'unresolved')))
    AND NOT EXISTS (SELECT 1 FROM article_topics AS m
        WHERE m.article_id = rechecks.article_id AND m.topic_id = rechecks.topic_id AND m.verdict = 'drop')"""
DUE = f"""
{QUEUED}
SELECT {COLUMNS}, r.step, r.due FROM queued CROSS JOIN json_each(:steps) AS steps
CROSS JOIN rechecks AS r ON r.candidate_id IN (
    SELECT candidate_id FROM rechecks WHERE {OWN} AND {FREE} ORDER BY due LIMIT :most)
CROSS JOIN candidates AS c ON c.id = r.candidate_id
WHERE queued.host NOT IN (SELECT host FROM hosts WHERE rests_until > :now)
"""
LEFT = f"""
{QUEUED}
SELECT COALESCE(SUM((SELECT COUNT(*) FROM rechecks WHERE {OWN} AND {FREE})), 0)
FROM queued CROSS JOIN json_each(:steps) AS steps
"""

ARTICLE = """
SELECT published, published_precision, removed, EXISTS (
    SELECT 1 FROM aliases JOIN validators USING (url) WHERE article_id = articles.id),
    COALESCE((SELECT MIN(fetched) FROM versions WHERE article_id = articles.id), fetched)
FROM articles WHERE id = ?
"""
PUT = """
INSERT INTO rechecks (article_id, topic_id, candidate_id, host, step, due)
SELECT :article, topic_id, id, host, 0, :now FROM candidates WHERE id = :candidate
ON CONFLICT (article_id, topic_id) DO NOTHING
"""
JOIN = """
INSERT INTO rechecks (article_id, topic_id, candidate_id, host, step, due, times, asked)
SELECT r.article_id, c.topic_id, c.id, c.host, r.step, r.due, r.times, r.asked
FROM candidates AS c CROSS JOIN rechecks AS r ON r.article_id = :article WHERE c.id = :candidate ORDER BY r.due LIMIT 1
ON CONFLICT DO NOTHING
"""
SET = f"""
UPDATE rechecks SET step = :step, due = CASE due WHEN '{PARKED}' THEN due ELSE :due END, times = :quiet,
    asked = CASE :said WHEN 'new' THEN asked ELSE :now END
WHERE article_id = :article
"""


class Rechecks:
    """The looks at articles that are still to come.

    An article has one row for each topic that keeps it, with the candidate by which that topic asks for it; all of them
    are due at the same time, so that whichever topic looks first looks for all. Without `next_look`, nothing is looked
    at, and nothing is due: so are runs that ask about the past.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.next_look: NextLook | None = None

    def stored(self, article_id: int, rows: CaptureRows, now: str) -> None:
        """Write when an article is due that was just stored, or found to be known.

        One that came into the archive from the past stays off the ladder, and a capture says nothing of the page today.
        """
        candidate = rows.outcome.candidate_id
        if self.next_look is None:
            return
        with self.archive.writing() as db:
            via = db.execute("SELECT via FROM candidates WHERE id = ?", [candidate]).fetchone()[0]
            if via:
                return
            # An address such as /latest has led on: where the article before is now, nobody knows.
            db.execute("DELETE FROM rechecks WHERE candidate_id = ? AND article_id != ?", [candidate, article_id])
            if rows.change == "new" or _times(db, article_id) is not None:
                said = OF_CHANGE[rows.change]
                own = db.execute("SELECT 1 FROM rechecks WHERE candidate_id = ?", [candidate]).fetchone()
                # That it came whole is no fault of a page that another address led to, or another topic asked for.
                said = "not modified" if said == "unchanged" and own is None else said
                db.execute(PUT, {"article": article_id, "candidate": candidate, "now": now})
                self._looked(db, article_id, candidate, said, now)

    def joined(self, article_id: int, candidate_id: int) -> None:
        """Let the topic of a candidate look at an article too, when the others that keep it do."""
        with self.archive.writing() as db:
            db.execute(JOIN, {"article": article_id, "candidate": candidate_id})
            topic = db.execute("SELECT topic_id FROM candidates WHERE id = ?", [candidate_id]).fetchone()[0]
            db.execute(UNPARK, {"article": article_id, "topic": topic})

    def ended(self, outcome: OutcomeRow, now: str) -> None:
        """Write when the article is due whose candidate ended so without a text that was stored."""
        said = OF_STATE.get(outcome.state)
        if self.next_look is None or said is None:
            return
        query = "SELECT article_id FROM rechecks WHERE candidate_id = ?"
        with self.archive.writing() as db:
            found = db.execute(query, [outcome.candidate_id]).fetchone()
            if found is not None:
                self._looked(db, found[0], outcome.candidate_id, said, now)

    def take(
        self, topic_id: int, run_id: int, limit: int, per_host: int, now: str, steps: Sequence[int],
        looks: Mapping[str, int], looks_per_host: int,
    ) -> list[TakenRow]:  # fmt: skip
        """The articles that are due, the longest due for their step first; each once a run.

        At most `per_host` of a host in the whole run, whatever they are, and `looks_per_host` with the `looks` that it
        had. `steps` are all minutes that a step may have.
        """
        values = {"topic": topic_id, "run": run_id, "now": now, "steps": json.dumps(steps)}
        with self.archive.writing() as db:
            found = db.execute(DUE, values | {"most": min(limit, looks_per_host)}).fetchall()
            rows = sorted((_due_row(row, now) for row in found), key=lambda row: (-row.score, row.id))
            placed = Counter(looks)
            chosen = []
            for row in rows:
                if placed[row.host] < looks_per_host:
                    placed[row.host] += 1
                    chosen.append(row)
            return hand_out(db, chosen, run_id, limit, per_host)

    def left(self, topic_id: int, run_id: int, now: str, steps: Sequence[int]) -> int:
        """How many articles are due that a run was not given."""
        values = {"topic": topic_id, "run": run_id, "now": now, "steps": json.dumps(steps)}
        with self.archive.reading() as db:
            return int(db.execute(LEFT, values).fetchone()[0])

    def _looked(self, db: Database, article_id: int, candidate: int, said: Said, now: str) -> None:
        """Write the next look, or that there is none any more."""
        published, precision, removed, has_validators, fetched = db.execute(ARTICLE, [article_id]).fetchone()
        tries = db.execute("SELECT tries FROM candidates WHERE id = ?", [candidate]).fetchone()[0]
        is_quiet = said in {"not modified", "unchanged"}
        before = _times(db, article_id) or 0
        look = LookRow(
            article_id=article_id, said=said, now=now, published=published, is_day=precision == "day",
            first_fetched=fetched, is_removed=removed is not None, has_validators=bool(has_validators),
            quiet=before + is_quiet if is_quiet or said in {"missed", "failed"} else 0, failures=tries,
        )  # fmt: skip
        assert self.next_look is not None
        due = self.next_look(look)
        if due is None:
            db.execute("DELETE FROM rechecks WHERE article_id = ?", [article_id])
            return
        values = {"article": article_id, "said": said, "now": now, "quiet": look.quiet}
        db.execute(SET, values | {"step": due.step, "due": due.due})


def _times(db: Database, article_id: int) -> int | None:
    """How many looks in a row brought nothing new; None of an article that is not looked at."""
    found = db.execute("SELECT MAX(times) FROM rechecks WHERE article_id = ?", [article_id]).fetchone()[0]
    return None if found is None else int(found)


def _due_row(row: Sequence[Any], now: str) -> TakenRow:
    """A row of DUE, frozen; its score is how long it is due for its step, from 0 to below 1."""
    *columns, step, due = row
    late = (datetime.fromisoformat(now) - datetime.fromisoformat(due)).total_seconds() / 60
    return replace(taken_row(columns), score=late / (late + step) if late else 0.0, is_look=True)
