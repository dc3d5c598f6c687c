"""What an archive's runs have brought in each span of 24 hours, back from now."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from archive.queries import Reader

DAYS = 29  # the last one, and the four weeks before it
MOST = 5000  # runs, the newest: one each quarter of an hour for fifty days

LATELY = """
SELECT started, finished, counts FROM runs
WHERE id > (SELECT COALESCE(MAX(id), 0) FROM runs) - :most AND started >= :since ORDER BY id
"""

FIGURES = {
    "new": ("outcome/stored",), "copies": ("copies",), "versions": ("versions",), "review": ("review",),
    "found": ("found",), "failed": ("outcome/failed",), "refused": ("outcome/refused",), "removed": ("removed",),
    "runs": (),
}  # fmt: skip
"""Each figure with the counts of a run that it sums; a new version of an article is stored too, and is not new."""


def daily(db: Reader, now: datetime) -> list[dict[str, int]]:
    """The figures of each span of 24 hours, the last one first, back to the first run, at most four weeks and a day."""
    since = (now - timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    spans: dict[int, dict[str, int]] = {}
    for started, finished, counts in db.execute(LATELY, {"most": MOST, "since": since}):
        age = max((now - datetime.fromisoformat(finished or started)) // timedelta(days=1), 0)
        told = figures(json.loads(counts) if counts else {})
        span = spans.setdefault(age, dict.fromkeys(FIGURES, 0))
        for name, value in told.items():
            span[name] += value
    return [spans.get(age, dict.fromkeys(FIGURES, 0)) for age in range(max(spans, default=-1) + 1)]


def figures(counts: Mapping[str, Any]) -> dict[str, int]:
    """The figures of one run."""
    told = {name: sum(int(counts.get(key, 0)) for key in keys) for name, keys in FIGURES.items()}
    return {**told, "new": max(told["new"] - told["versions"], 0), "runs": 1}


def usual(days: Sequence[Mapping[str, int]]) -> dict[str, float]:
    """The middle of each figure over the days before the last one; nothing where fewer than three are known."""
    before = days[1:]
    return {name: median(day[name] for day in before) for name in FIGURES} if len(before) >= 3 else {}
