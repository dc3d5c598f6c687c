"""Full-text search: the best articles for what somebody typed, copies of one story folded into one answer."""

from __future__ import annotations

import json
from dataclasses import dataclass

from archive.match import expression
from archive.queries import MARKED, MATCHED, RANKED, WINDOW, Reader, row, rows
from archive.terms import NOTHING

START, END = "\x02", "\x03"  # stand around what was looked for, as in queries.MARKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One answer: an article, and how many copies its story has beside it.

    `marked_title` and `snippet` are hostile text in which `START` and `END` stand around what was looked for.
    """

    id: int
    url: str
    title: str
    outlet: str
    outlet_name: str
    published: str | None
    published_precision: str | None
    language: str
    copies: int
    marked_title: str
    snippet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a search found. `matches` counts articles, copies too, up to WINDOW; `is_empty` says no word was asked."""

    found: tuple[Found, ...]
    matches: int
    is_empty: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether only the newest arrivals among the matches were ranked."""
        return self.matches >= WINDOW


def search(db: Reader, typed: str, limit: int) -> Answer:
    """The best answers to whatever was typed."""
    match = expression(typed)
    counted = row(db, MATCHED, match=match, window=WINDOW) or {}
    best = rows(db, RANKED, match=match, window=WINDOW, limit=limit)
    marked = {one["id"]: one for one in rows(db, MARKED, match=match, ids=json.dumps([one["id"] for one in best]))}
    found = tuple(
        Found(
            id=one["id"],
            url=one["url"],
            title=one["title"],
            outlet=one["outlet"],
            outlet_name=one["outlet_name"],
            published=one["published"],
            published_precision=one["published_precision"],
            language=one["language"],
            copies=one["copies"],
            marked_title=marked[one["id"]]["title"],
            snippet=marked[one["id"]]["snippet"],
        )
        for one in best
    )
    return Answer(found=found, matches=counted.get("articles", 0), is_empty=match == NOTHING)


def unmarked(text: str) -> str:
    """The text without the marks."""
    return text.replace(START, "").replace(END, "")
