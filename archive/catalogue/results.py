"""What a search gives: one page of articles, and exact counts of all that it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archive.question import Question

Order = Literal["best", "newest", "oldest"]
ORDERS: tuple[Order, ...] = ("best", "newest", "oldest")
PAGE = 20  # articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a facet: how many articles have it, were it chosen; `label` is how people read it."""

    value: str
    label: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The most frequent values of a field, the chosen ones among them, and how many further ones there are.

    A field's own filter does not narrow its own counts, so that other values of it can be chosen beside.
    """

    field: str
    values: tuple[Value, ...]
    further: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of an answer.

    `articles` counts all that match, copies too; `listed` what the pages list: stories where copies are folded, else
    articles. `ids` are the articles of this page, in order; `found` says for each of them how many articles of its
    story match. `months` is the month and the count of each month from the first to the last of the matches, empty
    months too; the filters by time do not narrow it. Of the `articles`, `ranked` were ranked by their words ("best"
    only): the rest follows them, newest first. `is_whole` is False where time ran out: the counts are then those of the
    `searched` articles that arrived last.
    """

    question: Question
    order: Order
    articles: int
    listed: int
    ids: tuple[int, ...]
    found: tuple[int, ...]
    page: int
    pages: int
    facets: tuple[Facet, ...]
    months: tuple[tuple[str, int], ...]
    ranked: int
    searched: int
    is_whole: bool = True
