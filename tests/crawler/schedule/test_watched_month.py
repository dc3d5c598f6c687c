"""A month that the daemon watches: an outage, a source that dies, a redesign, a clock that jumps, and the alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from archive.lock import Lock
from archive.queries import open_reader
from crawler.alerts.look import look
from crawler.alerts.rules import Rules
from crawler.alerts.wording import Message
from crawler.exits import Exit
from crawler.schedule.holding import DAEMON
from crawler.times import text_of
from crawler.watching.findings import findings
from tests.scheduled import DAY, HOUR, START, World, archive_of

PUT = """
INSERT INTO articles (url, outlet_id, title, byline, published, fetched, words, content_hash)
VALUES (?, (SELECT id FROM outlets WHERE domain = ?), ?, 'A. Writer', ?, ?, ?, ?) ON CONFLICT DO NOTHING
"""
DEATH, REDESIGN = START + 20 * DAY, START + 24 * DAY
OUTAGE = (START + 15 * DAY, START + 16 * DAY)


@dataclass
class Recorded:
    """A way that keeps what it is given."""

    name: str = "record"
    label: str = "a list"
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> None:
        self.sent.append(message)


@dataclass
class Watched(World):
    """The moved world, whose watch is the real one; after a redesign, pages have no date and hardly a text."""

    way: Recorded = field(default_factory=Recorded)
    told: list[tuple[datetime, str]] = field(default_factory=list)
    watched: list[int] = field(default_factory=list)
    stored: dict[str, int] = field(default_factory=dict)

    def run(self, command: Sequence[str], log: Path, is_over: Callable[[], bool]) -> int:
        code = super().run(command, log, is_over)
        if command[5] == "watch":
            code = self.ran[-1].code = self.watch()
        return code

    def watch(self) -> int:
        with closing(open_reader(self.data)) as db:
            found = findings(db, self.data, self.now)
        before = len(self.way.sent)
        assert not look(self.data, found, self.now, Rules(ways=(self.way,))).failed
        self.told += [(self.now, one.title) for one in self.way.sent[before:]]
        self.watched.append(len(found))
        return int(Exit.UNWELL) if found else 0

    def crawl(self, ran: object, file: Path) -> int:
        code = super().crawl(ran, file)  # type: ignore[arg-type]  # the job, which only its own class reads
        if code == Exit.UNREACHABLE:
            at = text_of(self.now) or ""
            number = self.archive.topics.find(file.stem) or 0
            run = self.archive.runs.start(number, at)
            self.archive.runs.finish(run, "finished", {"requests": 9, "responses": 0}, at)
        return code

    def ask(self, url: str, topic: int, at: str) -> None:
        super().ask(url, topic, at)
        host = url.split("/")[2]
        if host not in self.news or (host in self.dead and self.now >= self.dead[host]):
            return
        count = int((self.now - START) / (self.news[host] * HOUR))
        is_new = host == "daily.example" and self.now >= REDESIGN
        for number in range(self.stored.get(host, 0), count + 1):
            words, published = (35, None) if is_new else (400 + number % 90, at)
            values = [f"https://{host}/{number}", host, f"Talks {number}", published, at, words, f"{host} {number}"]
            self.archive.db.execute(PUT, values)
        self.stored[host] = count + 1


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    data = tmp_path / "data"
    with archive_of(data, monkeypatch, ["daily.example", "dying.example"]) as archive, Lock(data / DAEMON):
        yield Watched(data, archive, news={"daily.example": 6, "dying.example": 8})


def test_each_fault_of_a_month_is_alerted_once_with_its_end_and_nothing_else_is(world: Watched) -> None:
    world.dead["dying.example"] = DEATH
    world.outages = [OUTAGE]
    world.events = [
        (START + 27 * DAY, lambda world: world.jump(2 * DAY)),
        (START + 30 * DAY, lambda world: world.jump(-2 * DAY)),
    ]
    world.until(world.daemon(), START + 30 * DAY)

    assert [title for _, title in world.told] == [
        "Dossier: run failed, lively",
        "Dossier: well again: run failed, lively",
        "Dossier: source died, lively",
        "Dossier: source changed, lively",
        "Dossier: still: source died, lively",
    ]
    times = [at for at, _ in world.told]
    for at, event, most in zip(times, (OUTAGE[0], OUTAGE[1], DEATH, REDESIGN), (4, 14, 48, 72), strict=False):
        assert event < at <= event + most * HOUR
    assert times[4] - times[2] >= 7 * DAY
    (died,) = world.way.sent[2].events
    assert (died.finding.kind, died.finding.subject) == ("source died", "https://dying.example/feed.xml")
    (changed,) = world.way.sent[3].events
    assert "daily.example" in changed.finding.subject
    assert "dates are missed" in changed.finding.text
    assert world.watched[-1] == 2, "the dead and the changed; the crawls themselves are well"
    assert world.at_work is None
