"""Which articles match an expression of the full-text index: asked once, then followed as the archive grows."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.asking import BEGINNING, FEW, is_broken_off, matching, matching_apart, matching_of, until
from archive.catalogue.columns import Ids, Moment
from archive.catalogue.kept import Kept
from archive.catalogue.loading import changed
from archive.queries import Reader

ROOM = 96 * 1024 * 1024  # bytes of all that is kept
CHUNK = 131_072  # ids that are asked first
FOREVER = float("inf")
FASTER = 4  # times as many are asked next
MOST_CHANGED = 20_000  # articles; where more have changed, all are asked anew
LOCKS = 61


@dataclass(frozen=True, slots=True)
class Matching:
    """The articles that match as of one moment, ascending: of those with ids from `low` on, which is 1 for all.

    `seconds` of one core were spent on asking.
    """

    moment: Moment
    ids: Ids
    low: int
    seconds: float

    @property
    def is_whole(self) -> bool:
        """Whether all articles were asked."""
        return self.low <= 1


class Matches:
    """What was asked last. Two threads that ask for one expression do its work once."""

    def __init__(self, room: int = ROOM) -> None:
        self.kept: Kept[Matching] = Kept(room)
        self.locks = [threading.Lock() for _ in range(LOCKS)]

    def known(self, expressions: Sequence[str], moment: Moment) -> list[Matching] | None:
        """The whole answers as of a moment, where they are at hand."""
        found = [self.kept.get(expression) for expression in expressions]
        whole = [one for one in found if one is not None and one.moment == moment and one.is_whole]
        return whole if len(whole) == len(expressions) else None

    @contextmanager
    def asking(self, expressions: Sequence[str]) -> Iterator[None]:
        """The right to work on some expressions; whoever begins a transaction inside reads no less than is kept."""
        with ExitStack() as stack:
            for number in sorted({hash(expression) % LOCKS for expression in expressions}):
                stack.enter_context(self.locks[number])
            yield

    def ask(self, db: Reader, expression: str, moment: Moment, ends: float) -> Matching:
        """The answer as of the moment at which the connection reads, from what is kept and what is new.

        Those that arrived last are asked first; where time is over (monotonic), the rest is left to another time.
        """
        before = self.kept.get(expression)
        found = None if before is None else followed(db, expression, before, moment)
        if found is None:
            found = Matching(moment, np.zeros(0, np.int32), moment.article + 1, 0.0)
        found = completed(db, expression, found, ends)
        self.kept.put(expression, found, found.ids.nbytes + 4 * len(expression) + 500)
        return found


def followed(db: Reader, expression: str, before: Matching, moment: Moment) -> Matching | None:
    """An earlier answer as of a later moment; None where it is better asked anew."""
    if before.moment == moment:
        return before
    touched = changed(db, before.moment.change, MOST_CHANGED + 1)
    if len(touched) > MOST_CHANGED:
        return None
    known = np.unique(np.array(touched, np.int64))
    again = known[(known >= before.low) & (known <= before.moment.article)]
    ids, last = before.ids, before.moment.article
    if len(again):
        ids = ids[~_among(ids, again)]
    if BEGINNING in expression and len(again) + moment.article - last <= FEW:
        new = matching_apart(db, expression, np.concatenate([again, np.arange(last + 1, moment.article + 1)]))
    else:
        new = np.concatenate([matching_of(db, expression, again), matching(db, expression, last + 1, moment.article)])
    ids = np.union1d(ids, new) if len(again) else np.concatenate([ids, new])
    return Matching(moment, ids.astype(np.int32, copy=False), before.low, before.seconds)


def completed(db: Reader, expression: str, found: Matching, ends: float) -> Matching:
    """An answer with more of those asked that arrived earlier, all of them where there is time; some in any case."""
    parts, low, begun = [found.ids], found.low, time.monotonic()
    spent = found.seconds - time.thread_time()
    size, asked, now = low if BEGINNING in expression else CHUNK, 0, begun
    while low > 1 and (not asked or now < ends):
        if asked:
            size = min(asked * FASTER, int(asked * (ends - now) / max(now - begun, 1e-6)) + 1)
        first = max(1, low - size)
        try:
            with until(db, ends if asked else FOREVER):
                parts.append(matching(db, expression, first, low - 1))
        except sqlite3.OperationalError as error:
            if is_broken_off(error):
                break
            raise
        asked, low, now = asked + low - first, first, time.monotonic()
    return Matching(found.moment, np.concatenate(parts[::-1]), low, spent + time.thread_time())


def _among(ids: Ids, some: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the ids are among some, where both are ascending."""
    places = np.minimum(np.searchsorted(some, ids), len(some) - 1)
    return np.asarray(some[places] == ids)
