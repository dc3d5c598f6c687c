"""In which order the articles found are listed, and which one stands for the copies of its story."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import DATED, ID_BITS, LATEST, MOST, Ids, Keys, View
from archive.catalogue.filtering import Places

UNDATED_LAST = (LATEST + 1) << ID_BITS
LAST = np.iinfo(np.int64).max
FIRST = np.int64(-1 << 62)

FIRST_PAGES = 1_000  # places of a list that are ordered at once
FEW = 20_000  # articles that are sorted; with more, work grows with the archive


@dataclass(frozen=True)
class Listing:
    """What the pages list: the ids of `head` in their order, then those of `tail`, which are ordered where it is read.

    `copies` are the stories of all articles that another one stands for; `ranked` articles were ordered by their words,
    of all these ids.
    """

    of: Places
    view: View
    is_oldest_first: bool
    head: Ids
    tail: Places
    copies: NDArray[Any]
    ranked: int

    def __len__(self) -> int:
        return len(self.head) + len(self.tail)

    def ids(self, first: int, last: int) -> Ids:
        """The ids at some places, without the last one: any page costs the same."""
        begins, ends = (min(max(0, place - len(self.head)), len(self.tail)) for place in (first, last))
        return np.concatenate([self.head[first:last], ids_of(self._between(begins, ends))])

    def found(self, ids: Ids) -> NDArray[np.int64]:
        """How many articles each of these ids stands for, itself too."""
        place = np.zeros(self.view.groups, np.int32)
        place[self.view.story_of(ids)] = np.arange(1, len(ids) + 1)
        return 1 + np.bincount(place[self.copies], minlength=len(ids) + 1)[1:]

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return self.head.nbytes + 2 * self.tail.nbytes + self.copies.nbytes + 500

    @cached_property
    def _keys(self) -> Keys:
        """The keys of the tail, ascending in the order of the list: those of a descending order are negative."""
        keys = self.view.key[self.tail]
        return oldest_first(keys) if self.is_oldest_first else -keys

    @cached_property
    def _first(self) -> Keys:
        """The keys of the first pages, in order."""
        if len(self._keys) <= FIRST_PAGES:
            return np.sort(self._keys)
        return np.sort(np.partition(self._keys, FIRST_PAGES)[:FIRST_PAGES])

    def _between(self, begins: int, ends: int) -> Keys:
        """The keys that come at some places when all are ordered."""
        if begins >= ends:
            return np.zeros(0, np.int64)
        if ends <= FIRST_PAGES:
            return self._first[begins:ends]
        if ends - begins > len(self.tail) // 8:
            return np.sort(self._keys)[begins:ends]
        return np.sort(np.partition(self._keys, (begins, ends - 1))[begins:ends])


def listing(view: View, ids: Places, *, is_oldest_first: bool, is_folded: bool, best: Ids | None = None) -> Listing:
    """The list of the articles found. `best` are those that come first, in their order: the others go by their date.

    Folded, an article stands for all of its story that were found: the original, else the best of `best`, else the
    earliest. It stands where the best of its story would.
    """
    head = np.zeros(0, np.int32) if best is None else best
    shown, copies = folded(view, ids, head) if is_folded else (ids, np.zeros(0, np.int32))
    if len(head):
        if is_folded:
            head, shown = _standing(view, head, shown)
        else:
            shown = shown[~_flags(view.size, head)[shown]]
    return Listing(
        of=ids, view=view, is_oldest_first=is_oldest_first, head=head.astype(np.int32), tail=shown, copies=copies,
        ranked=0 if best is None else len(best),
    )  # fmt: skip


def folded(view: View, ids: Places, best: Ids) -> tuple[Places, NDArray[Any]]:
    """One article of each story, and the stories of all others. Work grows with the articles, none is sorted."""
    stories, is_original = view.story_of(ids), view.is_original[ids]
    of_originals, of_others = stories[is_original], stories[~is_original]
    originals, others = ids[is_original], ids[~is_original]
    has_original = np.zeros(view.groups, np.bool_)
    has_original[of_originals] = True
    copies = [of_others[has_original[of_others]]]
    others = others[~has_original[of_others]]
    if np.count_nonzero(has_original) < len(originals):  # some story has two
        is_first = _first_of_each(view, originals, best)
        copies.append(of_originals[~is_first])
        originals = originals[is_first]
    is_first = _first_of_each(view, others, best)
    copies.append(view.story_of(others[~is_first]))
    return np.concatenate([originals, others[is_first]]), np.concatenate(copies)


def ids_of(keys: Keys) -> Ids:
    """The ids in the keys of a tail."""
    return (np.abs(keys) & MOST).astype(np.int32)


def oldest_first(keys: Keys) -> Keys:
    """The keys with those of articles without a date last."""
    return np.where(keys < DATED, keys + UNDATED_LAST, keys)


def _first_of_each(view: View, ids: Places, best: Ids) -> NDArray[np.bool_]:
    """Which articles come first in their story: in `best`, else by their date."""
    if not len(ids):
        return np.zeros(0, np.bool_)
    keys = oldest_first(view.key[ids])
    if len(best):
        rank = np.zeros(view.size, np.int32)
        rank[best] = np.arange(len(best), 0, -1)
        keys = np.where(rank[ids] > 0, FIRST - rank[ids], keys)
    stories = view.story_of(ids)
    if len(ids) < FEW:
        order = np.lexsort((keys, stories))
        ordered = stories[order]
        is_first = np.zeros(len(ids), np.bool_)
        is_first[order[np.concatenate([[True], ordered[1:] != ordered[:-1]])]] = True
        return is_first
    least = np.full(view.groups, LAST, np.int64)
    np.minimum.at(least, stories, keys)
    return np.asarray(keys == least[stories])  # no two keys are equal


def _standing(view: View, best: Ids, shown: Places) -> tuple[Ids, Places]:
    """Who stands for the stories of the best articles, in the order of the best of each, and who else is shown."""
    stands = np.zeros(view.groups, np.int32)
    stands[view.story_of(shown)] = shown
    for_each = stands[view.story_of(best)]
    _, places = np.unique(for_each, return_index=True)
    head = for_each[np.sort(places)]
    return head, shown[~_flags(view.size, head)[shown]]


def _flags(size: int, ids: NDArray[Any]) -> NDArray[np.bool_]:
    flags = np.zeros(size, np.bool_)
    flags[ids] = True
    return flags
