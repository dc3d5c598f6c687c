"""In which order the articles found are listed, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import MOST, Ids, Keys, View
from archive.catalogue.filtering import flags
from archive.catalogue.folding import Folded, oldest_first

FIRST_PAGES = 1_000  # places of a list that are ordered at once


@dataclass(frozen=True)
class Listing:
    """What the pages list of some articles: the ids of `head` in their order, then all others of `shown` by their date.

    `copies` are the stories of all articles that another one stands for; `ranked` articles were ordered by their words.
    It holds until some moment (monotonic), then they are ranked anew though nothing has changed.
    """

    of: Ids
    view: View
    is_oldest_first: bool
    head: Ids
    shown: Ids
    copies: NDArray[Any]
    ranked: int
    until: float = float("inf")

    def __len__(self) -> int:
        return len(self.shown)

    def ids(self, first: int, last: int) -> Ids:
        """The ids at some places, without the last one: any page costs the same."""
        tail = len(self.shown) - len(self.head)
        begins, ends = (min(max(0, place - len(self.head)), tail) for place in (first, last))
        return np.concatenate([self.head[first:last], ids_of(self._between(begins, ends))])

    def found(self, ids: Ids) -> NDArray[np.int64]:
        """How many articles each of these ids stands for, itself too."""
        place = np.zeros(self.view.groups, np.int32)
        place[self.view.story_of(ids)] = np.arange(1, len(ids) + 1)
        return 1 + np.bincount(place.take(self.copies), minlength=len(ids) + 1)[1:]

    @property
    def nbytes(self) -> int:
        """Bytes that it takes beside the articles found."""
        return self.head.nbytes + 8 * FIRST_PAGES + 500

    def _keys(self) -> Keys:
        """The keys of the tail, ascending in the order of the list: those of a descending order are negative."""
        tail = self.shown[~flags(self.view.size, self.head)[self.shown]] if len(self.head) else self.shown
        keys = self.view.key.take(tail)
        return oldest_first(keys) if self.is_oldest_first else -keys

    @cached_property
    def _first(self) -> Keys:
        """The keys of the first pages, in order."""
        keys = self._keys()
        if len(keys) <= FIRST_PAGES:
            return np.sort(keys)
        return np.sort(np.partition(keys, FIRST_PAGES)[:FIRST_PAGES])

    def _between(self, begins: int, ends: int) -> Keys:
        """The keys that come at some places when all are ordered."""
        if begins >= ends:
            return np.zeros(0, np.int64)
        if ends <= FIRST_PAGES:
            return self._first[begins:ends]
        keys = self._keys()
        if ends - begins > len(keys) // 8:
            return np.sort(keys)[begins:ends]
        return np.sort(np.partition(keys, (begins, ends - 1))[begins:ends])


def listing(
    view: View, ids: Ids, folded: Folded | None, *, is_oldest_first: bool, best: Ids | None, until: float = float("inf")
) -> Listing:
    """The list of the articles found. `best` are those that come first, in their order: the others go by their date.

    Folded, an article stands for all of its story that were found, where the best of them would stand.
    """
    head = np.zeros(0, np.int32) if best is None else best
    if folded is not None and len(head):
        head = _standing(view, head, folded.shown)
    return Listing(
        of=ids, view=view, is_oldest_first=is_oldest_first, head=head.astype(np.int32, copy=False),
        shown=ids if folded is None else folded.shown,
        copies=np.zeros(0, np.int32) if folded is None else folded.copies,
        ranked=0 if best is None else len(best), until=until,
    )  # fmt: skip


def ids_of(keys: Keys) -> Ids:
    """The ids in the keys of a tail."""
    return (np.abs(keys) & MOST).astype(np.int32)


def _standing(view: View, best: Ids, shown: Ids) -> Ids:
    """Who stands for the stories of the best articles, in the order of the best of each."""
    stands = np.zeros(view.groups, np.int32)
    stands[view.story_of(shown)] = shown
    for_each = stands[view.story_of(best)]
    _, places = np.unique(for_each, return_index=True)
    return np.asarray(for_each[np.sort(places)])
