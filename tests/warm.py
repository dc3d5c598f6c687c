"""Runs of the real command, each in a process of its own that begins with everything imported: that is most of a start.

What has to be killed, stopped or starved of something is started cold instead.
"""

from __future__ import annotations

import atexit
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler.channels", "crawler.extensions", "crawler.middlewares", "crawler.spiders", "pipelines.stages")
MODULES = (
    "crawler.cli.backfill", "crawler.cli.crawl", "crawler.cli.new", "crawler.cli.reextract", "crawler.cli.rescore",
    "crawler.cli.sources", "crawler.handlers", "crawler.kept_pages", "scrapy.core.engine", "scrapy.core.scheduler",
    "scrapy.core.scraper", "scrapy.extensions.throttle", "twisted.internet.asyncioreactor", "twisted.web.client",
)  # fmt: skip


def ran(
    words: Sequence[str], env: Mapping[str, str], timeout: float = 180, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """What became of `dossier` with these words."""
    with TemporaryDirectory(prefix="warm-") as folder:
        code = starter().code_of({"words": [*words], "env": {**env}, "folder": folder, "cwd": str(cwd)}, timeout)
        out, err = (Path(folder, name).read_text(encoding="utf-8") for name in ("out", "err"))
    return subprocess.CompletedProcess([*words], code, out, err)


class Starter:
    """The process that the others are forked from."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm"], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        atexit.register(self.close)

    def code_of(self, job: Mapping[str, Any], timeout: float) -> int:
        """The exit code of a job; TimeoutExpired where it does not end, which ends the starter too."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job) + "\n")
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], timeout)[0]:
            self.close()
            starter.cache_clear()
            raise subprocess.TimeoutExpired(job["words"], timeout)
        return int(self.process.stdout.readline())

    def close(self) -> None:
        """End it, and what it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@cache
def starter() -> Starter:
    """The one of this process."""
    return Starter()


def load() -> None:
    """Import what a run imports, and no more: a reactor belongs to the run."""
    for room in ROOMS:
        for one in pkgutil.walk_packages(import_module(room).__path__, f"{room}."):
            import_module(one.name)
    for name in MODULES:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules


def serve() -> list[str]:
    """Fork for each job on standard input and tell its exit code; returns in the fork, with the words of its job."""
    for line in sys.stdin:
        job = json.loads(line)
        pid = os.fork()
        if not pid:
            begin(job)
            return list(job["words"])
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
    sys.exit()


def begin(job: Mapping[str, Any]) -> None:
    """Take the surroundings of a job, as if this process had just been started for it."""
    os.environ.clear()
    os.environ.update(job["env"])
    os.chdir(job["cwd"])
    _turn(0, os.devnull, os.O_RDONLY)
    _turn(1, f"{job['folder']}/out", os.O_CREAT | os.O_WRONLY)
    _turn(2, f"{job['folder']}/err", os.O_CREAT | os.O_WRONLY)


def _turn(number: int, path: str, flags: int) -> None:
    opened = os.open(path, flags, 0o600)
    os.dup2(opened, number)
    os.close(opened)


if __name__ == "__main__":
    load()
    words = serve()
    sys.argv = ["dossier", *words]
    import_module("crawler.cli").main(words, prog_name="dossier")
