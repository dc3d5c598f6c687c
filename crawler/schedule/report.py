"""How it goes with a schedule: whether somebody keeps it, what ran, what is next, and what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.lock import holder
from crawler.schedule.clock import BEAT
from crawler.schedule.holding import DAEMON
from crawler.schedule.jobs import LONGEST_JOB, Job
from crawler.schedule.keeping import NAME, Kept, UnreadError, read
from crawler.schedule.penance import GOOD, meaning
from crawler.schedule.plan import begins
from crawler.schedule.state import Last
from crawler.terminal import printable
from crawler.times import text_of

LATE = timedelta(hours=1)
SILENT = 3 * BEAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The schedule of an archive at a moment; `faults` are what is wrong with it, in sentences.

    `keeper` is the daemon (`process 12 since ...`), empty for none. `looked` is when it gave its last sign of life.
    """

    keeper: str
    looked: datetime | None
    kept: Kept | None
    late: Sequence[Job]
    faults: Sequence[str]

    @property
    def is_well(self) -> bool:
        """Whether somebody keeps the schedule, and nothing is late."""
        return bool(self.keeper) and not self.late and not self.faults


def report(data: Path, now: datetime) -> Report:
    """How it goes with the schedule in a data folder."""
    keeper, faults, kept, looked = holder(data / DAEMON), [], None, None
    try:
        kept = read(data)
        looked = datetime.fromtimestamp(int((data / NAME).stat().st_mtime), UTC) if kept else None
    except UnreadError as error:
        faults.append(f"{data / NAME}: {error}; the daemon puts it aside when it begins")
    except OSError:
        pass
    if keeper and looked and now - looked > SILENT:
        faults.append(f"the daemon gave no sign of life since {text_of(looked)}")
    late = lateness(kept, now, is_kept=bool(keeper)) if kept else []
    return Report(keeper=keeper, looked=looked, kept=kept, late=late, faults=faults)


def lateness(kept: Kept, now: datetime, *, is_kept: bool) -> list[Job]:
    """The jobs that should have begun an hour ago; those that wait for the one at work are not late."""
    running = kept.state.running if is_kept else None
    if running is not None:
        is_stuck = now - running.started > LONGEST_JOB + LATE
        return [running.job] if is_stuck else []
    return [job for job in kept.jobs if begins(job, kept.state) < now - LATE]


def as_json(found: Report) -> dict[str, Any]:
    """The report as machines read it."""
    state = found.kept.state if found.kept else None
    topics = found.kept.faults if found.kept else {}
    return {
        "well": found.is_well,
        "keeper": found.keeper,
        "looked": text_of(found.looked),
        "running": {**_job(state.running.job), "started": text_of(state.running.started)}
        if state and state.running
        else None,
        "ran": [_last(last) for last in ran(found)],
        "next": [_job(job) for job in found.kept.jobs] if found.kept else [],
        "late": [_job(job) for job in found.late],
        "topics": {printable(name): printable(fault) for name, fault in topics.items()},
        "faults": list(found.faults),
    }


def ran(found: Report) -> list[Last]:
    """The last run of each kind and topic, the newest first."""
    runs = found.kept.state.runs.values() if found.kept else []
    return sorted(runs, key=lambda last: (last.finished, last.kind, last.topic), reverse=True)


def _job(job: Job) -> dict[str, Any]:
    return {"kind": job.kind, "topic": printable(job.topic), "at": text_of(job.at), "why": job.why}


def _last(last: Last) -> dict[str, Any]:
    return {
        "kind": last.kind, "topic": printable(last.topic), "due": text_of(last.due), "started": text_of(last.started),
        "seconds": int((last.finished - last.started).total_seconds()), "exit": last.code,
        "good": last.code in GOOD, "said": meaning(last.code), "failures": last.failures,
    }  # fmt: skip
