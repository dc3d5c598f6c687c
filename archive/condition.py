"""How an archive is: its last runs, what it holds, what failed, which sources answer, what it weighs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archive.daily import daily, usual
from archive.months import Month, months
from archive.queries import TOTALS, Reader, Row, row, rows
from archive.room import Room, room

RUNS = """
SELECT r.id, t.name AS topic, r.started, r.finished, r.outcome, r.counts FROM runs AS r
JOIN topics AS t ON t.id = r.topic_id ORDER BY r.id DESC LIMIT :limit
"""

# Each counted along an index, and the rows of the links themselves left alone.
STANDINGS = """
SELECT t.name, t.title, (SELECT COUNT(*) FROM article_topics WHERE topic_id = t.id AND verdict = 'keep') AS keep,
    (SELECT COUNT(*) FROM article_topics WHERE topic_id = t.id AND verdict = 'review') AS review,
    (SELECT COUNT(*) FROM article_topics WHERE topic_id = t.id AND verdict = 'drop') AS dropped
FROM topics AS t ORDER BY t.name
"""
STATES = """
SELECT t.name AS topic, c.state, c.candidates
FROM (SELECT topic_id, state, COUNT(*) AS candidates FROM candidates GROUP BY topic_id, state) AS c
JOIN topics AS t ON t.id = c.topic_id ORDER BY t.name, candidates DESC, c.state
"""

# Of millions of links that failed, those that were found last say what fails now.
NEWEST_FAILED = 2_000
FAILURES = """
SELECT c.state, c.reason, COUNT(*) AS candidates, MAX(c.checked) AS last, SUM(c.next_try IS NOT NULL) AS due_again,
    COALESCE(SUM(c.checked >= :since), 0) AS lately
FROM topics AS t CROSS JOIN (SELECT 'failed' AS state UNION ALL SELECT 'refused') AS s
CROSS JOIN candidates AS c ON c.id IN (
    SELECT id FROM candidates WHERE topic_id = t.id AND state = s.state ORDER BY id DESC LIMIT :newest)
GROUP BY c.state, c.reason ORDER BY candidates DESC, c.state, c.reason LIMIT :limit
"""

# Every article that links to others is a source of its own that nobody asks: those are passed over by the index.
SOURCES = """
SELECT channel, url, last_asked, last_success, last_status, last_reason, failures, items, new_items
FROM sources WHERE (channel < 'outlinks' OR channel > 'outlinks') AND last_asked IS NOT NULL
ORDER BY failures DESC, channel, url
"""

RESTING = "SELECT host, rests_until, reason FROM hosts WHERE rests_until > :now ORDER BY rests_until, host"

Windows = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The state of an archive. `disk` is bytes by part; `runs` come newest first, each with its counts.

    `days` are the figures of each span of 24 hours, the last one first, and `usual` the middle of those before it.
    `failures` are the reasons of the links that failed last, with how many did in the last 24 hours (`lately`).
    `coverage` is, for each topic, the months of its window with what was asked about them.
    """

    totals: Row
    runs: tuple[Row, ...]
    days: tuple[dict[str, int], ...]
    usual: dict[str, float]
    topics: tuple[Row, ...]
    failures: tuple[Row, ...]
    sources: tuple[Row, ...]
    resting: tuple[Row, ...]
    disk: dict[str, int]
    room: Room
    coverage: dict[str, tuple[Month, ...]]


def condition(
    db: Reader, data: Path, now: str, *, runs: int = 5, failures: int = 10, windows: Windows | None = None,
    links: bool = True,
) -> Condition:  # fmt: skip
    """The state of the archive in a data folder; `now` says which hosts rest and what happened lately.

    `windows` are the first and the last month of each topic whose coverage is told. With `links`, each topic has its
    links by state (`candidates`): they are counted one by one.
    """
    at = datetime.fromisoformat(now)
    totals, disk, days = row(db, TOTALS) or {}, weights(data), daily(db, at)
    since = (at - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Condition(
        totals=totals,
        runs=tuple(counted(one) for one in rows(db, RUNS, limit=runs)),
        days=tuple(days),
        usual=usual(days),
        topics=standings(db, links=links),
        failures=tuple(rows(db, FAILURES, limit=failures, newest=NEWEST_FAILED, since=since)),
        sources=tuple(rows(db, SOURCES)),
        resting=tuple(rows(db, RESTING, now=now)),
        disk=disk,
        room=room(data, days, totals["articles"], disk["database"], at.timestamp()),
        coverage={topic: months(db, topic, *window) for topic, window in (windows or {}).items()},
    )


def standings(db: Reader, *, links: bool) -> tuple[Row, ...]:
    """Each topic with its articles by verdict, and with its links by state where they are wanted."""
    states: dict[str, dict[str, int]] = {}
    for one in rows(db, STATES) if links else ():
        states.setdefault(one["topic"], {})[one["state"]] = one["candidates"]
    return tuple(
        {**one, "articles": one["keep"] + one["review"], "candidates": states.get(one["name"], {})}
        for one in rows(db, STANDINGS)
    )


def counted(run: Row) -> Row:
    """A run without its id, its counts as numbers by name."""
    counts = json.loads(run["counts"]) if run["counts"] else {}
    return {**{key: value for key, value in run.items() if key != "id"}, "counts": counts}


def weights(data: Path) -> dict[str, int]:
    """Bytes on disk of each part of a data folder."""
    return {
        "database": sum(weight(path) for path in data.glob("news.db*")),
        "warc": weight(data / "warc"),
        "snapshots": weight(data / "snapshots"),
    }


def weight(path: Path) -> int:
    """Bytes of a file, or of all files below a folder; 0 where there is none."""
    try:
        if path.is_dir() and not path.is_symlink():
            return sum(weight(below) for below in path.iterdir())
        return path.lstat().st_size
    except FileNotFoundError:  # a crawl may rename or remove it meanwhile
        return 0
