"""The columns of all articles in memory, by article id, and views of them that stay true while the columns grow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]
Codes = NDArray[np.int32]
Keys = NDArray[np.int64]
Flags = NDArray[np.bool_]
Verdicts = NDArray[np.uint8]

KEEP, REVIEW, DROP = 1, 2, 3
VERDICTS = {"keep": KEEP, "review": REVIEW, "drop": DROP}
"""How a verdict is written in a column, the better the less; 0 where there is none."""

ID_BITS = 24
MOST = (1 << ID_BITS) - 1
"""The largest id of an article: a key holds its time and its id in one number, so that an order needs one column."""

DATED = 1 << ID_BITS
"""The least key of an article with a date."""

LATEST = (1 << 39) - 2  # seconds in a key; 17,000 years
EPOCH = 62_167_219_201  # seconds from the year 0 to 1970, and one: a key without seconds has no date

ROOM = 1.3  # times what a column holds, when it has to move


def keys_of(ids: NDArray[np.int64], seconds: Keys, undated: Flags) -> Keys:
    """The keys of articles: seconds since the year 0, 0 where undated, and the id below."""
    moved = np.where(undated, 0, np.clip(seconds + EPOCH, 1, LATEST))
    return (moved << ID_BITS) | ids


class Coded(dict[str, int]):
    """The different values of a column of words, numbered in the order in which they came. It only grows."""

    def __init__(self) -> None:
        super().__init__()
        self.values_in_order: list[str] = []

    def __missing__(self, value: str) -> int:
        self[value] = code = len(self.values_in_order)
        self.values_in_order.append(value)
        return code


class Growing:
    """A column. What lies before the end of a view never changes under it: a change makes a copy, growth does not."""

    def __init__(self, kind: Any) -> None:
        self.array: NDArray[Any] = np.zeros(1024, kind)

    def reserve(self, size: int) -> None:
        """Make room for so many values."""
        if size > len(self.array):
            moved = np.zeros(int(size * ROOM), self.array.dtype)
            moved[: len(self.array)] = self.array
            self.array = moved

    def put(self, seen: int, ids: NDArray[np.int64], values: NDArray[Any]) -> bool:
        """Write values at ascending ids, of which some view may see those below `seen`; whether that made a copy."""
        old = int(np.searchsorted(ids, seen))
        is_other = bool(old and (self.array[ids[:old]] != values[:old]).any())
        if is_other:
            self.array = self.array.copy()
            self.array[ids[:old]] = values[:old]
        self.array[ids[old:]] = values[old:]
        return is_other

    def append(self, length: int, values: list[int]) -> None:
        """Write values behind the first `length`."""
        self.reserve(length + len(values))
        self.array[length : length + len(values)] = values


class Bylines(Coded):
    """The different bylines, and whose they are: names joined with ", ", letter case aside."""

    def __init__(self) -> None:
        super().__init__()
        self.names = Coded()  # in small letters
        self.labels: list[str] = []  # of each name, as it was met first
        self.count = 0  # pairs of a byline and one of its names
        self.of_byline, self.of_name = Growing(np.int32), Growing(np.int32)

    def __missing__(self, value: str) -> int:
        code = super().__missing__(value)
        found = {name.lower(): name for name in reversed(value.split(", "))}
        names = []
        for name, label in found.items():
            if name not in self.names:
                self.labels.append(label)  # first: who reads meanwhile finds a name by what is looked for
            names.append(self.names[name])
        self.of_byline.append(self.count, [code] * len(names))
        self.of_name.append(self.count, names)
        self.count += len(names)
        return code


@dataclass(frozen=True, slots=True)
class Moment:
    """How far an archive was read: the last change that was numbered, and the last article that had come."""

    change: int = 0
    article: int = 0


@dataclass(frozen=True)
class View:
    """All articles as of one moment. Columns are as long as the largest id; `is_there` says which ids are articles."""

    number: int
    copies: int
    """How often columns were copied until then, since an article changed that other views had seen."""
    moment: Moment
    key: Keys
    outlet: Codes
    month: Codes
    language: Codes
    kind: Codes
    byline: Codes
    story: Codes
    """-1 where there is none."""
    stories: int
    """One more than the largest number of a story."""
    has_strays: bool
    """Whether there may be articles without a story."""
    is_original: Flags
    is_there: Flags
    verdict: Verdicts
    """The best of all topics."""
    topics: Mapping[int, Verdicts]
    months: Coded
    languages: Coded
    kinds: Coded
    bylines: Bylines
    of_byline: Codes
    of_name: Codes
    outlet_names: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Domain and name of each outlet."""
    topic_names: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    """Name and title of each topic."""

    @property
    def size(self) -> int:
        """One more than the largest id."""
        return len(self.key)

    @cached_property
    def everything(self) -> Ids:
        """The ids of all articles."""
        return np.flatnonzero(self.is_there).astype(np.int32)

    def count(self, low: int = 0) -> int:
        """How many articles there are, of those with ids from `low` on."""
        return int(np.count_nonzero(self.is_there[low:]))

    @property
    def groups(self) -> int:
        """One more than the largest number that `story_of` gives."""
        return self.stories + (self.size if self.has_strays else 0)

    def story_of(self, ids: NDArray[Any]) -> NDArray[Any]:
        """A number of the story of each article, that of an article without one is its own."""
        found = self.story[ids]
        return np.where(found < 0, self.stories + ids, found) if self.has_strays else found
