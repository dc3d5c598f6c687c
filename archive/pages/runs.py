"""The last runs of crawls, with what each of them added."""

from __future__ import annotations

import json

from archive.queries import Reader, Row, rows

RUNS = """
SELECT r.id, t.name AS topic, t.title AS topic_title, r.started, r.finished, r.outcome, r.counts
FROM (SELECT * FROM runs ORDER BY id DESC LIMIT 2000) AS r JOIN topics AS t ON t.id = r.topic_id
WHERE t.name = :topic OR :topic = '' ORDER BY r.id DESC LIMIT :limit
"""


def runs(db: Reader, limit: int, topic: str = "") -> list[Row]:
    """The last runs, newest first, of one topic or of all; `new` are the articles that each of them added."""
    return [{**one, **added(one["counts"])} for one in rows(db, RUNS, topic=topic, limit=limit)]


def added(text: str | None) -> dict[str, int]:
    """What the counts of a run come to: articles that are new, new versions, pages fetched, links that failed."""
    try:
        read = json.loads(text or "{}")
    except ValueError:
        read = {}
    counts = read.items() if isinstance(read, dict) else ()
    numbers = {key: value for key, value in counts if isinstance(value, int)}
    versions = numbers.get("versions", 0)
    return {
        "new": max(numbers.get("outcome/stored", 0) - versions, 0),
        "versions": versions,
        "fetched": numbers.get("fetched", 0),
        "failed": numbers.get("outcome/failed", 0),
    }
