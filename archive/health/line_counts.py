"""The counts of the lines that outlets put around their articles, against the lines that are kept of each article.

The counts of one outlet are made a part at a time, so that memory does not grow with the archive.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.furniture import ARTICLES
from archive.health.diagnosis import Diagnosis, examples, mendable, well
from archive.health.patient import Patient
from archive.wording import counted

NAME = "lines"
PART = 2_000_000  # lines of one outlet that are counted at a time
OUTLETS = """
SELECT outlet_id, SUM(lines) FROM (
    SELECT outlet_id, length(lines) / 8 AS lines FROM article_lines
    UNION ALL SELECT outlet_id, 0 FROM furniture GROUP BY outlet_id)
GROUP BY outlet_id ORDER BY outlet_id
"""
LINES = "SELECT lines FROM article_lines WHERE outlet_id = ? AND length(lines) >= 8"
COUNTS = "SELECT line_hash, articles FROM furniture WHERE outlet_id = ? ORDER BY line_hash"
PUT = """
INSERT INTO furniture (outlet_id, line_hash, articles) VALUES (?, ?, ?)
ON CONFLICT (outlet_id, line_hash) DO UPDATE SET articles = excluded.articles
"""
TAKE = "DELETE FROM furniture WHERE outlet_id = ? AND line_hash = ?"

Numbers = NDArray[np.int64]


def examine(patient: Patient) -> Iterator[Diagnosis]:
    """Whether each line of each outlet is counted as often as it is there."""
    patient.progress(NAME, 0, 0)
    wrong = []
    with patient.look() as db:
        outlets = db.execute(OUTLETS).fetchall()
        for number, (outlet, lines) in enumerate(outlets):
            patient.progress(NAME, number, len(outlets))
            if next(differences(db, outlet, lines or 0), None) is not None:
                wrong.append(outlet)
    if wrong:
        what = f"{counted(len(wrong), 'outlet')} whose lines are miscounted{examples(f'id {one}' for one in wrong)}"
        yield mendable(NAME, what, "counts them again")
    else:
        yield well(NAME, f"counted right for {counted(len(outlets), 'outlet')}")


def differences(db: sqlite3.Connection, outlet: int, lines: int) -> Iterator[tuple[int, int]]:
    """Each line of an outlet whose count is wrong, with the right one; 0 for a line that no article has."""
    parts = lines // PART + 1
    for part in range(parts):
        right = counted_lines(db, outlet, part, parts)
        told = told_lines(db, outlet, part, parts)
        for line in np.union1d(right[0], told[0]):
            count = at(right, line)
            if count != at(told, line):
                yield int(line), count


def counted_lines(db: sqlite3.Connection, outlet: int, part: int, parts: int) -> tuple[Numbers, Numbers]:
    """The lines that an outlet's articles have, ascending, and how many have each; those of one part."""
    found: list[Numbers] = []
    articles = 0
    for (packed,) in db.execute(LINES, [outlet]):
        lines = np.unique(np.frombuffer(packed[: len(packed) // 8 * 8], dtype=np.int64))
        articles += 1
        found.append(lines[(lines % parts == part) & (lines != ARTICLES)])
    if articles and ARTICLES % parts == part:
        found.append(np.full(articles, ARTICLES, dtype=np.int64))
    values, counts = np.unique(np.concatenate(found), return_counts=True) if found else (empty(), empty())
    return values, counts.astype(np.int64)


def told_lines(db: sqlite3.Connection, outlet: int, part: int, parts: int) -> tuple[Numbers, Numbers]:
    """The lines that are counted for an outlet, ascending, and their counts; those of one part."""
    rows: list[Any] = [(line, count) for line, count in db.execute(COUNTS, [outlet]) if line % parts == part]
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def at(counts: tuple[Numbers, Numbers], line: np.int64) -> int:
    """How often a line is counted."""
    place = int(np.searchsorted(counts[0], line))
    return int(counts[1][place]) if place < len(counts[0]) and counts[0][place] == line else 0


def empty() -> Numbers:
    """No lines."""
    return np.empty(0, dtype=np.int64)


def mend(db: sqlite3.Connection, outlet: int, lines: int) -> int:
    """Count an outlet's lines again, in the caller's transaction; how many were wrong."""
    changed = 0
    for line, count in list(differences(db, outlet, lines)):
        db.execute(PUT, [outlet, line, count]) if count else db.execute(TAKE, [outlet, line])
        changed += 1
    return changed
