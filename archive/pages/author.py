"""One name over articles: where, when and on what it stands, and beside whom."""

from __future__ import annotations

import json
from collections import Counter

from archive.pages.asked import Asked, Page
from archive.pages.gathered import absent, gathered, part
from archive.pages.timeline import timeline
from archive.queries import Reader, rows

READ = 200  # articles whose other names are told
NAMED = 10

BYLINES = "SELECT byline FROM articles WHERE id IN (SELECT value FROM json_each(:ids))"


def author(db: Reader, asked: Asked) -> Page:
    """The page of a name."""
    name = part(asked, "name")
    held = gathered(db, asked, ("author", name), latest=READ)
    if not held.articles:
        return absent("No such name", f"No articles under the name “{name}” are in this archive.", name)
    latest = held.latest[:12]
    shows = {
        "name": name,
        "held": held,
        "latest": latest,
        "months": timeline([held.months], held.asking),
        "beside": beside(db, list(held.results.ids), name),
        "read": min(READ, held.stories),
    }
    return Page(template="author.html", shows=shows)


def beside(db: Reader, ids: list[int], name: str) -> list[tuple[str, int]]:
    """The names that stand beside this one over some articles, with how many; most frequent first."""
    counts: Counter[str] = Counter()
    for one in rows(db, BYLINES, ids=json.dumps(ids)):
        counts.update({other for other in one["byline"].split(", ") if other and other != name})
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:NAMED]
