"""Who keeps an archive: one daemon at a time, one job at a time, told by locks that die with their processes."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from archive.errors import refused
from archive.lock import NAME as CRAWL

DAEMON = "schedule.lock"
JOB = "schedule.job.lock"
TRIES, PAUSE = 5, 0.2  # whoever only looks holds a lock for a moment


class HeldError(Exception):
    """Somebody else holds it; the message says who."""


class Holding:
    """A file that is held until `release`, or until its process and all that inherited it are gone."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fd = -1

    def take(self, tries: int = TRIES) -> Self:
        """Hold it from now on; HeldError where somebody else does, StoreError where no file can be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
        except OSError as error:
            raise refused(self.path, error) from error
        for attempt in range(tries):
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if attempt == tries - 1:
                    name = _said(fd)
                    os.close(fd)
                    raise HeldError(name) from error
                time.sleep(PAUSE)
        with suppress(OSError):  # a full disk takes no name: the lock holds all the same
            os.ftruncate(fd, 0)
            os.write(fd, f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode())
        self.fd = fd
        return self

    def release(self) -> None:
        """Let go; safe to call twice."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def holder(path: Path) -> str:
    """Who holds a lock (`process 12 since ...`), empty where nobody does."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return ""
    except BlockingIOError:
        return _said(fd)
    finally:
        os.close(fd)


def crawling(data: Path) -> str:
    """Who crawls in an archive, empty where nobody does.

    The lock itself is asked only where the process that wrote its name is alive: to look means to hold it for a
    moment, and a crawl that begins just then would be turned away.
    """
    try:
        fd = os.open(data / CRAWL, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        name = _said(fd)
    finally:
        os.close(fd)
    return holder(data / CRAWL) if is_alive(name) else ""


class Somebody:
    """Who else is at work in an archive, as a daemon asks before each job: a job that outlived its daemon, or a crawl.

    `job` is what every job inherits; it is taken once nobody has it any more.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.job = Holding(data / JOB)

    def __call__(self) -> str:
        """Its name, empty where there is nobody."""
        if self.job.fd < 0:
            try:
                self.job.take(1)
            except HeldError as error:
                return f"a job of an earlier daemon ({error})"
        name = crawling(self.data)
        return f"another crawl ({name})" if name else ""


def is_alive(name: str) -> bool:
    """Whether the process of a name as `holder` gives it is alive."""
    words = name.split()
    if len(words) < 2 or not words[1].isdecimal() or len(words[1]) > 9 or not int(words[1]):
        return False
    try:
        os.kill(int(words[1]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _said(fd: int) -> str:
    try:
        text = os.pread(fd, 80, 0).decode("ascii", "replace")
    except OSError:
        text = ""
    return "".join(char for char in text if char.isprintable()).strip() or "a process that just began"
