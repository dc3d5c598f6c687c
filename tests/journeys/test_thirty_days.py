"""A month of the real thing: the daemon with real crawls on the press, each under the clock that the test moves."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from archive.lock import Lock
from crawler.exits import Exit
from crawler.schedule.clock import Clock
from crawler.schedule.daemon import Daemon
from crawler.schedule.holding import DAEMON
from tests.extras import needs
from tests.journeys.conftest import FAST, ROOT, Press, Reader, topic_file
from tests.moved_time import moved_time

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
START = datetime(2019, 8, 20, 10, tzinfo=UTC)
HOSTS = (
    "continental-wire",
    "potomac-courier",
    "gulf-meridian",
    "hindukush-herald",
    "yamuna-chronicle",
    "prairie-ledger",
)
DYING, REDESIGNED = "www.yamuna-chronicle.example", "www.potomac-courier.example"
DEATH, REDESIGN = START + 15 * DAY, START + 20 * DAY
OUTAGE = (START + 8 * DAY, START + 9 * DAY)
JUMP = (START + 25 * DAY, 2 * DAY)  # forward, and back again a day later
ALERTS = "alerts.log"
KINDS = ("crawl", "backfill", "snapshot", "maintain", "watch")


@dataclass
class Month:
    """What happens, and what ran: kind, when, for how many real seconds, exit code."""

    reader: Reader
    now: datetime = START
    passed: float = 0.0
    ran: list[tuple[str, datetime, float, int]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    jumps: list[tuple[float, timedelta]] = field(default_factory=list)
    is_at_work: bool = False

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.passed += seconds
        while self.jumps and self.jumps[0][0] <= self.passed:
            self.now += self.jumps.pop(0)[1]

    def run(self, command: Sequence[str], log: Path, is_over: Callable[[], bool]) -> int:
        """A job of the ordinary command, as a process that lives in the test's time."""
        assert not self.is_at_work
        self.is_at_work, began, real = True, self.now, monotonic()
        press = self.reader.press
        press.day = self.now.date().toordinal()
        press.dead = frozenset({DYING}) if self.now >= DEATH else frozenset()
        press.redesigned = frozenset({REDESIGNED}) if self.now >= REDESIGN else frozenset()
        environ = self.reader.environment() | moved_time(self.reader.data.with_name("moved"))
        if OUTAGE[0] <= self.now < OUTAGE[1]:
            environ |= {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
        with log.open("wb") as output:
            moved = ["faketime", "-f", f"@{self.now:%Y-%m-%d %H:%M:%S}", *command]
            code = subprocess.run(
                moved, env=environ, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, timeout=300, check=False
            ).returncode
        took = monotonic() - real
        self.sleep(round(took))
        self.is_at_work = False
        self.ran.append((command[5], began, took, code))
        return code

    def alerts(self) -> list[tuple[str, str, str]]:
        """Kind, state and subject of each fault that was alerted, in their order."""
        lines = (self.reader.data / ALERTS).read_text(encoding="utf-8").splitlines()
        told = [one for line in lines if line for one in json.loads(line)["alerts"]]
        return [(one["kind"], one["state"], one["subject"]) for one in told]

    def table(self) -> str:
        """What ran when, day by day."""
        rows = ["day         " + "".join(f"{kind:>10}" for kind in KINDS) + "  exit codes"]
        days = sorted({began.date() for _, began, *_ in self.ran})
        for day in days:
            some = [one for one in self.ran if one[1].date() == day]
            counts, codes = Counter(one[0] for one in some), Counter(f"{one[0]} {one[3]}" for one in some if one[3])
            said = ", ".join(f"{name} x{count}" for name, count in sorted(codes.items()))
            rows.append(f"{day}  " + "".join(f"{counts[kind] or '':>10}" for kind in KINDS) + f"  {said}")
        return "\n".join(rows)


@pytest.fixture
def month(running_press: Press, tmp_path: Path) -> Iterator[Month]:
    data = tmp_path / "data"
    (data / "topics").mkdir(parents=True)
    topic = topic_file(tmp_path, HOSTS).rename(data / "topics" / "talks.toml")
    words = [word for setting in FAST for word in ("-s", setting)]
    options = ", ".join(f'"{word}"' for word in ["--allow-private", ".example", *words])
    (data / "dossier.toml").write_text(
        f'[schedule]\ntimezone = "America/New_York"\ncrawl_options = [{options}]\n'
        f'[alerts]\ncommand = ["sh", "-c", "cat >> \'{data / ALERTS}\'; echo >> \'{data / ALERTS}\'"]\n',
        encoding="utf-8",
    )
    before = running_press.day
    with Lock(data / DAEMON):  # as the command that runs a daemon holds it
        yield Month(Reader(running_press, data, topic))
    running_press.day, running_press.dead, running_press.redesigned = before, frozenset(), frozenset()


@needs("faketime")
@pytest.mark.soak
def test_a_month_of_real_crawls(month: Month) -> None:
    began, lives = monotonic(), [OUTAGE[0], START + 20 * DAY, START + 30 * DAY]
    month.jumps = [((JUMP[0] - START).total_seconds(), JUMP[1]), ((JUMP[0] + DAY - START).total_seconds(), -JUMP[1])]
    for end in lives:  # each daemon ends without a word, and the next goes on
        clock = Clock(now=lambda: month.now.replace(microsecond=0), monotonic=lambda: month.passed, sleep=month.sleep)
        daemon = Daemon(
            data=month.reader.data, clock=clock, runner=month.run, say=month.lines.append,
            chance=lambda topic, slot: hash((topic, slot)) % 100 / 100, pause=1800.0,
        )  # fmt: skip
        daemon.begin()
        while month.passed < (end - START).total_seconds():
            daemon.turn()
    alerts = month.alerts()
    report = f"{month.table()}\n\n{len(month.ran)} jobs in {monotonic() - began:.0f} s\n" + "".join(
        f"alert: {kind} {state} {subject}\n" for kind, state, subject in alerts
    )
    Path(os.environ.get("DOSSIER_MONTH", month.reader.data / "month.txt")).write_text(
        report + "\n".join(month.lines), encoding="utf-8"
    )
    crawls = [(at, code) for kind, at, _, code in month.ran if kind == "crawl"]
    assert all(code == Exit.UNREACHABLE for at, code in crawls if OUTAGE[0] <= at < OUTAGE[1])
    assert {code for at, code in crawls if not OUTAGE[0] <= at < OUTAGE[1]} == {0}
    assert 60 < len(crawls) < 600
    away = [later - at for (at, _), (later, _) in pairwise(crawls)]
    assert max(away) <= JUMP[1] + DAY + HOUR
    nights = [at for kind, at, *_ in month.ran if kind == "snapshot"]
    assert 28 <= len(nights) <= 33
    stored = month.reader.rows("SELECT DISTINCT substr(published, 1, 10) FROM articles WHERE published >= '2019-09-02'")
    assert {"2019-09-02", "2019-09-03", "2019-09-04", "2019-09-08", "2019-09-11"} <= {day for (day,) in stored}
    waited = month.reader.rows(
        "SELECT (julianday(MIN(records.fetched)) - julianday(published)) * 24 FROM articles "
        "JOIN records ON article_id = articles.id WHERE published >= '2019-09-02' GROUP BY articles.id"
    )
    assert max(hours for (hours,) in waited) < 26, "no news waits longer than a day"
    dead = month.reader.rows("SELECT failures, last_status FROM sources WHERE url LIKE '%yamuna%' AND failures > 0")
    assert dead
    assert month.reader.rows("SELECT COUNT(*) FROM runs WHERE finished IS NULL") == [(0,)]
    outage = [state for kind, state, _ in alerts if kind == "run failed"]
    assert outage == ["new", "well"]
    died = {subject for kind, state, subject in alerts if (kind, state) == ("source died", "new")}
    assert died
    assert all(DYING in subject for subject in died)
    assert {kind for kind, *_ in alerts} == {"run failed", "source died"}, "and nothing else was wrong"
    assert Counter(alerts)["source died", "new", next(iter(died))] == 1, "each once"
    month.reader.sound()
