"""A daemon on a clock that the test moves, with jobs that write what a crawl would into a real archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from archive.rows import CandidateRow, OutcomeRow
from archive.store import Archive
from crawler.exits import Exit
from crawler.intervals import next_pause
from crawler.operation import NAME
from crawler.schedule import keeping
from crawler.schedule.clock import Clock
from crawler.schedule.daemon import Daemon
from crawler.times import text_of
from pipelines.topic import load_topic

START = datetime(2026, 3, 10, 10, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
TOPIC = """title = "{name}"
{sources}[terms]
"talks" = 1
"""
SOURCE = '[[sources]]\nchannel = "feeds"\nurl = "https://{host}/feed.xml"\n'


def berlin(at: datetime) -> timedelta:
    return at.astimezone(ZoneInfo("Europe/Berlin")).utcoffset() or timedelta(0)


class Killed(BaseException):
    """The daemon was killed in the middle of a job."""


@dataclass
class Ran:
    """A job that ran."""

    kind: str
    topic: str
    began: datetime
    code: int
    passed: float = 0.0  # seconds that no clock was put to


@dataclass
class World:
    """A machine whose clock the test moves, an archive, and a press that has news at certain hours."""

    data: Path
    archive: Archive
    now: datetime = START
    passed: float = 0.0
    news: dict[str, float] = field(default_factory=dict)  # hours between two articles, by host
    dead: dict[str, datetime] = field(default_factory=dict)
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    ran: list[Ran] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    events: list[tuple[datetime, Callable[[World], None]]] = field(default_factory=list)
    at_work: Ran | None = None
    holder: str = ""
    kills: Callable[[Ran], bool] = lambda ran: False
    codes: Callable[[Ran], int | None] = lambda ran: None
    backfill: Callable[[datetime], None] = lambda at: None
    options: list[list[str]] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += timedelta(seconds=seconds)
        self.passed += seconds
        self.happen()

    def happen(self) -> None:
        while self.events and self.events[0][0] <= self.now:
            self.events.pop(0)[1](self)

    def jump(self, by: timedelta) -> None:
        self.now += by

    def daemon(self, **more: Any) -> Daemon:
        clock = Clock(now=lambda: self.now.replace(microsecond=0), monotonic=lambda: self.passed, sleep=self.sleep)
        daemon = Daemon(
            data=self.data, clock=clock, runner=self.run, say=self.lines.append, chance=lambda *_: 0.5,
            somebody=lambda: self.holder, **({"pause": 1800.0} | more),
        )  # fmt: skip
        daemon.topics.fresh = 6 * HOUR
        daemon.begin()
        return daemon

    def until(self, daemon: Daemon, end: datetime) -> None:
        while self.now < end:
            daemon.turn()

    def run(self, command: Sequence[str], log: Path, is_over: Callable[[], bool]) -> int:
        """What a process would do: write into the archive, and take its time."""
        assert self.at_work is None, f"{command[5]} overlaps {self.at_work}"
        topic = Path(command[6]).stem if command[5] in {"crawl", "backfill"} else ""
        ran = self.at_work = Ran(command[5], topic, self.now, 0, self.passed)
        self.ran.append(ran)
        self.options.append(list(command[6:]))
        log.write_text("it went as it went\n", encoding="utf-8")
        is_killed = self.kills(ran)
        forced = self.codes(ran)
        ran.code = forced if forced is not None else self.crawl(ran, Path(command[6])) if ran.kind == "crawl" else 0
        if ran.kind == "backfill":
            self.backfill(self.now)
        self.sleep(120 if ran.kind == "crawl" else 20)
        assert not is_over()
        self.at_work = None
        if is_killed:
            raise Killed
        return ran.code

    def crawl(self, ran: Ran, file: Path) -> int:
        topic, at = load_topic(file), text_of(self.now) or ""
        number = self.archive.topics.ensure(topic.name, topic.title, topic.definition)
        if any(begin <= self.now < end for begin, end in self.outages):
            return int(Exit.UNREACHABLE)
        run = self.archive.runs.start(number, at)
        with self.archive.writing():
            for source in (one for one in topic.sources if one.channel == "feeds"):
                self.ask(source.url, number, at)
        self.archive.runs.finish(run, "finished", {}, at)
        return 0

    def ask(self, url: str, topic: int, at: str) -> None:
        host = url.split("/")[2]
        key = ("feeds", url)
        pace = self.archive.sources.paces([key]).get(key)
        if pace is not None and pace.next_ask and pace.next_ask > at:
            return
        source = self.archive.sources.ensure("feeds", url, host)
        if host in self.dead and self.now >= self.dead[host]:
            failures = pace.failures + 1 if pace else 1
            rest = next_pause(None, 0, 0, "failed", failures, None)
            self.archive.sources.answered(source, "failed", "HTTP 404", at, found=0, new=0, pause=rest, topic=topic)
            return
        count = int((self.now - START) / (self.news[host] * HOUR)) if host in self.news else 0
        rows = [
            CandidateRow(url=f"https://{host}/{number}", host=host, score=0.5)
            for number in range(max(count - 9, 0), count + 1)
        ]
        new = self.archive.candidates.note(topic, source, rows, at)
        pause = next_pause(pace.pause_minutes if pace else None, len(rows), new, "complete", 0, None)
        self.archive.sources.answered(source, "complete", "", at, found=len(rows), new=new, pause=pause, topic=topic)
        for (candidate,) in self.archive.db.execute("SELECT id FROM candidates WHERE state = 'waiting'").fetchall():
            self.archive.candidates.finish(OutcomeRow(candidate_id=candidate, state="off-topic"), at)

    def of(self, kind: str, topic: str = "") -> list[Ran]:
        return [one for one in self.ran if (one.kind, one.topic) == (kind, topic)]

    def gaps(self, topic: str) -> list[timedelta]:
        return [later.began - ran.began for ran, later in pairwise(self.of("crawl", topic))]

    def kept(self) -> keeping.Kept:
        kept = keeping.read(self.data)
        assert kept is not None
        return kept


def write_topic(data: Path, name: str, hosts: Sequence[str]) -> None:
    (data / "topics").mkdir(exist_ok=True)
    sources = "".join(SOURCE.format(host=host) for host in hosts)
    terms, _, _ = TOPIC.partition("{sources}")
    text = terms.format(name=name) + '[terms]\n"talks" = 1\n' + sources
    (data / "topics" / f"{name}.toml").write_text(text, encoding="utf-8")


@contextmanager
def archive_of(data: Path, patch: pytest.MonkeyPatch, hosts: Sequence[str]) -> Iterator[Archive]:
    """An archive that follows the topic `lively` at these hosts, on a disk that takes what it is given."""
    patch.setattr("os.fsync", lambda fd: None)  # a disk that many tests share is slow
    archive = Archive.open(data)
    archive.db.execute("PRAGMA synchronous = OFF")
    (data / NAME).write_text('[schedule]\ntimezone = "Europe/Berlin"\nbackfill = false\n', encoding="utf-8")
    write_topic(data, "lively", hosts)
    yield archive
    archive.close()
