"""Which articles have what a question's filters ask for: the rules of the SQL conditions, kept in memory.

A field's values are alternatives, fields hold together, what is left out is left out. `language` also finds what begins
with the value and a hyphen, `author` one of the names of a byline in whatever letter case. The memberships that count
are those in the topics that are wanted, or all: an article's verdict is the best of them, and keep where there is none
and no topic is wanted. A topic that is left out is had by what it has not dropped. What is dropped is found only where
that is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import (
    DATED,
    DROP,
    EPOCH,
    ID_BITS,
    KEEP,
    LATEST,
    REVIEW,
    VERDICTS,
    Flags,
    Ids,
    Verdicts,
    View,
)
from archive.questions.question import Question

Places = NDArray[np.intp]

PLAIN = ("outlet", "month", "language", "author", "kind")
"""The fields that an article has by itself, not by its memberships."""

BEGINS = "0001-01-01T00:00:00Z"


class Filtered:
    """Of some articles of a view, which a question's words have found, those that its filters let pass."""

    def __init__(self, view: View, question: Question, ids: Ids) -> None:
        self.view, self.question = view, question
        self.ids: Places = ids.astype(np.intp)
        self.topics = [topic for topic, (name, _) in view.topic_names.items() if name in self.wanted("topic")]
        left_out = {VERDICTS[value] for value in self.wanted("verdict", is_without=True) if value in VERDICTS}
        ranks = {VERDICTS[value] for value in self.wanted("verdict") or ("keep", "review") if value in VERDICTS}
        self.ranks = sorted(ranks - left_out)
        self.allowed = sorted({KEEP, REVIEW, DROP} - left_out)
        self.passing: dict[str, Flags] = {}
        for field in PLAIN:
            if values := self.wanted(field):
                self.passing[field] = self._has(field, values)
            if values := self.wanted(field, is_without=True):
                self._leave_out(self._has(field, values))
        for topic in view.topics:
            if view.topic_names.get(topic, ("",))[0] in self.wanted("topic", is_without=True):
                self._leave_out(one_of(view.topics[topic][self.ids], [KEEP, REVIEW]))
        if question.since or question.until:
            low, high = bounds(question)
            key = view.key[self.ids]
            self.passing["time"] = (key >= low) & (key < high)

    def wanted(self, field: str, *, is_without: bool = False) -> frozenset[str]:
        """The values that are asked for, or left out."""
        return frozenset(
            one.value for one in self.question.filters if (one.field, one.is_without) == (field, is_without)
        )

    @cached_property
    def full(self) -> Places:
        """The articles that pass."""
        return self.ids[self._all_but(()) & self._belongs] if self.passing else self.ids[self._belongs]

    def but(self, *fields: str) -> Places:
        """The articles that pass all filters but those by some fields, which are no memberships."""
        if not self.passing.keys() & set(fields):
            return self.full
        return self.ids[self._all_but(fields) & self._belongs]

    @cached_property
    def whatever_verdict(self) -> Places:
        """The articles that pass all filters but those by topic and verdict, the rule on what is dropped among them."""
        return self.ids[self._all_but(())] if self.passing else self.ids

    def _all_but(self, fields: Iterable[str]) -> Flags:
        flags = [flags for field, flags in self.passing.items() if field not in fields]
        return np.logical_and.reduce(flags) if flags else np.ones(len(self.ids), np.bool_)

    def verdicts(self, ids: Places) -> Verdicts:
        """The best verdict on each article of the memberships that count; 0 where no membership does."""
        if not self.wanted("topic"):
            found = self.view.verdict[ids]
            return np.where(found == 0, np.uint8(KEEP), found)
        best = np.full(len(ids), 255, np.uint8)
        for topic in self.topics:
            np.minimum(best, self.verdicts_of(topic, ids) - np.uint8(1), out=best)
        return best + np.uint8(1)

    def verdicts_of(self, topic: int, ids: Places) -> Verdicts:
        """The verdict of one topic on each article."""
        column = self.view.topics.get(topic)
        return np.zeros(len(ids), np.uint8) if column is None else column[ids]

    @cached_property
    def _belongs(self) -> Flags:
        """Which articles have one of the verdicts that are wanted."""
        return one_of(self.verdicts(self.ids), self.ranks)

    def _leave_out(self, flags: Flags) -> None:
        before = self.passing.get("without")
        self.passing["without"] = ~flags if before is None else before & ~flags

    def _has(self, field: str, values: Iterable[str]) -> Flags:
        """Which articles have one of some values."""
        view = self.view
        if field == "outlet":
            codes = [number for number, (domain, _) in view.outlet_names.items() if domain in values]
            return one_of(view.outlet[self.ids], codes)
        if field == "author":
            lower = {value.lower() for value in values}
            names = [view.bylines.names[name] for name in lower if name in view.bylines.names]
            return one_of(view.byline[self.ids], view.of_byline[np.isin(view.of_name, names)].tolist())
        column, coded = {
            "month": (view.month, view.months),
            "kind": (view.kind, view.kinds),
            "language": (view.language, view.languages),
        }[field]
        if field == "language":
            values = [one for one in list(coded.values_in_order) if any(is_language(one, value) for value in values)]
        return one_of(column[self.ids], [coded[value] for value in values if value in coded])


def one_of(column: NDArray[Any], codes: list[int]) -> Flags:
    """Where a column has one of some codes."""
    if len(codes) == 1:
        return np.asarray(column == codes[0])
    table = np.zeros(max(codes, default=-1) + 2, np.bool_)  # its last place is that of all larger codes
    table[codes] = True
    return np.asarray(table.take(column, mode="clip"))


def flags(size: int, ids: NDArray[Any]) -> Flags:
    """Which numbers below `size` are among some."""
    found = np.zeros(size, np.bool_)
    found[ids] = True
    return found


def is_language(code: str, value: str) -> bool:
    """Whether a language code is what a value asks for: `en-GB` is, of `en`."""
    return f"{code.lower()}-".startswith(f"{value.lower()}-")


def bounds(question: Question) -> tuple[int, int]:
    """The keys between which the articles of a question's time lie; the second one is above all of them."""
    low = moment(question.since) if question.since else DATED
    return max(low, DATED), moment(question.until) if question.until else (1 << 63) - 1


def moment(said: str) -> int:
    """The least key of a time; a year, month or day is the moment at which it begins. What is no time is before all."""
    try:
        seconds = int(datetime.fromisoformat(said + BEGINS[len(said) :]).timestamp())
    except ValueError:
        return DATED
    return min(max(seconds + EPOCH, 1), LATEST) << ID_BITS
