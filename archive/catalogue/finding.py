"""The articles that answer a question with their counts: worked out once, then followed from view to view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import Ids, View
from archive.catalogue.counting import Counts, counts_of, followed, weight
from archive.catalogue.facets import facets, months
from archive.catalogue.filtering import Filtered, Places, flags
from archive.catalogue.folding import Folded, folded, refolded
from archive.catalogue.matches import Matching
from archive.catalogue.results import Facet
from archive.questions.question import Question


@dataclass(frozen=True)
class Sought:
    """In what a question looks: a view, with what matches its words and what is unwanted, as far as there are any."""

    view: View
    matching: Matching | None
    unwanted: Matching | None

    @property
    def low(self) -> int:
        """The least id that was looked at."""
        return max([1, *(one.low for one in (self.matching, self.unwanted) if one)])

    def everything(self) -> NDArray[Any]:
        """All articles that the words find, ascending."""
        ids = self.matching.ids if self.matching else self.view.everything
        ids = ids[np.searchsorted(ids, self.low) :]
        return ids[~flags(self.view.size, self.unwanted.ids)[ids]] if self.unwanted else ids

    def among(self, some: NDArray[np.int64]) -> NDArray[Any]:
        """Those of some ids, ascending, that the words find."""
        some = some[(some >= self.low) & (some < self.view.size)]
        some = some[among(some, self.matching.ids) if self.matching else self.view.is_there[some]]
        return some[~among(some, self.unwanted.ids)] if self.unwanted else some


@dataclass(frozen=True, kw_only=True)
class Found:
    """The articles that answer a question, ascending, with their counts."""

    sought: Sought
    ids: Ids
    counts: Counts
    facets: tuple[Facet, ...]
    months: tuple[tuple[str, int], ...]

    @property
    def view(self) -> View:
        """The view in which they were found."""
        return self.sought.view

    @property
    def nbytes(self) -> int:
        """Bytes that it takes, with what it is folded to and what it looked in, which nobody else may hold any more."""
        looked_in = sum(one.ids.nbytes for one in (self.sought.matching, self.sought.unwanted) if one)
        return 2 * self.ids.nbytes + looked_in + weight(self.counts) + 20_000

    @cached_property
    def folded(self) -> Folded:
        """One article of each story."""
        return folded(self.view, self.ids)


def found_in(sought: Sought, question: Question, known: Callable[[Sought, Ids], None]) -> Found:
    """The answer to a question, from all that its words find; `known` is told the articles before they are counted."""
    filtered = Filtered(sought.view, question, sought.everything())
    ids = filtered.full.astype(np.int32)
    known(sought, ids)
    return _found(sought, filtered, ids, counts_of(filtered))


def found_since(before: Found, sought: Sought, question: Question, changed: NDArray[np.int64]) -> Found:
    """The answer to a question, from an earlier one and the articles that changed since: both of all articles."""
    gone = Filtered(before.view, question, before.sought.among(changed))
    came = Filtered(sought.view, question, sought.among(changed))
    counts = followed(before.counts, counts_of(gone), counts_of(came))
    found = _found(sought, came, exchanged(before.ids, gone.full, came.full), counts)
    if "folded" in before.__dict__:
        stories = np.concatenate([before.view.story_of(gone.full), sought.view.story_of(came.full)])
        found.__dict__["folded"] = refolded(before.folded, sought.view, found.ids, changed, stories)
    return found


def _found(sought: Sought, filtered: Filtered, ids: Ids, counts: Counts) -> Found:
    return Found(
        sought=sought, ids=ids, counts=counts, facets=facets(filtered, counts), months=months(sought.view, counts)
    )


def exchanged(ids: Ids, gone: Places, came: Places) -> Ids:
    """Ascending ids without some that are among them, and with some others."""
    ids = np.delete(ids, np.searchsorted(ids, gone)) if len(gone) else ids
    if len(came) and len(ids) and came[0] < ids[-1]:
        return np.insert(ids, np.searchsorted(ids, came), came.astype(np.int32))
    return np.concatenate([ids, came.astype(np.int32)])


def among(some: NDArray[Any], ids: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of some numbers are among ascending ids."""
    if not len(ids):
        return np.zeros(len(some), np.bool_)
    return np.asarray(ids[np.searchsorted(ids, some).clip(max=len(ids) - 1)] == some)
