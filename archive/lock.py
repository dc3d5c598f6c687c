"""One crawl at a time per archive: a lock that dies with its process."""

from __future__ import annotations

import errno
import fcntl
import os
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import refused

NAME = "crawl.lock"


class ArchiveBusy(Exception):  # noqa: N818 - the state of the archive, named as the user meets it
    """Another crawl holds the archive; the message names its process."""


def is_held(folder: Path) -> bool:
    """Whether a crawl holds the archive in a folder now. Nothing is written, and nothing kept."""
    try:
        fd = os.open(folder / NAME, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(fd)
    return False


class CrawlLock:
    """`crawl.lock` in the data folder, held by an advisory lock of the kernel: no stale lock can be left behind."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._fd = -1

    def acquire(self) -> None:
        """Hold the lock from now on; ArchiveBusy where another crawl does, StoreError where no file can be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Python's descriptors are not inherited, so that no worker process keeps the lock of a killed crawl.
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise refused(self.path, error) from error
        try:
            self._hold(fd)
        except BaseException:
            os.close(fd)
            raise
        self._fd = fd

    def release(self) -> None:
        """Let go; safe to call twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _hold(self, fd: int) -> None:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.ftruncate(fd, 0)
            os.write(fd, f"process {os.getpid()} since {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}\n".encode())
        except OSError as error:
            if error.errno != errno.EWOULDBLOCK:
                raise refused(self.path, error) from error
            holder = os.pread(fd, 80, 0).decode("ascii", "replace").strip() or "a process that just began"
            message = f"{self.path.parent} is held by another crawl ({holder}); wait for it, or name another --data"
            raise ArchiveBusy(message) from error
