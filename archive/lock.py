"""One crawl at a time per archive: a lock that dies with its process."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from archive.errors import StoreError


class ArchiveBusy(Exception):  # noqa: N818 - the state of the archive, named as the user meets it
    """Another crawl holds the archive; the message names its process."""


class CrawlLock:
    """`crawl.lock` in the data folder, held by an advisory lock of the kernel: no stale lock can be left behind."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "crawl.lock"
        self._fd = -1

    def acquire(self) -> None:
        """Hold the lock from now on; ArchiveBusy where another process does, StoreError where it cannot be made."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # Not inheritable, so that a worker process cannot keep the lock of a killed crawl.
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            message = f"{self.path} cannot be written ({error.strerror}); name another folder with --data"
            raise StoreError(message, "readonly") from error
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(fd, 64).decode("ascii", "replace").strip() or "unknown"
            os.close(fd)
            message = f"another crawl (process {holder}) holds {self.path.parent}; wait for it, or name another --data"
            raise ArchiveBusy(message) from error
        os.ftruncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode())
        self._fd = fd

    def release(self) -> None:
        """Let go; safe to call twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
