"""How the columns in memory follow the archive: one view after another, each of one moment."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import MOST, Bylines, Coded, Growing, Moment, Verdicts, View
from archive.catalogue.loading import (
    OUTLETS,
    TOPICS,
    Batch,
    Dictionaries,
    all_memberships,
    among,
    between,
    changed,
    memberships,
    moment_of,
    names,
)
from archive.errors import StoreError
from archive.queries import Reader

COLUMNS: Mapping[str, Any] = {
    "key": np.int64, "outlet": np.int32, "month": np.int32, "language": np.int32, "kind": np.int32,
    "byline": np.int32, "story": np.int32, "is_original": np.bool_, "is_there": np.bool_, "verdict": np.uint8,
}  # fmt: skip
BATCHED = tuple(one.name for one in fields(Batch) if one.name != "ids")

LOGGED = 256  # views
MOST_CHANGED = 5_000  # articles, by which what was worked out of an earlier view is brought to a later one

Numbers = NDArray[np.int64]


class Growth:
    """The columns, and the newest view of them. One thread at a time grows them; any may read the views."""

    def __init__(self, db: Reader) -> None:
        """All that there is, as the connection's transaction reads it."""
        self.columns = {name: Growing(kind) for name, kind in COLUMNS.items()}
        self.topics: dict[int, Growing] = {}
        self.words = Dictionaries(Coded(), Coded(), Coded(), Bylines())
        self.log: deque[tuple[int, Numbers]] = deque(maxlen=LOGGED)
        self.copies = 0
        self.rows_read, self.stories, self.has_strays = 0, 1, False
        moment = moment_of(db)
        size = self._reserve(moment.article + 1)
        for batch in between(db, 1, moment.article, self.words):
            self._write(0, batch)
        for topic, verdict, ids in all_memberships(db):
            self._topic(topic, size).array[ids[ids < size]] = verdict
        everything = np.arange(size)
        self.columns["verdict"].put(0, everything, self._best(everything))
        self.view = self._seen(0, moment, size, names(db, OUTLETS, 0), names(db, TOPICS, 0))

    def follow(self, db: Reader) -> View:
        """The view of the moment at which the connection's transaction reads; it is not before the last one."""
        view, moment = self.view, moment_of(db)
        if moment == view.moment:
            return view
        first = view.moment.article + 1
        touched = np.unique(np.array(changed(db, view.moment.change), np.int64))
        touched = touched[touched < first]
        batches = [*among(db, touched.tolist(), self.words), *between(db, first, moment.article, self.words)]
        read = np.concatenate([np.zeros(0, np.int64), *(batch.ids for batch in batches)])
        ids = np.union1d(touched, read)
        members = memberships(db, ids.tolist())
        outlets = names(db, OUTLETS, max(view.outlet_names, default=0))
        topics = names(db, TOPICS, 0)
        size = self._reserve(max(view.size, moment.article + 1))
        are_copied = [self._write(view.size, batch) for batch in batches]
        are_copied += [self.columns["is_there"].put(view.size, touched, np.isin(touched, read))]
        are_copied += [self._belong(view.size, size, ids, members)]
        self.copies += any(are_copied)
        self.log.append((view.number + 1, ids))
        self.view = self._seen(view.number + 1, moment, size, {**view.outlet_names, **outlets}, topics)
        return self.view

    def rename(self, db: Reader) -> View:
        """Take in what outlets and topics are called by now; articles stay as they are."""
        outlets, topics = names(db, OUTLETS, 0), names(db, TOPICS, 0)
        if (outlets, topics) != (self.view.outlet_names, self.view.topic_names):
            if is_other(self.view.outlet_names, outlets) or is_other(self.view.topic_names, topics):
                self.log.clear()  # what filters found by a name is found anew
            self.log.append((self.view.number + 1, np.zeros(0, np.int64)))
            self.view = replace(self.view, number=self.view.number + 1, outlet_names=outlets, topic_names=topics)
        return self.view

    def changed(self, before: View, view: View) -> Numbers | None:
        """The articles in which two views differ, ascending; None where they are too many, or it is too long ago."""
        log = [(number, ids) for number, ids in list(self.log) if before.number < number <= view.number]
        if len(log) != view.number - before.number or sum(len(ids) for _, ids in log) > MOST_CHANGED:
            return None
        return np.unique(np.concatenate([np.zeros(0, np.int64), *(ids for _, ids in log)]))

    def _reserve(self, size: int) -> int:
        """Make room for ids below `size`."""
        if size > MOST:
            raise StoreError(f"the archive has more than {MOST:,} articles, which are too many to be served")
        for column in (*self.columns.values(), *self.topics.values()):
            column.reserve(size)
        return size

    def _topic(self, topic: int, size: int) -> Growing:
        if topic not in self.topics:
            self.topics[topic] = Growing(np.uint8)
            self.topics[topic].reserve(size)
        return self.topics[topic]

    def _write(self, seen: int, batch: Batch) -> bool:
        """Write articles, of which some view may see those with ids below `seen`; whether that made copies."""
        self.rows_read += len(batch.ids)
        self.stories = max(self.stories, int(batch.story.max()) + 1)
        self.has_strays |= bool((batch.story < 0).any())
        values = {name: getattr(batch, name) for name in BATCHED} | {"is_there": np.ones(len(batch.ids), np.bool_)}
        are_copied = [self.columns[name].put(seen, batch.ids, column) for name, column in values.items()]
        return any(are_copied)

    def _belong(self, seen: int, size: int, ids: Numbers, members: Mapping[int, tuple[Numbers, Verdicts]]) -> bool:
        """Write the verdicts of all topics on these articles, which are ascending; whether that made copies."""
        nothing = np.zeros(0, np.int64), np.zeros(0, np.uint8)
        are_copied = []
        for topic in self.topics.keys() | members.keys():
            some, verdicts = members.get(topic, nothing)
            values = np.zeros(len(ids), np.uint8)
            values[np.searchsorted(ids, some)] = verdicts
            are_copied.append(self._topic(topic, size).put(seen, ids, values))
        return any([*are_copied, self.columns["verdict"].put(seen, ids, self._best(ids))])

    def _best(self, ids: Numbers) -> Verdicts:
        """The best verdict of all topics on each of these articles."""
        best = np.full(len(ids), 255, np.uint8)
        for column in self.topics.values():
            np.minimum(best, column.array[ids] - np.uint8(1), out=best)  # none, which is 0, becomes the largest
        return best + np.uint8(1)

    def _seen(
        self, number: int, moment: Moment, size: int, outlets: Mapping[int, tuple[str, str]],
        topics: Mapping[int, tuple[str, str]],
    ) -> View:  # fmt: skip
        words = self.words
        pairs = words.bylines.count
        return View(
            **{name: column.array[:size] for name, column in self.columns.items()},
            number=number,
            copies=self.copies,
            moment=moment,
            stories=self.stories,
            has_strays=self.has_strays,
            topics={topic: column.array[:size] for topic, column in self.topics.items()},
            months=words.months,
            languages=words.languages,
            kinds=words.kinds,
            bylines=words.bylines,
            of_byline=words.bylines.of_byline.array[:pairs],
            of_name=words.bylines.of_name.array[:pairs],
            outlet_names=outlets,
            topic_names=topics,
        )


def is_other(before: Mapping[int, tuple[str, str]], names: Mapping[int, tuple[str, str]]) -> bool:
    """Whether some outlet or topic that was known is found by another name."""
    return any(names.get(number, ("",))[0] != name for number, (name, _) in before.items())
