"""Which of the articles found stands for the copies of its story: the original where it is found, else the earliest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import DATED, ID_BITS, LATEST, Flags, Ids, Keys, View
from archive.catalogue.filtering import Places, flags

UNDATED_LAST = (LATEST + 1) << ID_BITS
LAST = np.iinfo(np.int64).max
FEW = 20_000  # articles that are sorted; with more, work grows with the archive


@dataclass(frozen=True, slots=True)
class Folded:
    """One article of each story in no order, and the stories of all the others."""

    shown: Ids
    copies: NDArray[Any]


def folded(view: View, found: Ids) -> Folded:
    """The articles found, folded. Work grows with the articles, none is sorted."""
    ids = found.astype(np.intp)
    stories, is_original = view.story_of(ids), view.is_original[ids]
    of_originals, of_others = stories[is_original], stories[~is_original]
    originals, others = ids[is_original], ids[~is_original]
    has_original = flags(view.groups, of_originals)
    is_copy = has_original[of_others]
    copies = [of_others[is_copy]]
    others = others[~is_copy]
    if np.count_nonzero(has_original) < len(originals):  # some story has two
        is_first = _first_of_each(view, originals)
        copies.append(of_originals[~is_first])
        originals = originals[is_first]
    is_first = _first_of_each(view, others)
    copies.append(view.story_of(others[~is_first]))
    return Folded(np.concatenate([originals, others[is_first]]).astype(np.int32), np.concatenate(copies))


def refolded(before: Folded, view: View, ids: Ids, changed: NDArray[np.int64], stories: NDArray[np.int64]) -> Folded:
    """The articles found, folded, from what they were folded to before some articles changed.

    `stories` are all to which one of those belongs or belonged: the others are as they were.
    """
    is_changed, is_other_story = flags(view.size, changed), ~flags(view.groups, stories)
    stays = is_other_story[view.story_of(before.shown)] & ~is_changed[before.shown]
    again = folded(view, ids[~is_other_story[view.story_of(ids)]])
    copies = before.copies[is_other_story[before.copies]]
    return Folded(np.concatenate([before.shown[stays], again.shown]), np.concatenate([copies, again.copies]))


def oldest_first(keys: Keys) -> Keys:
    """The keys with those of articles without a date last."""
    return np.where(keys < DATED, keys + UNDATED_LAST, keys)


def _first_of_each(view: View, ids: Places) -> Flags:
    """Which articles are the earliest of their story."""
    keys, stories = oldest_first(view.key[ids]), view.story_of(ids)
    if len(ids) < FEW:
        order = np.lexsort((keys, stories))
        is_first = np.zeros(len(ids), np.bool_)
        is_first[order] = np.diff(stories[order], prepend=-1) != 0
        return is_first
    least = np.full(view.groups, LAST, np.int64)
    np.minimum.at(least, stories, keys)
    return np.asarray(keys == least[stories])  # no two keys are equal
