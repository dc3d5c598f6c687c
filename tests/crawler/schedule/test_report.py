from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.lock import Lock
from crawler.schedule.holding import DAEMON
from crawler.schedule.jobs import LONGEST_JOB, Job
from crawler.schedule.keeping import NAME, Kept, write
from crawler.schedule.report import LATE, SILENT, as_json, lateness, report
from crawler.schedule.state import Last, Running, State

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
JOB = Job(kind="crawl", topic="talks", at=NOW, why="enough is due", file="/t.toml")
LAST = Last(kind="crawl", topic="talks", due=NOW, started=NOW, finished=NOW + 3 * MINUTE, code=4, failures=2)
KEPT = Kept(state=State(runs={("crawl", "talks"): LAST}), jobs=(JOB,))


def kept(data: Path, at: datetime = NOW, found: Kept = KEPT) -> None:
    write(data, found)
    os.utime(data / NAME, (at.timestamp(), at.timestamp()))


def test_a_schedule_that_nobody_keeps_is_not_well(tmp_path: Path) -> None:
    assert not report(tmp_path, NOW).is_well
    kept(tmp_path)
    found = report(tmp_path, NOW)
    assert (found.keeper, found.is_well, found.looked) == ("", False, NOW)


def test_one_that_is_kept_and_in_time_is_well(tmp_path: Path) -> None:
    kept(tmp_path)
    holding = Lock(tmp_path / DAEMON).take()
    found = report(tmp_path, NOW + SILENT)
    assert (found.is_well, found.keeper.startswith(f"process {os.getpid()}")) == (True, True)
    told = as_json(found)
    assert told["ran"][0] | {"due": None, "started": None} == {
        "kind": "crawl", "topic": "talks", "due": None, "started": None, "seconds": 180, "exit": 4, "good": False,
        "said": "nothing could be reached", "failures": 2,
    }  # fmt: skip
    assert told["next"] == [{"kind": "crawl", "topic": "talks", "at": "2026-05-01T12:00:00Z", "why": "enough is due"}]
    holding.release()


def test_a_daemon_that_gives_no_sign_of_life_is_told(tmp_path: Path) -> None:
    kept(tmp_path)
    holding = Lock(tmp_path / DAEMON).take()
    assert report(tmp_path, NOW + SILENT + MINUTE).faults == [
        "the daemon gave no sign of life since 2026-05-01T12:00:00Z"
    ]
    holding.release()


def test_a_job_is_late_an_hour_after_its_time(tmp_path: Path) -> None:
    assert lateness(KEPT, NOW + LATE, is_kept=True) == []
    assert lateness(KEPT, NOW + LATE + MINUTE, is_kept=True) == [JOB]
    held = replace(KEPT, state=State(held=NOW + 5 * MINUTE))
    assert lateness(held, NOW + LATE + MINUTE, is_kept=True) == []


def test_what_waits_for_the_job_at_work_is_not_late_unless_that_is_stuck() -> None:
    running = Running(job=replace(JOB, kind="backfill"), started=NOW)
    busy = replace(KEPT, state=State(running=running))
    assert lateness(busy, NOW + 3 * LATE, is_kept=True) == []
    assert lateness(busy, NOW + LONGEST_JOB + 2 * LATE, is_kept=True) == [running.job]
    assert lateness(busy, NOW + 3 * LATE, is_kept=False) == [JOB]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("{", encoding="utf-8")
    (fault,) = report(tmp_path, NOW).faults
    assert "the daemon puts it aside when it begins" in fault
