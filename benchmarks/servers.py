"""Servers of an archive in processes of their own, and what they cost: ours, and Datasette as it comes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.visitors import Visitor

ROOT = Path(__file__).parent.parent
PATIENCE = 300.0  # seconds until a server has to answer
WRITTEN = 0.2  # seconds from an article that is stored to the next


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers; `started` is the seconds until its first page was there."""

    url: str
    process: psutil.Process
    started: float

    @property
    def memory(self) -> float:
        """Megabytes that it has in memory."""
        return float(self.process.memory_info().rss / 1e6)

    @property
    def peak(self) -> float:
        """The most that it ever had, in megabytes."""
        told = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", told)
        return int(found[1]) * 1024 / 1e6 if found else self.memory

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has used."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    @property
    def worked(self) -> float:
        """The same of the threads that it has now, in milliseconds and far finer: for what one page costs."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e6


@contextmanager
def dossier(folder: Path) -> Iterator[Server]:
    """`dossier serve` on an archive."""
    port = free()
    command = ["-m", "crawler.cli", "--data", str(folder), "serve", "--port", str(port)]
    with serving(command, port, "/search?q=") as server:
        yield server


@contextmanager
def plain(folder: Path) -> Iterator[Server]:
    """Datasette as it comes, on the same file."""
    port = free()
    with serving(["-m", "datasette", str(folder / "news.db"), "--port", str(port)], port, "/") as server:
        yield server


@contextmanager
def serving(arguments: Sequence[str], port: int, first: str) -> Iterator[Server]:
    """A server from its start to its end; it has answered its first page."""
    began = time.perf_counter()
    # No other plugins that are installed: Datasette as it comes is without them.
    environment = {**os.environ, "DATASETTE_LOAD_PLUGINS": "", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            while not answers(url, first):
                if process.poll() is not None or time.perf_counter() - began > PATIENCE:
                    raise SystemExit(f"benchmark: {' '.join(command[2:4])} does not answer")
                time.sleep(0.02)
            yield Server(url, psutil.Process(process.pid), time.perf_counter() - began)
        finally:
            process.send_signal(signal.SIGINT)


def answers(url: str, path: str) -> bool:
    """Whether a server gives an answer already."""
    with Visitor(url) as visitor:
        return visitor.get(path).status != 0


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """While it lasts, another process stores an article every so often."""
    command = [sys.executable, "-m", "benchmarks.newcomers", str(folder), str(WRITTEN)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate()


def free() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
