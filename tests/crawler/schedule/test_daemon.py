"""The daemon on a clock that the test moves, with jobs that write what a crawl would into a real archive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from archive.queries import open_reader
from archive.rows import QuestionRow
from archive.sources import sources_of
from crawler.channels.search.gdelt_queries import queries_of
from crawler.exits import Exit
from crawler.operation import NAME as RULES
from crawler.operation import OperationError
from crawler.schedule import keeping
from crawler.schedule.clock import span_said
from crawler.schedule.report import lateness
from crawler.times import text_of
from pipelines.topic import load_topic
from tests.scheduled import DAY, HOUR, MINUTE, START, Killed, World, archive_of, berlin, write_topic


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    data = tmp_path / "data"
    with archive_of(data, monkeypatch, ["daily.example", "quiet.example"]) as archive:
        yield World(data, archive, news={"daily.example": 9})


def test_thirty_days_with_outages_a_kill_a_dying_source_and_a_clock_that_jumps(world: World) -> None:
    write_topic(world.data, "still", ["still.example", "dying.example"])
    world.dead["dying.example"] = START + 12 * DAY
    world.outages = [(START + 5 * DAY, START + 6 * DAY + 3 * HOUR)]
    world.events = [
        (START + 20 * DAY, lambda world: world.jump(2 * DAY)),
        (START + 25 * DAY, lambda world: world.jump(-3 * DAY)),
    ]
    end = START + 30 * DAY
    world.kills = lambda ran: ran.began > START + 9 * DAY and ran.kind == "crawl"
    with pytest.raises(Killed):
        world.until(world.daemon(), end)
    killed = world.ran[-1]
    assert world.kept().state.running is not None
    world.kills = lambda ran: False
    world.now += 10 * HOUR
    daemon = world.daemon()
    world.until(daemon, end)

    assert any("ended unseen" in line for line in world.lines)
    after = next(ran for ran in world.of("crawl", killed.topic) if ran.began > killed.began)
    assert after.began - killed.began <= 10 * HOUR + 10 * MINUTE, "what was lost with its daemon is run again"
    assert len(world.ran) < 30 * 24, "a job is worth its start"
    for topic in ("lively", "still"):
        passed = [later.passed - ran.passed for ran, later in pairwise(world.of("crawl", topic))]
        assert max(passed) <= (DAY + 10 * MINUTE).total_seconds(), "whatever the clocks are put to"
        assert all(gap >= 15 * MINUTE or gap < timedelta(0) for gap in world.gaps(topic))
    outage = [ran for ran in world.of("crawl", "lively") if ran.code == Exit.UNREACHABLE]
    waits = [later.began - ran.began for ran, later in pairwise(outage)]
    assert waits == sorted(waits)
    assert 5 <= len(outage) <= 12
    back = next(ran for ran in world.of("crawl", "lively") if ran.began >= world.outages[0][1])
    assert back.began - world.outages[0][1] <= 4 * HOUR + 15 * MINUTE
    lively, still = len(world.of("crawl", "lively")), len(world.of("crawl", "still"))
    assert lively > 1.5 * still > 1.5 * 25, "each topic has its own pace"
    with closing(open_reader(world.data)) as db:
        failed = [row for row in sources_of(db, ["feeds"]) if row["failures"]]
    assert [row["url"] for row in failed] == ["https://dying.example/feed.xml"]
    assert failed[0]["failures"] <= 14
    nights = world.of("maintain")
    assert len(nights) == len(world.of("snapshot"))
    back = next(number for number, (ran, later) in enumerate(pairwise(nights), 1) if later.began < ran.began)
    for some in (nights[:back], nights[back:]):
        dates = [(ran.began + berlin(ran.began)).date() for ran in some]
        assert len(set(dates)) == len(dates), "once a day; those that the clock brought back come again"
    hours = [(ran.began + berlin(ran.began)).strftime("%H:%M") for ran in nights]
    assert hours.count("03:30") + hours.count("03:32") >= len(nights) - 2
    rests = [later.passed - ran.passed for ran, later in pairwise(nights)]
    assert max(rests) <= (DAY + HOUR).total_seconds(), "no night is skipped"
    assert len(world.of("watch")) >= lively + still
    assert not lateness(world.kept(), world.now, is_kept=True)
    assert all(job.at <= world.now + DAY + HOUR for job in daemon.jobs)


def test_what_was_missed_while_nobody_was_there_is_done_once(world: World) -> None:
    world.until(world.daemon(), START + DAY)
    done = len(world.ran)
    world.now += 9 * DAY
    daemon = world.daemon()
    assert daemon.once() == Exit.DONE
    assert sorted(ran.kind for ran in world.ran[done:]) == ["crawl", "maintain", "snapshot", "watch", "watch"]
    assert daemon.once() == Exit.DONE
    assert len(world.ran) == done + 5


@pytest.mark.parametrize(("code", "exit_"), [(0, 0), (7, 0), (3, 3), (4, 4), (-9, 1), (77, 1)])
def test_whoever_runs_it_once_is_told_that_a_job_failed(world: World, code: int, exit_: int) -> None:
    world.codes = lambda ran: code if ran.kind == "crawl" else 0
    assert world.daemon().once() == exit_
    assert {ran.kind for ran in world.ran} == {"crawl", "watch"}


def test_a_crawl_of_another_hand_is_waited_for_and_nothing_is_tried_meanwhile(world: World) -> None:
    daemon = world.daemon()
    world.holder = "another crawl (process 1)"
    world.until(daemon, START + 2 * HOUR)
    assert world.ran == []
    assert sum("waits: another crawl (process 1) is at work" in line for line in world.lines) == 1
    assert daemon.once() == Exit.BUSY
    world.holder = ""
    world.until(daemon, world.now + 12 * MINUTE)
    assert [ran.kind for ran in world.ran][:2] == ["crawl", "watch"]


def test_a_crawl_that_came_in_between_is_no_failure(world: World) -> None:
    codes = iter([5, 5, 0])
    world.codes = lambda ran: next(codes, 0) if ran.kind == "crawl" else 0
    daemon = world.daemon()
    world.until(daemon, START + HOUR)
    assert [ran.code for ran in world.of("crawl", "lively")][:3] == [5, 5, 0]
    assert daemon.state.runs["crawl", "lively"].failures == 0


def test_a_topic_that_cannot_be_read_costs_no_other_one_anything(world: World) -> None:
    broken = world.data / "topics" / "broken.toml"
    broken.write_text("title = \n", encoding="utf-8")
    daemon = world.daemon()
    world.until(daemon, START + 3 * HOUR)
    assert world.of("crawl", "lively")
    assert sum(str(broken) in line for line in world.lines) == 1
    assert "is not TOML" in world.kept().faults["broken"]
    broken.write_text((world.data / "topics" / "lively.toml").read_text("utf-8"), "utf-8")
    daemon.topics.fresh = HOUR
    world.until(daemon, START + 5 * HOUR)
    assert world.of("crawl", "broken")
    assert world.kept().faults == {}


def with_a_past(world: World) -> None:
    (world.data / RULES).write_text("[schedule]\nbackfill_pages = 70\n", encoding="utf-8")
    path = world.data / "topics" / "lively.toml"
    past = 'queries = ["doha"]\n[window]\nsince = 2019-01-01\nuntil = 2019-04-30\n[terms]'
    text = path.read_text("utf-8").replace("[terms]", past) + '[[sources]]\nchannel = "gdelt"\n'
    path.write_text(text, encoding="utf-8")


def test_the_past_is_asked_about_between_crawls_until_nothing_of_it_is_left(world: World) -> None:
    with_a_past(world)
    months = iter(["2019-04-01", "2019-03-01", "2019-02-01", "2019-01-01"])
    queries = queries_of(load_topic(world.data / "topics" / "lively.toml"))

    def month_by_month(at: datetime) -> None:
        run = world.archive.runs.start(1, text_of(at) or "")
        source = world.archive.sources.ensure("gdelt", "https://api.gdeltproject.org/api/v2/doc/doc", "")
        since = next(months)
        for query in queries:
            question = QuestionRow(
                place="", query=query, since=f"{since}T00:00:00Z", until="2019-05-01T00:00:00Z", status="complete",
                asked=text_of(at) or "",
            )  # fmt: skip
            world.archive.coverage.note(run, source, question)

    world.backfill = month_by_month
    world.until(world.daemon(), START + 2 * DAY)
    backfills = world.of("backfill", "lively")
    assert len(backfills) == 4, "and then no more"
    assert all(later.began - ran.began >= HOUR for ran, later in pairwise(backfills))
    assert backfills[-1].began < START + DAY
    asked = [words for words, ran in zip(world.options, world.ran, strict=True) if ran.kind == "backfill"]
    assert asked[0] == [str(world.data / "topics" / "lively.toml"), "--max-pages", "70"]


def test_a_past_that_nobody_answers_about_is_asked_ever_more_seldom(world: World) -> None:
    with_a_past(world)
    world.until(world.daemon(), START + 5 * DAY)
    backfills = world.of("backfill", "lively")
    waits = [round((later.began - ran.began) / HOUR) for ran, later in pairwise(backfills)]
    assert waits[:4] == sorted(waits[:4])
    assert 5 <= len(backfills) <= 10
    assert waits[-1] >= 23
    assert max(world.gaps("lively")) <= DAY + HOUR


def test_a_daemon_that_begins_before_its_first_topic_waits_for_one(world: World) -> None:
    file = world.data / "topics" / "lively.toml"
    text = file.read_text("utf-8")
    file.unlink()
    daemon = world.daemon(pause=60.0)
    world.until(daemon, START + HOUR)
    assert world.ran == []
    file.write_text(text, "utf-8")
    world.until(daemon, START + HOUR + 3 * MINUTE)
    assert [ran.kind for ran in world.ran] == ["crawl", "watch"]


def test_an_archive_that_no_crawl_has_made_yet_has_no_nights(world: World) -> None:
    (world.data / "news.db").rename(world.data / "elsewhere.db")
    assert [job.kind for job in world.daemon().jobs] == ["crawl"]


def test_rules_are_read_again_when_asked_and_wrong_ones_are_not_taken(world: World) -> None:
    asked = [False]
    daemon = world.daemon(rereads=lambda: asked[0])
    world.until(daemon, START + HOUR)
    asked[0] = True
    (world.data / RULES).write_text("[schedule]\nlongest = 0\n", encoding="utf-8")
    daemon.turn()
    assert daemon.rules.longest == DAY
    assert any("longest is 0" in line for line in world.lines)
    (world.data / RULES).write_text("[schedule]\nlongest = 20\n", encoding="utf-8")
    daemon.turn()
    assert daemon.rules.longest == 20 * MINUTE
    (world.data / RULES).write_text("[schedule]\nlongest = 0\n", encoding="utf-8")
    with pytest.raises(OperationError):
        world.daemon()


def test_a_state_that_cannot_be_read_is_put_aside_with_its_reason(world: World) -> None:
    (world.data / keeping.NAME).write_text('{"version": 1', encoding="utf-8")
    daemon = world.daemon()
    assert any(
        "not what a daemon writes" in line and "put aside as schedule.json.unread" in line for line in world.lines
    )
    assert (world.data / keeping.ASIDE).read_text(encoding="utf-8") == '{"version": 1'
    daemon.turn()
    assert [ran.kind for ran in world.ran] == ["crawl"]


def test_sources_that_were_asked_in_a_future_are_asked_again_whatever_their_pace(world: World) -> None:
    daemon = world.daemon()
    world.jump(400 * DAY)
    world.until(daemon, world.now + HOUR)
    world.archive.hosts.rest("daily.example", text_of(world.now + HOUR) or "", "HTTP 429")
    world.jump(-400 * DAY)
    done = len(world.options)
    world.until(daemon, world.now + DAY + HOUR)
    crawls = [words for words in world.options[done:] if words and words[0].endswith("lively.toml")]
    assert crawls
    assert crawls[0][-2:] == ["-s", "DOSSIER_ALL_DUE=1"]
    assert world.archive.hosts.resting(text_of(world.now) or "") == {}


def test_a_daemon_that_is_asked_to_end_keeps_what_it_knows(world: World) -> None:
    asked = [False]
    daemon = world.daemon(stops=lambda: asked[0])

    def interrupted(command: Sequence[str], log: Path, is_over: Callable[[], bool]) -> int:
        assert not is_over()
        asked[0] = True
        assert is_over()
        return int(Exit.INTERRUPTED)

    daemon.runner = interrupted
    assert daemon.run() == Exit.DONE
    kept = world.kept().state
    assert kept.running is None
    assert kept.runs["crawl", "lively"].code == Exit.INTERRUPTED
    daemon = world.daemon(stops=lambda: asked[0])
    assert daemon.once() == Exit.INTERRUPTED


def test_a_job_that_never_ends_is_asked_to(world: World) -> None:
    daemon = world.daemon()

    def endless(command: Sequence[str], log: Path, is_over: Callable[[], bool]) -> int:
        hours = 0
        while not is_over():
            world.passed += 3600
            world.now += HOUR
            hours += 1
        return -15 if hours > 6 else 0

    daemon.runner = endless
    daemon.turn()
    assert any("was killed (signal 15) after 7 h" in line for line in world.lines)


def test_a_disk_that_takes_nothing_is_spoken_of_once(world: World) -> None:
    daemon = world.daemon()
    place = world.data / keeping.NAME
    place.unlink(missing_ok=True)
    place.mkdir()
    daemon.keep()
    daemon.keep()
    assert sum("cannot be written" in line for line in world.lines) == 1
    place.rmdir()
    daemon.keep()
    assert world.kept().jobs


def test_the_status_file_shows_that_the_daemon_lives(world: World) -> None:
    daemon = world.daemon()
    world.until(daemon, START + 3 * HOUR)
    seen = (world.data / keeping.NAME).stat().st_mtime
    assert world.now.timestamp() - 3600 <= seen <= world.now.timestamp()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (99, "99 s"),
        (100, "2 min"),
        (3600, "60 min"),
        (6_060, "1 h 41 min"),
        (7_200, "2 h"),
        (864_000, "10 days"),
    ],
)
def test_spans_are_said_as_people_say_them(seconds: int, words: str) -> None:
    assert span_said(timedelta(seconds=seconds)) == words
