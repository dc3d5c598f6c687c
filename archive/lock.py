"""Who is at work in an archive: locks of the kernel on files, so that no stale one can be left behind."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from archive.errors import refused

NAME = "crawl.lock"
WAIT = 0.3  # seconds: whoever only looks whether a lock is held holds it for a moment
PAUSE, LONGEST_PAUSE = 0.05, 1.0  # seconds between two tries
LONGEST = 80  # bytes of a holder's name


class HeldError(Exception):
    """Somebody else holds it; the message says who."""


class ArchiveBusy(Exception):  # noqa: N818 - the state of the archive, named as the user meets it
    """Another crawl holds the archive; the message names its process."""


class Lock:
    """A file that is held until `release`, or until its process and all that inherited `fd` are gone."""

    def __init__(self, path: Path, *, makes_folder: bool = False) -> None:
        self.path = path
        self.makes_folder = makes_folder
        self.fd = -1

    def take(self, wait: float = WAIT) -> Self:
        """Hold it from now on; HeldError where somebody else still does then, StoreError where it cannot be."""
        try:
            if self.makes_folder:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            # Python's descriptors are not inherited, so that no worker process keeps the lock of a killed crawl.
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)
        except OSError as error:
            raise refused(self.path, error) from error
        try:
            self._hold(fd, time.monotonic() + wait)
        except BaseException:
            os.close(fd)
            raise
        self.fd = fd
        return self

    def release(self) -> None:
        """Let go; safe to call twice."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> Self:
        return self if self.fd >= 0 else self.take()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _hold(self, fd: int, until: float) -> None:
        pause = PAUSE
        try:
            while not _is_free(fd, fcntl.LOCK_EX):
                if time.monotonic() >= until:
                    raise HeldError(_said(fd))
                time.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        except OSError as error:
            raise refused(self.path, error) from error
        with suppress(OSError):  # a full disk takes no name: the lock holds all the same
            os.ftruncate(fd, 0)
            os.write(fd, f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode())


class CrawlLock(Lock):
    """The lock of the archive in a folder: one crawl at a time, and nothing that must not happen under one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / NAME, makes_folder=True)

    def take(self, wait: float = WAIT) -> Self:
        """Hold the archive from now on; ArchiveBusy where a crawl does, StoreError where its folder cannot be made."""
        try:
            return super().take(wait)
        except HeldError as error:
            message = f"{self.path.parent} is held by another crawl ({error}); wait for it, or name another --data"
            raise ArchiveBusy(message) from error


def holder(path: Path) -> str:
    """Who holds a lock (`process 12 since ...`), empty where nobody does. Nothing is written."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return ""
    try:
        return "" if _is_free(fd, fcntl.LOCK_SH) else _said(fd)
    finally:
        os.close(fd)


def crawling(data: Path) -> str:
    """Who crawls in an archive, empty where nobody does."""
    return holder(data / NAME)


def _is_free(fd: int, wish: int) -> bool:
    """Whether a lock is ours now."""
    try:
        fcntl.flock(fd, wish | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _said(fd: int) -> str:
    text = ""
    with suppress(OSError):
        text = os.pread(fd, LONGEST, 0).decode("ascii", "replace")
    return "".join(char for char in text if char.isprintable()).strip() or "a process that just began"
