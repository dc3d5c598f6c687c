"""The candidates table as a queue: what was announced goes in, what is best worth fetching comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from scrapy.settings import BaseSettings

from archive.rows import CandidateRow, OutcomeRow, TakenRow, ValidatorRow
from archive.store import Archive
from crawler.channels.ask import Answer, Ask
from crawler.intervals import next_pause
from crawler.times import text_of
from pipelines.items import Candidate
from pipelines.relevance import link_score
from pipelines.topic import Topic
from pipelines.urls import host_of, outlet_of

RECHECK_AGE = timedelta(days=1)
BATCH = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much one run may fetch: article pages in all and per host, and whether known articles are asked at once."""

    pages: int
    pages_per_host: int
    recheck: bool = False


@dataclass(slots=True, kw_only=True)
class Frontier:
    """One run's view of the candidates table.

    A candidate that was handed out stays `waiting` in the table until its outcome is written, so a killed run loses
    nothing: `run_id` marks what this run has already handed out. `dry` says that a look would find nothing new.
    """

    data: Path
    topic: Topic
    budget: Budget
    started: datetime
    topic_id: int = 0
    run_id: int = 0
    taken: int = 0
    found: int = 0
    dry: bool = False
    sources: dict[tuple[str, str], int] = field(default_factory=dict)
    _archive: Archive | None = None

    @classmethod
    def of_settings(cls, settings: BaseSettings, topic: Topic, started: datetime) -> Self:
        """The frontier of a run, with its budgets from the settings."""
        budget = Budget(
            pages=settings.getint("DOSSIER_MAX_PAGES"),
            pages_per_host=settings.getint("DOSSIER_MAX_PAGES_PER_HOST"),
            recheck=settings.getbool("DOSSIER_RECHECK"),
        )
        return cls(data=Path(settings["DOSSIER_DATA"]), topic=topic, budget=budget, started=started)

    @property
    def archive(self) -> Archive:
        """The open archive; opened late, so that nothing is written before the crawl holds its lock."""
        if self._archive is None:
            self._archive = Archive.shared(self.data)
        return self._archive

    def open(self) -> None:
        """Enter topic and run in the archive."""
        self.topic_id = self.archive.topics.ensure(self.topic.name, self.topic.title, self.topic.definition)
        self.run_id = self.archive.runs.start(self.topic_id, self.now)

    def close(self, reason: str, stats: Mapping[str, object], ended: datetime) -> None:
        """Write how the run ended, with its own figures."""
        counts = {
            key.removeprefix("dossier/"): value
            for key, value in stats.items()
            if key.startswith("dossier/") and isinstance(value, int)
        }
        self.archive.runs.finish(self.run_id, reason, counts, text_of(ended) or "")
        self.archive.transactions.flush()

    def leave(self) -> None:
        """Give the archive back."""
        if self._archive is not None:
            self._archive.close()

    def announce(
        self,
        ask: Ask,
        answer: Answer,
        validator: ValidatorRow | None,
        *,
        moved_to: str = "",
        seconds: float | None = None,
    ) -> None:
        """Write what a source announced, and only then what makes its next answer a short one."""
        key = (ask.source.channel, ask.url)
        rows = [self._row(candidate) for candidate in answer.candidates]
        with self.archive.writing():
            outlet = outlet_of(ask.url)
            name = ask.source.outlet if outlet == outlet_of(ask.source.url) else ""
            source_id = self.sources.get(key) or self.archive.sources.ensure(*key, outlet, name)
            new = self.archive.candidates.note(self.topic_id, source_id, rows, self.now) if rows else 0
            pause = self._pause(key, answer, len(rows), new)
            self.archive.sources.answered(
                source_id, answer.status, answer.reason, self.now, found=len(rows), new=new,
                pause=pause, moved_to=moved_to, seconds=seconds,
            )  # fmt: skip
            self.archive.coverage.note(self.run_id, source_id, "", None, None, answer.status, len(rows))
            # Of a page that only led to others nothing is remembered: "not modified" would lead nowhere.
            if validator is not None and answer.status == "complete" and not answer.asks:
                self.archive.validators.put(validator)
        self.sources[key] = source_id
        self.found += new
        self.dry = False

    def take(self, limit: int = BATCH) -> list[TakenRow]:
        """The best waiting candidates, then known articles that are due; within the budgets, each once a run."""
        room = min(limit, self.budget.pages - self.taken)
        if room <= 0:
            return []
        page_cap = self.budget.pages_per_host
        rows = self.archive.candidates.take(self.topic_id, self.run_id, room, page_cap, self.now)
        if not rows:
            age = timedelta(0) if self.budget.recheck else RECHECK_AGE
            rows = self.archive.candidates.take_known(self.topic_id, self.run_id, room, page_cap, self.now, age)
        self.taken += len(rows)
        self.dry = not rows
        return rows

    def bitten(self) -> str:
        """One sentence on the budgets that ended this run's work early; empty where none did."""
        said = []
        if self.taken >= self.budget.pages and (
            left := self.archive.candidates.counts(self.topic_id, self.run_id)["left"]
        ):
            said.append(f"{left} candidates wait beyond the {self.budget.pages} pages of one run (--max-pages)")
        full = self.archive.candidates.full_hosts(self.run_id, self.budget.pages_per_host)
        if full:
            hosts = ", ".join(f"{host} ({waiting} wait)" for host, waiting in list(full.items())[:3])
            more = f" and {len(full) - 3} more hosts" if len(full) > 3 else ""
            said.append(f"{self.budget.pages_per_host} pages a host and run were reached at {hosts}{more}")
        return "; ".join(said)

    def finish(self, outcome: OutcomeRow, ended: datetime) -> None:
        """Write the outcome of one candidate."""
        self.archive.candidates.finish(outcome, text_of(ended) or "")

    def _pause(self, key: tuple[str, str], answer: Answer, found: int, new: int) -> int:
        """Minutes until a source is due again; what lists nothing and only leads to others has no pace of its own."""
        pace = self.archive.sources.paces([key]).get(key)
        leads_on = bool(answer.asks) and not found
        minutes = None if pace is None or leads_on else pace.pause_minutes
        return next_pause(minutes, found, new, answer.status, pace.failures + 1 if pace else 1, None)

    def _row(self, candidate: Candidate) -> CandidateRow:
        return CandidateRow(
            url=candidate.url,
            host=host_of(candidate.url),
            title=candidate.title,
            published=text_of(candidate.published),
            score=link_score(candidate.title, candidate.url, self.topic),
            rank=candidate.rank,
        )

    @property
    def now(self) -> str:
        """One time for the whole run: a source that answers in several documents lists all of them "now"."""
        return text_of(self.started) or ""
