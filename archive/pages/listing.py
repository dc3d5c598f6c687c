"""Articles as every list of them shows them: one row each, with what was looked for marked."""

from __future__ import annotations

import json
from collections.abc import Sequence

from archive.passages import passages
from archive.queries import Reader, Row, row, rows

ENTRIES = """
SELECT a.id, a.url, a.title, a.byline, a.summary, o.domain AS outlet, o.name AS outlet_name, a.published,
    a.published_precision, a.fetched, a.month, a.language, a.kind, a.words, a.wire, a.is_paywalled, a.removed,
    a.story_id, a.story_relation, COALESCE(s.size, 1) AS copies, COALESCE(s.outlets, 1) AS outlets, (
        SELECT group_concat(verdict, ' ') FROM article_topics WHERE article_id = a.id) AS verdicts
FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN stories AS s ON s.id = a.story_id
WHERE a.id IN (SELECT value FROM json_each(:ids))
"""

SAMPLE = 60  # articles, from the first to the last
LANGUAGE = """
SELECT substr(language, 1, instr(language || '-', '-') - 1) AS tongue, COUNT(*) AS articles FROM articles
WHERE id IN (SELECT value FROM json_each(:ids)) AND language != ''
GROUP BY tongue ORDER BY articles DESC, tongue LIMIT 1
"""


IS_EMPTY = "SELECT NOT EXISTS (SELECT 1 FROM articles)"


def listed(db: Reader, ids: Sequence[int], words: str = "") -> list[Row]:
    """The articles of these ids, in their order; those that are gone meanwhile are left out.

    Each has `marked_title` and `snippet`: hostile text, in which the control characters 2 and 3 stand around what
    matches the FTS5 expression `words`; both are empty where nothing does. `copies` and `outlets` count its story, the
    article itself too. `verdict` is the best one of all topics, empty where it is in none.
    """
    keys = json.dumps(list(ids))
    found = {one["id"]: one for one in rows(db, ENTRIES, ids=keys)}
    marks = passages(db, ids, words)
    empty = {"title": "", "snippet": ""}
    return [
        {
            **found[key],
            "marked_title": mark["title"],
            "snippet": mark["snippet"],
            "verdict": best_verdict(found[key].pop("verdicts")),
        }
        for key, mark in ((key, marks.get(key, empty)) for key in dict.fromkeys(ids))
        if key in found
    ]


def best_verdict(verdicts: str | None) -> str:
    """The best of several verdicts."""
    return next((one for one in ("keep", "review", "drop") if one in (verdicts or "").split()), "")


def is_empty(db: Reader) -> bool:
    """Whether there is no article at all, also none that a reader said no to."""
    return bool(db.execute(IS_EMPTY).fetchone()[0])


def main_language(db: Reader) -> str:
    """The language of most articles, as far as a sample tells that is taken from the whole archive; else nothing."""
    last = db.execute("SELECT MAX(id) FROM articles").fetchone()[0] or 0
    ids = list(range(last, 0, -max(1, last // SAMPLE)))[:SAMPLE]
    found = row(db, LANGUAGE, ids=json.dumps(ids))
    return found["tongue"] if found else ""
