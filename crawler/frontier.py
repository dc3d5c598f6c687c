"""The candidates table as a queue: what was announced goes in, what is best worth fetching comes out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self

from scrapy.settings import BaseSettings

from archive.rows import CandidateRow, OutcomeRow, QuestionRow, SourcePace, TakenRow, ValidatorRow
from archive.store import Archive
from archive.titles import resolve
from crawler.channels.ask import Answer, Ask
from crawler.channels.past import Past
from crawler.foresight import Foresight
from crawler.intervals import next_pause
from crawler.ledger import asked_about, question_of
from crawler.looks import due_after
from crawler.plan import Part
from crawler.ration import Budget, Ration
from crawler.times import now, text_of
from pipelines.headlines import title_key
from pipelines.items import Candidate
from pipelines.relevance import link_score
from pipelines.topic import Topic
from pipelines.urls import host_of, outlet_of

BATCH = 300


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
    found: int = 0
    resting: int = 0
    dry: bool = False
    sources: dict[tuple[str, str], int] = field(default_factory=dict)
    ration: Ration | None = None
    _archive: Archive | None = None

    @classmethod
    def of_settings(cls, settings: BaseSettings, topic: Topic, started: datetime) -> Self:
        """The frontier of a run, with its budgets from the settings."""
        budget = Budget.of_settings(settings)
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
        foresight = Foresight(archive=self.archive, topic_id=self.topic_id, language=self.topic.language)
        self.ration = Ration(
            archive=self.archive, topic_id=self.topic_id, run_id=self.run_id, budget=self.budget, now=self.now,
            worth=foresight.worth,
        )  # fmt: skip
        self.archive.rechecks.next_look = None if self.budget.knows_enough else due_after

    def close(self, reason: str, stats: Mapping[str, object], ended: datetime) -> None:
        """Write how the run ended, with its own figures; links that only an aggregator can open are looked up first."""
        resolve(self.archive, self.topic_id, text_of(ended) or "")
        counts = {
            key.removeprefix("dossier/"): value
            for key, value in stats.items()
            if key.startswith("dossier/") and isinstance(value, int)
        }
        for name in ("request", "response"):
            if isinstance(count := stats.get(f"downloader/{name}_count", 0), int):
                counts[f"{name}s"] = count
        self.archive.runs.finish(self.run_id, reason, counts, text_of(ended) or "")
        self.archive.transactions.flush()

    def leave(self) -> None:
        """Give the archive back."""
        if self._archive is not None:
            self._archive.close()

    def due(self, asks: Iterable[Ask]) -> Iterator[Ask]:
        """The questions whose sources are due; `resting` counts the others."""
        for ask in asks:
            if ask.is_windowed or self.budget.recheck or self.budget.is_all_due or self._is_due(ask):
                yield ask
            else:
                self.resting += 1

    def _is_due(self, ask: Ask) -> bool:
        pace = self._pace_of(ask)
        if pace is None or pace.next_ask is None or pace.next_ask <= self.now:
            return True
        # Another topic heard what it lists now, this one did not.
        return pace.listed_for not in {None, self.topic_id} and not pace.failures

    def knows(self, ask: Ask) -> bool:
        """Whether this topic has heard what a source listed last, so that "not modified" would be an answer to it."""
        pace = None if ask.is_windowed else self._pace_of(ask)
        return pace is not None and pace.listed_for == self.topic_id

    def _pace_of(self, ask: Ask) -> SourcePace | None:
        key = (ask.source.channel, ask.place)
        return self.archive.sources.paces([key]).get(key)

    def past(self, part: Part) -> Past:
        """What earlier runs asked of a channel about the part of the window that this run asks about."""
        if self.budget.recheck or part.topic is None:
            return Past()
        around = asked_about(part.topic, self.started)
        asked = self.archive.coverage.asked(self.topic_id, part.channel, *around)
        return Past(question for row in asked if (question := question_of(row)) is not None)

    def announce(
        self,
        ask: Ask,
        answer: Answer,
        rows: Sequence[CandidateRow],
        validator: ValidatorRow | None,
        *,
        moved: str = "",
        seconds: float | None = None,
    ) -> None:
        """Write what a source announced, as `rows`, and only then what makes its next answer a short one."""
        key = (ask.source.channel, ask.place)
        with self.archive.writing():
            source_id = self.sources.get(key) or self._source(ask)
            new = self.archive.candidates.note(self.topic_id, source_id, rows, self.now) if rows else 0
            self._pace(source_id, ask, answer, len(rows), new, moved, seconds)
            self.archive.coverage.note(self.run_id, source_id, self._question(ask, answer, len(rows)))
            # Of a page that only led to others nothing is remembered: "not modified" would lead nowhere.
            if validator is not None and answer.status == "complete" and not answer.asks:
                self.archive.validators.put(validator)
        self.sources[key] = source_id
        self.found += new
        self.dry = False

    def _source(self, ask: Ask) -> int:
        """The row of the place that a question is for."""
        outlet = outlet_of(ask.place) if not ask.place.startswith("warc:") else ""
        name = ask.source.outlet if outlet and outlet == outlet_of(ask.source.url) else ""
        return self.archive.sources.ensure(ask.source.channel, ask.place, outlet, name)

    def _pace(
        self, source_id: int, ask: Ask, answer: Answer, found: int, new: int, moved: str, seconds: float | None
    ) -> None:
        """Write how the source is, and when it is due again; what is asked about windows has no pace of its own.

        An older page of a feed says nothing of how the feed is, nor does a network that is down.
        """
        if ask.kind == "page" or answer.is_offline:
            return
        pace = self._pace_of(ask)
        leads_on = bool(answer.asks) and not found
        minutes = None if pace is None or leads_on else pace.pause_minutes
        failures = pace.failures + 1 if pace else 1
        pause = None if ask.is_windowed else next_pause(minutes, found, new, answer.status, failures, None)
        self.archive.sources.answered(
            source_id, answer.status, answer.reason, self.now, found=found, new=new,
            pause=pause, moved_to=moved, seconds=seconds, topic=self.topic_id,
        )  # fmt: skip

    def _question(self, ask: Ask, answer: Answer, found: int) -> QuestionRow:
        """The line of the ledger."""
        return QuestionRow(
            place=ask.place,
            query=ask.query,
            since=text_of(ask.since),
            until=text_of(ask.until),
            status=answer.status,
            found=found,
            reason=answer.reason,
            resume=answer.resume,
            asked=text_of(now()) or "",
        )

    def take(self, limit: int = BATCH, *, is_asking: bool = False) -> list[TakenRow]:
        """The best of what waits or is due, within the budgets, each once a run.

        With `is_asking`, sources may still announce what is new, and known articles leave it its share.
        """
        rows = self.ration.take(limit, is_asking=is_asking) if self.ration else []
        self.dry = not rows
        return rows

    def left(self) -> int:
        """How many known articles are due that this run did not ask for."""
        return self.ration.left() if self.ration else 0

    def bitten(self) -> str:
        """One sentence on the budgets that ended this run's work early; empty where none did."""
        said = []
        if (
            self.ration
            and self.ration.taken >= self.budget.pages
            and (left := self.archive.candidates.counts(self.topic_id, self.run_id)["left"])
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

    def rows(self, answer: Answer) -> list[CandidateRow]:
        """An answer's candidates as the archive takes them, each with its link score; of thousands it takes a while."""
        hosts = {origin: host_of(origin) for origin in {origin_of(candidate) for candidate in answer.candidates}}
        return [self._row(candidate, hosts[origin_of(candidate)]) for candidate in answer.candidates]

    def _row(self, candidate: Candidate, host: str) -> CandidateRow:
        return CandidateRow(
            url=candidate.url,
            host=host,
            outlet=candidate.outlet,
            title=candidate.title,
            published=text_of(candidate.published),
            score=link_score(candidate.title, candidate.url, self.topic, summary=candidate.summary),
            rank=candidate.rank,
            via=candidate.via,
            title_key=title_key(candidate.title),
            state="unresolved" if candidate.is_unresolved else "waiting",
        )

    @property
    def now(self) -> str:
        """One time for the whole run: a source that answers in several documents lists all of them "now"."""
        return text_of(self.started) or ""


def origin_of(candidate: Candidate) -> str:
    """The part of a candidate's URL that names its host, which many of a source have in common."""
    return "/".join(candidate.url.split("/", 3)[:3])
