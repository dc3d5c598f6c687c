"""What a search gives: one page of articles, and exact counts of all that it found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archive.questions.question import Question

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
    articles. `ids` are the articles of this page, in order; `found` says for each of them how many of the matching
    articles it stands for, itself too: 1 where copies are not folded. `months` is the month and the count of each month
    from the first to the last of the matches, empty months too; the filters by time and month do not narrow it. Of the
    `articles`, `ranked` were ranked by their words ("best" only): the rest follows them, newest first; none were where
    to rank them would have taken too long. `searched` articles were looked at, all where `is_whole`; where time ran
    out, they are those that arrived last, and the counts are theirs. From `until` on (monotonic), the same question may
    have a better answer, though nothing has changed.
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
    until: float = float("inf")
