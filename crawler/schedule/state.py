"""What a daemon has to remember: what ran last, which night was done, what is at work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from crawler.exits import Exit
from crawler.schedule.jobs import Job, Kind
from crawler.schedule.nights import DAY, hour_of, night_of
from crawler.schedule.penance import GOOD, LONGEST_BUSY, busy
from crawler.schedule.rules import Rules

NIGHTLY: tuple[Kind, ...] = ("snapshot", "maintain")


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last run of one kind for one topic; its `code` is None where nobody saw its end.

    `failures` are those in a row. `left` is what a backfill began with, `idle` how many before it, in a row, began with
    the same. `asked_all` says that since the clock was put back last, every source was asked whatever its pace.
    """

    kind: Kind
    topic: str
    due: datetime
    started: datetime
    finished: datetime
    code: int | None
    failures: int = 0
    left: str = ""
    idle: int = 0
    asked_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The job at work."""

    job: Job
    started: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that the next plan follows from, beside the archive.

    `nights` are the days whose night was done, by kind. `owed` is since when a look at the archive is due. Until `held`
    somebody else has the archive; `holds` counts how often in a row.
    """

    runs: Mapping[tuple[Kind, str], Last] = field(default_factory=dict)
    nights: Mapping[Kind, date] = field(default_factory=dict)
    owed: datetime | None = None
    held: datetime | None = None
    holds: int = 0
    running: Running | None = None


def first(now: datetime, rules: Rules) -> State:
    """The state of an archive that no daemon has kept yet: its first night is still to come."""
    return State(nights=dict.fromkeys(NIGHTLY, night_of(now, rules)))


def begun(state: State, job: Job, now: datetime) -> State:
    """A job begins."""
    assert state.running is None, f"{job.name} begins while another job is at work"
    return replace(state, running=Running(job=job, started=now))


def held(state: State, now: datetime) -> State:
    """Somebody else has the archive: nothing is tried for a while."""
    return replace(state, held=now + busy(state.holds), holds=state.holds + 1, running=None)


def ended(state: State, code: int | None, now: datetime, rules: Rules) -> State:
    """The job at work has ended so; None: nobody saw how or when, since its daemon was killed."""
    if state.running is None:
        return state
    if code == Exit.BUSY:
        return held(state, now)
    job, started = state.running.job, min(state.running.started, now)
    before, good = state.runs.get((job.kind, job.topic)), code in GOOD
    last = Last(
        kind=job.kind, topic=job.topic, due=job.at, started=started, code=code,
        finished=started if code is None else now,
        failures=_failures(before, code),
        left=job.left, idle=before.idle + 1 if before and job.left and before.left == job.left else 0,
        asked_all=job.asks_all or (before is not None and before.asked_all),
    )  # fmt: skip
    nights = {**state.nights, job.kind: night_of(started, rules)} if good and job.kind in NIGHTLY else state.nights
    if job.kind == "watch":
        owed = None if good else state.owed
    else:
        owed = state.owed or now if job.kind in {"crawl", "maintain"} else state.owed
    return State(runs={**state.runs, (job.kind, job.topic): last}, nights=nights, owed=owed)


def _failures(before: Last | None, code: int | None) -> int:
    """Failures in a row; to be interrupted, again and again, is one."""
    if code in GOOD:
        return 0
    return 1 if before is None or code == Exit.INTERRUPTED else before.failures + 1


def as_of(state: State, now: datetime, rules: Rules) -> State:
    """The state without what lies in the future: a clock that went back leaves nothing waiting for it.

    A night whose hour strikes within a day counts as done, so that a clock put back by minutes does not bring it twice.
    """
    done = night_of(now, rules)
    return replace(
        state,
        runs={key: _moved(last, timedelta(0), now) for key, last in state.runs.items()},
        nights={kind: done if hour_of(day, rules) > now + DAY else day for kind, day in state.nights.items()},
        owed=min(state.owed, now) if state.owed else None,
        held=min(state.held, now + LONGEST_BUSY) if state.held else None,
        running=replace(state.running, started=min(state.running.started, now)) if state.running else None,
    )


def shifted(state: State, by: timedelta, now: datetime) -> State:
    """The state after the clock was put back by so much: what was ten minutes ago still is."""
    return replace(
        state,
        runs={key: _moved(last, by, now) for key, last in state.runs.items()},
        owed=min(state.owed + by, now) if state.owed else None,
        held=state.held + by if state.held else None,
        running=replace(state.running, started=min(state.running.started + by, now)) if state.running else None,
    )


def _moved(last: Last, by: timedelta, now: datetime) -> Last:
    started, finished = min(last.started + by, now), min(last.finished + by, now)
    return replace(
        last, due=min(last.due + by, now), started=started, finished=max(started, finished),
        asked_all=last.asked_all and not by and last.finished <= now,
    )  # fmt: skip
