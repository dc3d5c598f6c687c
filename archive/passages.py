"""The passages of a few articles in which what was looked for stands, with marks around it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import accumulate

from archive.pieces import END, START, Pieces, unmarked
from archive.queries import Reader, Row, rows
from archive.questions.typed import COLUMNS

LONGEST = 60_000  # characters of a body that are looked at, and
HEAD = 300  # of anything else
WORDS = 28  # of a passage
BEFORE = 8  # of them, at most, that stand before the first that is marked

# They are looked at by themselves: asked for one article, the index reads all that it has of a word that begins so.
TEXTS = """
SELECT id, substr(title, 1, :head) AS title, substr(byline, 1, :head) AS byline, substr(summary, 1, :head) AS summary,
    substr(body, 1, :longest) AS body
FROM articles WHERE id IN (SELECT value FROM json_each(:ids))
"""
# No word of a passage is longer, so that the passage has an end where the language has no spaces.
_WORD = re.compile(r"\S{1,40}")


def passages(db: Reader, ids: Sequence[int], words: str) -> dict[int, Row]:
    """Of each article that has any of the words of an FTS5 expression of ours, its `title` and a `snippet` of its text.

    Hostile text, in which START and END stand around what was looked for; the snippet is the beginning where no part
    of the text has it.
    """
    if not words or not ids:
        return {}
    asked = {"ids": json.dumps(list(ids)), "head": HEAD, "longest": LONGEST}
    with Pieces() as pieces:
        places = {one["id"]: added(pieces, one) for one in rows(db, TEXTS, **asked)}
        best = {number: place for place, number in enumerate(pieces.best(words))}
        found = {
            key: one for key, one in places.items() if any(number in best for some in one.values() for number in some)
        }
        bodies = {
            key: min(one["body"], key=lambda number: best.get(number, len(best)), default=0)
            for key, one in found.items()
        }
        titles = [number for one in found.values() for number in one["title"]]
        text = pieces.marked(words, [*titles, *filter(None, bodies.values())])
    return {
        key: {
            "title": "".join(text[number] for number in one["title"]),
            "snippet": passage(text.get(bodies[key], ""), is_first=bodies[key] in one["body"][:1]),
        }
        for key, one in found.items()
    }


def added(pieces: Pieces, article: Row) -> dict[str, range]:
    """The pieces of an article, by its columns."""
    return {name: pieces.add(name, unmarked(article[name])) for name in COLUMNS}


def passage(text: str, *, is_first: bool) -> str:
    """The words of a text around those that are marked, most of them; `is_first`: nothing stands before the text."""
    words = list(_WORD.finditer(text))
    if not words:
        return ""
    marks = [START in word[0] for word in words]
    totals = [0, *accumulate(marks)]
    last = max(0, len(words) - WORDS)
    first = max(range(last + 1), key=lambda place: totals[min(place + WORDS, len(words))] - totals[place])
    if True in marks[first:]:
        first = max(0, marks.index(True, first) - BEFORE)
    ends = words[min(first + WORDS, len(words)) - 1].end()
    begins = words[first].start()
    before, part = text[:begins], text[begins:ends]
    opened = START if before.rfind(START) > before.rfind(END) else ""
    closed = END if (opened + part).rfind(START) > part.rfind(END) else ""
    dots = "" if is_first and not first else "…"
    return f"{dots}{opened}{part}{closed}{'…' if ends < len(text.rstrip()) else ''}"
