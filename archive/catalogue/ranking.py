"""How well articles match the words that were looked for: asked of the index once, then only of new ones."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.asking import BEGINNING, Connections, is_broken_off, ranked, until
from archive.catalogue.columns import Ids, Moment
from archive.catalogue.kept import Kept
from archive.catalogue.matches import Matching
from archive.queries import WINDOW

ROOM = 32 * 1024 * 1024  # bytes of all ranks that are kept
FRESH = 60.0  # seconds after which the ranks of changed texts are asked again
SETTLED = 500  # times what the last ranking took, in which what came since is left without a rank; FRESH at most
MOST_SECONDS, MOST_OF_BEGINNINGS = 0.4, 0.1  # of one core; what begins so is gathered again to be ranked
MOST = 5 * WINDOW  # ranks of one expression
AGAIN = 5.0  # seconds after which it is tried again where the time of a search was over
FOREVER = float("inf")


@dataclass(frozen=True, slots=True)
class Ranks:
    """How well articles match an expression, ids ascending.

    The first of them were asked as of a numbered change, at some time (monotonic); the last ones at another, as of an
    article that was the last to come.
    """

    ids: Ids
    ranks: NDArray[np.int64]
    change: int
    asked: float
    last: int
    asked_last: float
    took: float

    def of(self, ids: NDArray[np.int32]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which of some ids are ranked, and how."""
        if not len(self.ids):
            return np.zeros(len(ids), np.bool_), np.zeros(len(ids), np.int64)
        places = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        return self.ids[places] == ids, self.ranks[places]


NOTHING = Ranks(np.zeros(0, np.int32), np.zeros(0, np.int64), 0, 0.0, 0, 0.0, 0.0)


class Ranking:
    """The ranks that were asked for last."""

    def __init__(self, connections: Connections, room: int = ROOM) -> None:
        self.connections, self.fresh = connections, FRESH
        self.kept: Kept[Ranks] = Kept(room)

    def best(self, words: str, moment: Moment, found: Ids, matching: Matching, ends: float) -> tuple[Ids, float]:
        """Of the articles found those that arrived last, up to the window, best first; none where that takes too long.

        With them until when (monotonic) there is no better answer, though nothing changes.

        `matching` are all that match the words, without any filter. The index counts them all before it ranks one:
        where they were much work, they are not ranked, and what came in the last moments waits for its rank.
        """
        window = found[-WINDOW:]
        most = MOST_OF_BEGINNINGS if BEGINNING in words else MOST_SECONDS
        if not len(window) or matching.seconds > most:
            return window[:0], FOREVER
        ranks, until_then = self._ranks(words, moment), FOREVER
        settled = ranks.asked_last + min(self.fresh, SETTLED * ranks.took)
        if time.monotonic() < settled:
            last = int(np.searchsorted(window, ranks.last, "right"))
            window, until_then = window[:last], settled if last < len(window) else FOREVER
        is_known, _ = ranks.of(window)
        try:
            for missing in parted(window[~is_known], ranks.last):
                ranks = self._asked(words, moment, ranks, missing, matching.ids, ends)
        except sqlite3.OperationalError as error:
            if is_broken_off(error):
                return window[:0], time.monotonic() + AGAIN
            raise
        is_known, rank = ranks.of(window)
        if ranks.change != moment.change:  # some of these texts may have been others when they were ranked
            until_then = min(until_then, ranks.asked + self.fresh)
        return window[np.lexsort((-window, -np.where(is_known, rank, -1)))], until_then

    def _ranks(self, words: str, moment: Moment) -> Ranks:
        """What is kept of an expression, where it is fresh."""
        ranks = self.kept.get(words) or NOTHING
        is_stale = ranks.change != moment.change and time.monotonic() - ranks.asked > self.fresh
        return NOTHING if is_stale or len(ranks.ids) > MOST else ranks

    def _asked(self, words: str, moment: Moment, before: Ranks, missing: Ids, matching: Ids, ends: float) -> Ranks:
        """The ranks with those of more articles, ascending, and kept so."""
        took = time.thread_time()
        first, last = np.searchsorted(matching, [missing[0], missing[-1] + 1])
        with self.connections.one() as db, until(db, ends):
            ids, rank = ranked(db, words, missing, are_all=bool(last - first <= 2 * len(missing)))
        is_new = ~before.of(ids)[0]
        together = np.concatenate([before.ids, ids[is_new]])
        order = np.argsort(together, kind="stable")
        now = time.monotonic()
        ranks = Ranks(
            ids=together[order],
            ranks=np.concatenate([before.ranks, rank[is_new]])[order],
            change=before.change if before.last else moment.change,
            asked=before.asked if before.last else now,
            last=max(before.last, moment.article),
            asked_last=now if moment.article > before.last else before.asked_last,
            took=time.thread_time() - took,
        )
        self.kept.put(words, ranks, ranks.ids.nbytes + ranks.ranks.nbytes + 4 * len(words) + 500)
        return ranks


def parted(missing: Ids, last: int) -> list[Ids]:
    """The articles that are not ranked yet, in ascending parts: those up to the last that had come, and those since."""
    after = int(np.searchsorted(missing, last, "right"))
    return [part for part in (missing[:after], missing[after:]) if len(part)]
