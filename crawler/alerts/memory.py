"""`alerts.json` in the data folder: which faults were told, on which way, when."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from archive.disk import write_whole
from archive.errors import StoreError
from archive.lock import HeldError, Lock
from crawler.alerts.faults import MOST, Fault, Key, key_of
from crawler.alerts.wording import harmless, plain_values
from crawler.times import moment_of, text_of
from crawler.watching.finding import Finding, Kind

NAME = "alerts.json"
ASIDE = "alerts.json.damaged"
LOCK = "alerts.lock"
VERSION = 1
LONGEST = 10_000_000  # bytes


class DamagedError(ValueError):
    """The file is not what was written."""


def remembered(data: Path, *, aside: bool = True) -> tuple[dict[Key, Fault], str]:
    """The faults that are remembered, and a sentence where the file was damaged: then it is set aside."""
    path = data / NAME
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST + 1)
    except FileNotFoundError:
        return {}, ""
    try:
        return parsed(text), ""
    except (ValueError, RecursionError) as error:
        if aside:
            with suppress(OSError):  # a disk that takes nothing is no reason to tell nobody
                path.replace(data / ASIDE)
        return {}, f"{path} was damaged ({error}) and is set aside as {ASIDE}; faults that were told are told again"


def parsed(text: bytes) -> dict[Key, Fault]:
    """The faults that a file holds; ValueError where it holds anything else."""
    if len(text) > LONGEST:
        raise DamagedError("too long")
    found = json.loads(text)
    if not isinstance(found, dict) or found.get("version") != VERSION or not isinstance(found.get("faults"), list):
        raise DamagedError(f"no list of faults of version {VERSION}")
    if len(found["faults"]) > MOST:
        raise DamagedError("too many faults")
    faults = [fault_of(one) for one in found["faults"]]
    return {key_of(fault.finding): fault for fault in faults}


def fault_of(one: Any) -> Fault:
    """One fault of the file."""
    if not isinstance(one, dict) or set(one) != {"finding", "first", "ended", "told"}:
        raise DamagedError("a fault without its parts")
    finding, told = one["finding"], one["told"]
    if not is_texts(finding) or set(finding) != set(Finding.__slots__) or finding["kind"] not in get_args(Kind):
        raise DamagedError("a fault of no kind that is known")
    if not is_texts(told) or len(told) > 20:
        raise DamagedError("a fault that nobody can have told")
    for moment in (one["first"], one["ended"] or one["first"], *told.values()):
        if not isinstance(moment, str) or not is_moment(moment):
            raise DamagedError("a time that is none")
    return Fault(finding=harmless(Finding(**finding)), first=one["first"], ended=one["ended"] or "", told=told)


def is_texts(value: Any) -> bool:
    """Whether a value is an object of texts."""
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


def is_moment(text: str) -> bool:
    """Whether a text is a time as the archive writes it."""
    try:
        return text_of(moment_of(text)) == text
    except (ValueError, OverflowError):
        return False


def remember(data: Path, faults: Mapping[Key, Fault]) -> None:
    """Write what is remembered, all of it or nothing; OSError where that cannot be."""
    listed = [{**asdict(fault), "finding": plain_values(fault.finding)} for fault in faults.values()]
    text = json.dumps({"version": VERSION, "faults": listed}, indent=1)
    write_whole(data / NAME, text.encode())


@contextmanager
def alone(data: Path) -> Iterator[bool]:
    """Whether nobody else sends alerts of this archive just now; nobody else does meanwhile."""
    lock = Lock(data / LOCK)
    try:
        lock.take()
    except StoreError:  # a disk that takes no more is a reason for alerts, none against them
        yield True
    except HeldError:
        yield False
    else:
        try:
            yield True
        finally:
            lock.release()
