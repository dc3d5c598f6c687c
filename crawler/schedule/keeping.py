"""`schedule.json` in the data folder: what a daemon remembers, for the next one and for whoever asks how it goes."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from archive.disk import write_whole
from crawler.schedule.jobs import Job, Kind
from crawler.schedule.state import Last, Running, State
from crawler.times import moment_of, text_of

NAME = "schedule.json"
ASIDE = "schedule.json.unread"
MOST = 4_000_000  # bytes
MOST_RUNS = 2_000
MOST_JOBS = 4_000
LONGEST = 5_000  # characters of a text
VERSION = 1
T = TypeVar("T")


class UnreadError(Exception):
    """The file is not what a daemon wrote; the message says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The content of the file: the state, what is foreseen, and what is wrong with topics, by their names."""

    state: State
    jobs: Sequence[Job] = ()
    faults: Mapping[str, str] = field(default_factory=dict)


def read(data: Path) -> Kept | None:
    """What the last daemon left, None where there was none; UnreadError where the file is torn, or no such file."""
    try:
        # Neither a link nor a pipe that never ends is followed.
        fd = os.open(data / NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnreadError(error.strerror or str(error)) from error
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise UnreadError("it is no file")
    with os.fdopen(fd, "rb") as file:
        text = file.read(MOST + 1)
    if len(text) > MOST:
        raise UnreadError(f"it is longer than {MOST:,} bytes")
    try:
        return _kept(json.loads(text))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise UnreadError(f"it is not what a daemon writes ({type(error).__name__})") from error


def set_aside(data: Path) -> Path:
    """Where a file went that could not be read; an earlier one there is replaced. OSError where it cannot be moved."""
    try:
        return (data / NAME).replace(data / ASIDE)
    except (IsADirectoryError, NotADirectoryError):
        return (data / NAME).replace(data / f"{ASIDE}-{os.getpid()}")


def write(data: Path, kept: Kept) -> None:
    """Replace the file as a whole; OSError where that cannot be."""
    text = json.dumps(_json(kept), ensure_ascii=True) + "\n"
    write_whole(data / NAME, text.encode())


def _json(kept: Kept) -> dict[str, Any]:
    state = kept.state
    runs = sorted(state.runs.values(), key=lambda last: last.finished)[-MOST_RUNS:]
    return {
        "version": VERSION,
        "running": None if state.running is None else _job_json(state.running.job) | _times(state.running, "started"),
        "next": [_job_json(job) for job in kept.jobs[:MOST_JOBS]],
        "runs": [
            {"kind": last.kind, "topic": last.topic, "code": last.code, "failures": last.failures}
            | _times(last, "due", "started", "finished")
            | ({"left": last.left, "idle": last.idle} if last.left else {})
            | ({"asked_all": True} if last.asked_all else {})
            for last in runs
        ],
        "nights": {kind: day.isoformat() for kind, day in state.nights.items()},
        **_times(state, "owed", "held"),
        "holds": state.holds,
        "faults": {name: fault[:LONGEST] for name, fault in kept.faults.items()},
    }


def _times(thing: Any, *names: str) -> dict[str, str | None]:
    return {name: text_of(getattr(thing, name)) for name in names}


def _job_json(job: Job) -> dict[str, Any]:
    extra = ({"asks_all": True} if job.asks_all else {}) | ({"left": job.left} if job.left else {})
    return {"kind": job.kind, "topic": job.topic, "at": text_of(job.at), "why": job.why, "file": job.file, **extra}


def _kept(found: Any) -> Kept:
    if found["version"] != VERSION:
        raise ValueError(found["version"])
    runs = [_last(one) for one in _list(found["runs"], MOST_RUNS)]
    running = found["running"]
    state = State(
        runs={(last.kind, last.topic): last for last in runs},
        nights={_kind(kind): date.fromisoformat(_text(day)) for kind, day in dict(found["nights"]).items()},
        owed=_maybe(_moment, found["owed"]),
        held=_maybe(_moment, found["held"]),
        holds=_count(found["holds"]),
        running=None if running is None else Running(job=_job(running), started=_moment(running["started"])),
    )
    jobs = tuple(_job(one) for one in _list(found["next"], MOST_JOBS))
    return Kept(
        state=state, jobs=jobs, faults={_text(key): _text(value) for key, value in dict(found["faults"]).items()}
    )


def _last(one: Any) -> Last:
    last = Last(
        kind=_kind(one["kind"]), topic=_text(one["topic"]), due=_moment(one["due"]), started=_moment(one["started"]),
        finished=_moment(one["finished"]), code=_maybe(_code, one["code"]), failures=_count(one["failures"]),
        left=_text(one.get("left", "")), idle=_count(one.get("idle", 0)), asked_all=one.get("asked_all") is True,
    )  # fmt: skip
    if last.finished < last.started:
        raise ValueError(last.finished)
    return last


def _job(one: Any) -> Job:
    return Job(
        kind=_kind(one["kind"]), topic=_text(one["topic"]), at=_moment(one["at"]), why=_text(one["why"]),
        file=_text(one["file"]), asks_all=one.get("asks_all") is True, left=_text(one.get("left", "")),
    )  # fmt: skip


def _maybe(read_as: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else read_as(value)


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise TypeError
    return value


def _kind(value: Any) -> Kind:
    kinds: tuple[Kind, ...] = get_args(Kind)
    return kinds[kinds.index(value)]


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST:
        raise TypeError
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 31:
        raise TypeError
    return value


def _code(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -1_000 < value < 1_000:
        raise TypeError
    return value


def _moment(value: Any) -> datetime:
    text = _text(value)
    moment = moment_of(text)
    # The years at the ends leave no room for a pause, nor for a zone.
    if moment is None or not text.endswith("Z") or not 1970 <= moment.year <= 9000:
        raise ValueError(value)
    return moment
