from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.lock import Lock
from archive.queries import open_reader
from archive.store import Archive
from crawler.schedule.holding import DAEMON
from crawler.schedule.jobs import Job
from crawler.schedule.keeping import Kept, write
from crawler.schedule.state import State
from crawler.times import text_of
from crawler.watching.schedule import schedule_findings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    Archive.open(tmp_path).close()
    return tmp_path


def told(data: Path) -> list[str]:
    with closing(open_reader(data)) as db:
        return [one.text for one in schedule_findings(db, data, NOW)]


def due(data: Path, late: timedelta) -> None:
    """A daemon was here, and foresaw a night and a later crawl."""
    jobs = (
        Job(kind="snapshot", at=NOW - late, why="the night"),
        Job(kind="crawl", topic="talks", at=NOW - late + timedelta(minutes=5), why="due"),
    )
    write(data, Kept(state=State(), jobs=jobs))


def test_a_daemon_that_is_gone_for_a_day_is_told(data: Path) -> None:
    due(data, 3 * DAY)
    said = "The schedule is not kept: no daemon is at work, and snapshot was due 2026-02-26 12:00 UTC."
    assert told(data) == [said]


@pytest.mark.parametrize("late", [timedelta(hours=-1), timedelta(hours=23)])
def test_what_is_not_a_day_late_may_still_come(data: Path, late: timedelta) -> None:
    due(data, late)
    assert told(data) == []


def test_an_archive_that_no_daemon_ever_kept_misses_none(data: Path) -> None:
    assert told(data) == []


def test_whoever_crawls_otherwise_by_now_is_left_alone(data: Path) -> None:
    due(data, 3 * DAY)
    archive = Archive.open(data)
    archive.runs.start(archive.topics.ensure("talks", "", ""), text_of(NOW - DAY) or "")
    archive.close()
    assert told(data) == []


def test_a_daemon_that_holds_the_archive_and_does_nothing_is_stuck(data: Path) -> None:
    due(data, 3 * DAY)
    daemon = Lock(data / DAEMON).take()
    try:
        assert ["its daemon is stuck" in one for one in told(data)] == [True]
    finally:
        daemon.release()
