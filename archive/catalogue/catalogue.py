"""All articles of an archive in memory, for exact counts and orders of any search in the time of a page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

from archive.catalogue.asking import Connections
from archive.catalogue.columns import Ids, View
from archive.catalogue.finding import Found, Sought, found_in, found_since
from archive.catalogue.growth import Growth
from archive.catalogue.kept import Kept
from archive.catalogue.loading import moment_of
from archive.catalogue.matches import Matches
from archive.catalogue.ordering import Listing, listing
from archive.catalogue.ranking import Ranking
from archive.catalogue.results import PAGE, Order, Results
from archive.queries import Reader, open_reader
from archive.questions.question import Question
from archive.serving.identity import Identity, made

PAUSE = 1.0  # seconds between two looks at what has been committed
SECONDS = 1.5  # that a question may take; its answer says what it comprises
MANY = 5_000  # articles that are ranked by a thread of its own
RANKING = 2  # threads
COPIES = 8  # of columns, that answers hold which were given of earlier views
ROOM = 128 * 1024 * 1024  # bytes of answers that are kept


class Catalogue:
    """All articles of one archive by what they are filtered, counted and ordered by. Safe to use from many threads.

    It grows by the rows that a crawl commits and takes in those that changed; it is never read anew while it is open.
    What a search gives is of one moment. Where a backup is put in the archive's place, it `is_replaced`: it has to be
    opened anew.
    """

    def __init__(self, data: Path, *, pause: float = PAUSE, seconds: float = SECONDS) -> None:
        """Read the archive in a data folder; NoArchiveError where there is none.

        It looks for what is new once in `pause` seconds at most; a search takes `seconds` at most, or little more.
        """
        self.data, self.pause, self.seconds = data, pause, seconds
        self.db = open_reader(data, shared=True)
        self.growing = threading.Lock()
        self.identity = Identity(data, self.db)
        self.is_replaced = self.is_stopped = False
        self.commits = self._commits()  # before all is read: what is committed meanwhile is another one
        self.growth = Growth(self.db)
        self.db.rollback()
        self.looked = time.monotonic()
        self.number = time.time_ns() // 1_000_000  # later than all numbers of an earlier process
        self.connections = Connections(data)
        self.matches = Matches()
        self.ranking = Ranking(self.connections)
        self.beside = ThreadPoolExecutor(RANKING, thread_name_prefix="dossier-ranking")
        self.kept: Kept[Found | Listing] = Kept(ROOM)

    def version(self) -> int:
        """A number that grows whenever the archive was seen to have changed. What was committed before is taken in."""
        if time.monotonic() - self.looked >= self.pause and self.growing.acquire(blocking=False):
            try:
                self._look()
            finally:
                self.growing.release()
        return self.number

    def refresh(self) -> int:
        """The same, of what was committed until now, however short ago the last look was."""
        with self.growing:
            self._look()
        return self.number

    def search(
        self, question: Question, *, order: Order | None = None, page: int = 1, size: int = PAGE, folded: bool = True
    ) -> Results:
        """One page of the answer to a question; best first where it has words, else newest, unless `order` says so.

        Folded, one article stands for all copies of its story that match: the original where it is among them.
        Articles that a reader said no to in every topic are found only by `verdict:drop`.
        """
        order = order_of(question, order)
        found, listed = self._answer(question, order, folded)
        ids = listed.ids((page - 1) * size, page * size) if page > 0 else np.zeros(0, np.int32)
        view = found.view
        return Results(
            question=question,
            order=order,
            articles=len(found.ids),
            listed=len(listed),
            ids=tuple(ids.tolist()),
            found=tuple(listed.found(ids).tolist()),
            page=page,
            pages=-(-len(listed) // size),
            facets=found.facets,
            months=found.months,
            ranked=listed.ranked,
            searched=view.count(found.sought.low),
            is_whole=found.sought.low <= 1,
            until=listed.until if found.sought.low <= 1 else 0.0,
        )

    def ids(self, question: Question, *, order: Order | None = None, folded: bool = True) -> Ids | None:
        """All that `search` would list, page after page; None where there was no time to look at all articles."""
        found, listed = self._answer(question, order_of(question, order), folded)
        return listed.ids(0, len(listed)) if found.sought.low <= 1 else None

    def stop(self) -> None:
        """Break off every search; nobody waits for one any more."""
        self.is_stopped = True
        self.connections.interrupt()

    def close(self) -> None:
        """Give all memory and files back."""
        self.beside.shutdown()
        self.connections.close()
        with self.growing:
            self.db.close()

    def _look(self) -> None:
        """Take in what was committed since the last look; the caller holds the lock."""
        self.looked = time.monotonic()
        commits = self._commits()
        change = self.growth.view.moment.change
        self.is_replaced = self.is_replaced or self.identity.is_other(change)
        if commits == self.commits or self.is_replaced:
            return
        self.db.execute("BEGIN")
        try:
            self._follow(self.db)
            self.growth.rename(self.db)
        finally:
            self.db.rollback()
        self.commits, self.number = commits, self.number + 1

    def _follow(self, db: Reader) -> View:
        """The view of the moment at which a transaction reads that began under the lock; the caller holds it.

        The last one where the archive is another one by now, or an earlier one of the same, which nothing leads to.
        """
        before = self.growth.view
        self.is_replaced = self.is_replaced or moment_of(db).change < before.moment.change
        self.is_replaced = self.is_replaced or made(db) != self.identity.made
        if self.is_replaced:
            return before
        view = self.growth.follow(db)
        if view.copies != before.copies:
            self.kept.drop(lambda one: one.view.copies < view.copies - COPIES)
        return view

    def _commits(self) -> int:
        """A number that is another one after each commit of another program."""
        return int(self.db.execute("PRAGMA data_version").fetchone()[0])

    def _answer(self, question: Question, order: Order, is_folded: bool) -> tuple[Found, Listing]:
        """The articles that answer a question, and their list. Many are ranked while they are counted."""
        ends = time.monotonic() + self.seconds
        ranking: list[Future[tuple[Ids, float]]] = []

        def begin(sought: Sought, ids: Ids) -> None:
            if order == "best" and sought.matching and len(ids) >= MANY:
                asked = question.words, sought.view.moment, ids, sought.matching, ends
                ranking.append(self.beside.submit(self.ranking.best, *asked))

        found = self._found(question, ends, begin)
        return found, self._listing(question, found, order, is_folded, ends, *ranking)

    def _found(self, question: Question, ends: float, begin: Callable[[Sought, Ids], None]) -> Found:
        """The articles that answer a question, and their counts."""
        self.version()
        asked = replace(question, typed="", unclear=())
        before = self.kept.get(asked)
        if isinstance(before, Found) and before.view is self.growth.view:
            return before
        sought = self._sought(question, ends)
        changed = None
        if isinstance(before, Found) and sought.low <= 1 and before.view.number <= sought.view.number:
            changed = self.growth.changed(before.view, sought.view)
        if isinstance(before, Found) and changed is not None:
            found = found_since(before, sought, question, changed)
        else:
            found = found_in(sought, question, begin)
        if sought.low <= 1:
            self.kept.put(asked, found, found.nbytes)
        return found

    def _sought(self, question: Question, ends: float) -> Sought:
        """A view, and what matches as of its moment."""
        expressions = [one for one in (question.words, question.unwanted) if one]
        view = self.growth.view
        found = self.matches.known(expressions, view.moment)
        if found is None:
            with self.matches.asking(expressions), self.connections.one() as db:
                with self.growing:
                    db.execute("BEGIN")
                    view = self._follow(db)
                found = [self.matches.ask(db, one, view.moment, ends) for one in expressions]
        return Sought(view, found[0] if question.words else None, found[-1] if question.unwanted else None)

    def _listing(
        self,
        question: Question,
        found: Found,
        order: Order,
        is_folded: bool,
        ends: float,
        *ranking: Future[tuple[Ids, float]],
    ) -> Listing:
        """The list of the articles found, in their order."""
        asked = (replace(question, typed="", unclear=()), order, is_folded)
        known = self.kept.get(asked)
        if isinstance(known, Listing) and known.of is found.ids and time.monotonic() < known.until:
            return known
        best, until = None, float("inf")
        matching, folded = found.sought.matching, found.folded if is_folded else None
        if ranking:
            best, until = ranking[0].result()
        elif order == "best" and matching:
            best, until = self.ranking.best(question.words, found.view.moment, found.ids, matching, ends)
        listed = listing(found.view, found.ids, folded, is_oldest_first=order == "oldest", best=best, until=until)
        if found.sought.low <= 1:
            self.kept.put(asked, listed, listed.nbytes)
        return listed


def order_of(question: Question, order: Order | None) -> Order:
    """The order of an answer: without words, none is best."""
    return "newest" if not question.words and order in {None, "best"} else order or "best"
