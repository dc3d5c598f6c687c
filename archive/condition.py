"""How an archive is: its last runs, what it holds, what failed, which sources answer, what it weighs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.months import Month, months
from archive.queries import TOPICS, TOTALS, Reader, Row, row, rows

RUNS = """
SELECT r.id, t.name AS topic, r.started, r.finished, r.outcome, r.counts FROM runs AS r
JOIN topics AS t ON t.id = r.topic_id ORDER BY r.id DESC LIMIT :limit
"""

STATES = """
SELECT t.name AS topic, c.state, COUNT(*) AS candidates FROM candidates AS c JOIN topics AS t ON t.id = c.topic_id
GROUP BY t.name, c.state ORDER BY t.name, candidates DESC, c.state
"""

FAILURES = """
SELECT c.state, c.reason, COUNT(*) AS candidates, MAX(c.checked) AS last, SUM(c.next_try IS NOT NULL) AS due_again
FROM candidates AS c WHERE c.state IN ('failed', 'refused')
GROUP BY c.state, c.reason ORDER BY candidates DESC, c.state, c.reason LIMIT :limit
"""

SOURCES = """
SELECT channel, url, last_asked, last_success, last_status, last_reason, failures, items, new_items
FROM sources WHERE last_asked IS NOT NULL ORDER BY failures DESC, channel, url
"""

RESTING = "SELECT host, rests_until, reason FROM hosts WHERE rests_until > :now ORDER BY rests_until, host"

Windows = Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The state of an archive. `disk` is bytes by part; `runs` come newest first, each with its counts.

    `coverage` is, for each topic, the months of its window with what was asked about them.
    """

    totals: Row
    runs: tuple[Row, ...]
    topics: tuple[Row, ...]
    failures: tuple[Row, ...]
    sources: tuple[Row, ...]
    resting: tuple[Row, ...]
    disk: dict[str, int]
    coverage: dict[str, tuple[Month, ...]]


def condition(
    db: Reader, data: Path, now: str, *, runs: int = 5, failures: int = 10, windows: Windows | None = None
) -> Condition:
    """The state of the archive in a data folder; `now` says which hosts rest.

    `windows` are the first and the last month of each topic whose coverage is told.
    """
    states: dict[str, dict[str, int]] = {}
    for one in rows(db, STATES):
        states.setdefault(one["topic"], {})[one["state"]] = one["candidates"]
    return Condition(
        totals=row(db, TOTALS) or {},
        runs=tuple(counted(one) for one in rows(db, RUNS, limit=runs)),
        topics=tuple({**one, "candidates": states.get(one["name"], {})} for one in rows(db, TOPICS)),
        failures=tuple(rows(db, FAILURES, limit=failures)),
        sources=tuple(rows(db, SOURCES)),
        resting=tuple(rows(db, RESTING, now=now)),
        disk=weights(data),
        coverage={topic: months(db, topic, *window) for topic, window in (windows or {}).items()},
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
