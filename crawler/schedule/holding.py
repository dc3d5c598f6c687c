"""Who keeps an archive going: one daemon at a time, one job at a time."""

from __future__ import annotations

from pathlib import Path

from archive.lock import HeldError, Lock, crawling

DAEMON = "schedule.lock"
JOB = "schedule.job.lock"


class Somebody:
    """Who else is at work in an archive, as a daemon asks before each job: a job that outlived its daemon, or a crawl.

    `job` is what every job inherits; it is taken once nobody has it any more.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.job = Lock(data / JOB)

    def __call__(self) -> str:
        """Its name, empty where there is nobody."""
        if self.job.fd < 0:
            try:
                self.job.take()
            except HeldError as error:
                return f"a job of an earlier daemon ({error})"
        name = crawling(self.data)
        return f"another crawl ({name})" if name else ""
