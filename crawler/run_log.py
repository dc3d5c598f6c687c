"""`crawl.log`: the log of the run that holds the archive, or held it last."""

from __future__ import annotations

import logging
from pathlib import Path


class RunLog(logging.FileHandler):
    """Write behind what is there, until `begin` says that the archive is ours: only then a former log goes.

    A crawl that finds the archive held by another must not empty the log into which that one writes.
    """

    def __init__(self, name: str, encoding: str) -> None:
        super().__init__(name, "a", encoding, errors="backslashreplace")
        self.start = Path(self.baseFilename).stat().st_size

    def begin(self) -> None:
        """Leave nothing in the file but what this process has written; twice is once."""
        self.acquire()
        try:
            self.flush()
            with Path(self.baseFilename).open("r+b") as file:
                file.seek(self.start)
                own = file.read()
                file.seek(0)
                file.write(own)
                file.truncate()
            self.start = 0
        finally:
            self.release()
