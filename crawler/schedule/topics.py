"""The topics of an archive as its daemon knows them, looked at again when something may have changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from archive.errors import StoreError
from archive.queries import Reader
from crawler.schedule.jobs import Job
from crawler.schedule.rules import Rules
from crawler.schedule.supply import Supply
from crawler.schedule.survey import files_of, opened, supply_of, with_gaps
from pipelines.topic import TopicError

FRESH = timedelta(hours=1)  # for which a look holds: somebody may crawl by hand, or edit a topic
JUST = timedelta(minutes=1)  # the same, where a crawl is about to follow from it
GAPS_FRESH = timedelta(hours=6)  # the ledger of the past changes by backfills only


@dataclass(slots=True)
class Topics:
    """What each topic has to ask, for as long as a look is `fresh`.

    `faults` say of which topics nothing can be known, and why; each is said once.
    """

    data: Path
    say: Callable[[str], None]
    faults: dict[str, str] = field(default_factory=dict)
    supplies: list[Supply] = field(default_factory=list)
    looked: datetime | None = None
    gaps: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    fresh: timedelta = FRESH

    def is_old(self, now: datetime, span: timedelta | None = None) -> bool:
        """Whether it is time for a look; where there is no topic yet, soon again."""
        span = span or (self.fresh if self.supplies else JUST)
        return self.looked is None or not timedelta(0) <= now - self.looked < span

    def forget(self) -> None:
        """Look anew next time."""
        self.looked = None
        self.gaps.clear()

    def changed(self, job: Job) -> None:
        """A job has ended: what it has asked is asked no more."""
        if job.kind in {"crawl", "backfill"}:
            self.looked = None
        if job.kind == "backfill":
            self.gaps.pop(job.topic, None)

    def look(self, rules: Rules, now: datetime) -> list[Supply]:
        """What each topic has to ask, looked up where it is time."""
        if self.is_old(now):
            self.looked = now
            self.supplies, faults = self._looked(rules, now)
            for name, fault in faults.items():
                if self.faults.get(name) != fault:
                    self.say(fault)
            self.faults = faults
        return self.supplies

    def _looked(self, rules: Rules, now: datetime) -> tuple[list[Supply], dict[str, str]]:
        try:
            files, faults = files_of(self.data, rules)
        except StoreError as error:
            return self.supplies, {"": str(error)}
        found = []
        try:
            with opened(self.data) as db:
                for path in files:
                    try:
                        found.append(self._with_gaps(supply_of(path, db, rules, now), db, rules, now))
                    except TopicError as error:
                        faults[path.stem] = str(error)
        except StoreError as error:
            # What is wrong with the archive is told by the exit codes of its crawls too.
            return [Supply(topic=path.stem, file=str(path)) for path in files], faults | {"": str(error)}
        return found, faults

    def _with_gaps(self, supply: Supply, db: Reader | None, rules: Rules, now: datetime) -> Supply:
        if not rules.backfill:
            return supply
        at, gaps = self.gaps.get(supply.topic, (None, ""))
        if at is None or not timedelta(0) <= now - at < GAPS_FRESH:
            gaps = with_gaps(supply, db, now).gaps
            if supply.springs:  # of a topic that the archive does not know yet, nothing can be said
                self.gaps[supply.topic] = (now, gaps)
        return replace(supply, gaps=gaps)
