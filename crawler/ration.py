"""Which pages a run fetches next: new articles first, and of the known ones as many as do not starve them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Self

from scrapy.settings import BaseSettings

from archive.candidates import Worth
from archive.rows import TakenRow
from archive.store import Archive
from pipelines.ladder import STEPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much one run may fetch: article pages in all and per host.

    `look_share` (0 to 1) of both is kept for known articles that are due, and `looks_per_host` are never exceeded. With
    `recheck`, known articles are asked at once and windows anew; with `is_all_due`, every source whatever its pace;
    with `knows_enough`, known articles not at all.
    """

    pages: int
    pages_per_host: int
    look_share: float = 0.25
    looks_per_host: int = 100
    recheck: bool = False
    is_all_due: bool = False
    knows_enough: bool = False

    @classmethod
    def of_settings(cls, settings: BaseSettings) -> Self:
        """The budget of a run."""
        return cls(
            pages=settings.getint("DOSSIER_MAX_PAGES"),
            pages_per_host=settings.getint("DOSSIER_MAX_PAGES_PER_HOST"),
            look_share=settings.getfloat("DOSSIER_RECHECK_SHARE"),
            looks_per_host=settings.getint("DOSSIER_MAX_RECHECKS_PER_HOST"),
            recheck=settings.getbool("DOSSIER_RECHECK"),
            is_all_due=settings.getbool("DOSSIER_ALL_DUE"),
            knows_enough=settings["DOSSIER_VERB"] == "backfill",
        )

    @property
    def looks(self) -> int:
        """How many pages are kept for known articles."""
        return 0 if self.knows_enough else int(self.look_share * self.pages)

    @property
    def host_looks(self) -> int:
        """How many of a host's are; one at least where it may be asked for two pages or more."""
        share = min(max(int(self.look_share * self.pages_per_host), 1), self.pages_per_host - 1, self.looks_per_host)
        return share if self.look_share and not self.knows_enough else 0


@dataclass(slots=True, kw_only=True)
class Ration:
    """What a run was given so far, and what it is given next.

    New articles get all but the looks' share; then known ones that are due get theirs; then new ones what is left of
    it; and when nothing new waits any more, the rest is for the known ones.
    """

    archive: Archive
    topic_id: int
    run_id: int
    budget: Budget
    now: str
    worth: Worth | None = None
    taken: int = 0
    looks: Counter[str] = field(default_factory=Counter)

    def take(self, limit: int, *, is_asking: bool = False) -> list[TakenRow]:
        """The next pages within the budget, each once a run; with `is_asking`, sources may still announce new ones."""
        for turn in self._turns(is_asking=is_asking):
            if rows := turn(min(limit, self.budget.pages - self.taken)):
                self.taken += len(rows)
                self.looks.update(row.host for row in rows if row.is_look)
                return rows
        return []

    def left(self) -> int:
        """How many known articles are due that this run did not ask for."""
        if self.budget.knows_enough or not self.budget.look_share:
            return 0
        return self.archive.rechecks.left(self.topic_id, self.run_id, self.now, STEPS)

    def _turns(self, *, is_asking: bool) -> Iterator[Callable[[int], list[TakenRow]]]:
        """The ways to be given pages, each of which is gone only once those before it bring none."""
        budget = self.budget
        kept = max(budget.looks - self.looks.total(), 0)
        yield lambda room: self._new(min(room, budget.pages - self.taken - kept), budget.host_looks)
        yield lambda room: self._due(min(room, kept), budget.host_looks)
        yield lambda room: self._new(room, 0)
        if not is_asking and budget.look_share:
            yield lambda room: self._due(room, budget.looks_per_host)
        if not is_asking and budget.recheck:
            yield self._known

    def _new(self, room: int, host_looks: int) -> list[TakenRow]:
        """The best of the candidates that wait, without what a host keeps for looks."""
        if room <= 0:
            return []
        cap = self.budget.pages_per_host - host_looks
        return self.archive.candidates.take(self.topic_id, self.run_id, room, cap, self.now, self.worth)

    def _due(self, room: int, per_host: int) -> list[TakenRow]:
        """The known articles that are due longest."""
        if room <= 0 or self.budget.knows_enough:
            return []
        return self.archive.rechecks.take(
            self.topic_id, self.run_id, room, self.budget.pages_per_host, self.now, STEPS, self.looks, per_host
        )

    def _known(self, room: int) -> list[TakenRow]:
        """All known articles that are listed, due or not."""
        if room <= 0 or self.budget.knows_enough:
            return []
        return self.archive.candidates.take_known(
            self.topic_id, self.run_id, room, self.budget.pages_per_host, self.now
        )
