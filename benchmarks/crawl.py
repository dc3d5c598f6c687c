"""Articles a second and peak memory of a crawl, against the plain recipe, on one loopback site in the same run.

Both fetch the same hosts through the same proxy without delay, AutoThrottle off, same concurrency, `synchronous=FULL`,
in alternating runs; the median ratio counts. The server's own CPU is measured apart. A polite run stands beside.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlite_utils import Database

ROOT = Path(__file__).parent.parent
SAME = ("CONCURRENT_REQUESTS=32", "CONCURRENT_REQUESTS_PER_DOMAIN=4", "DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False")


@dataclass(frozen=True, slots=True)
class Measure:
    """One run: seconds on the clock, seconds of CPU (all its processes), peak memory in MB, articles stored."""

    wall: float
    cpu: float
    peak: float
    articles: int

    @property
    def rate(self) -> float:
        return self.articles / self.wall


@contextmanager
def site(hosts: int, pages: int) -> Iterator[tuple[str, psutil.Process, float]]:
    """The made-up press in a process of its own: proxy address, process, mean bytes a page."""
    command = [sys.executable, "-m", "benchmarks.site", "--hosts", str(hosts), "--pages", str(pages)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        proxy, size = server.stdout.readline().split()
        try:
            yield proxy, psutil.Process(server.pid), float(size)
        finally:
            server.send_signal(signal.SIGTERM)


class Peak(threading.Thread):
    """Watches a process and all below it: the highest sum of proportional set sizes in MB, and each one's CPU seconds.

    `wait4` counts no CPU of workers that another process waits for.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.process = psutil.Process(pid)
        self.peak = 0.0
        self.cpu: dict[int, float] = {}
        self.start()

    def run(self) -> None:
        while True:
            try:
                family = [self.process, *self.process.children(recursive=True)]
                self.peak = max(self.peak, sum(member.memory_full_info().pss for member in family) / 1e6)
                for member in family:
                    times = member.cpu_times()
                    self.cpu[member.pid] = times.user + times.system
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                if not self.process.is_running() or self.process.status() == psutil.STATUS_ZOMBIE:
                    return
            time.sleep(0.25)


def measured(command: Sequence[str], proxy: str, cwd: Path, database: Path) -> Measure:
    """Run a command to its end and measure it."""
    environment = {**os.environ, "http_proxy": proxy, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL)
    watch = Peak(process.pid)
    _, status = os.waitpid(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"benchmark: {' '.join(command[:4])} ended with {process.returncode}")
    database_ = Database(database)
    articles = database_["articles"].count
    database_.close()
    return Measure(wall, sum(watch.cpu.values()), watch.peak, articles)


def hosts_of(count: int) -> list[str]:
    return [f"h{number:02d}.example" for number in range(count)]


def plain(proxy: str, hosts: int, folder: Path) -> Measure:
    """The plain recipe."""
    database = folder / "plain.db"
    command = [sys.executable, "-m", "benchmarks.plain_recipe", str(database), *hosts_of(hosts)]
    return measured(command, proxy, ROOT, database)


def dossier(proxy: str, hosts: int, folder: Path, settings: Sequence[str]) -> Measure:
    """Our crawl of the same hosts, everything kept."""
    sources = "".join(f'[[sources]]\nchannel = "feeds"\nurl = "http://{host}/feed.xml"\n' for host in hosts_of(hosts))
    topic = folder / "bench.toml"
    topic.write_text(
        'title = "Benchmark"\nlanguage = "en"\n[thresholds]\nkeep = 0.0\nreview = 0.0\n'
        '[terms]\n"taliban" = 3.0\n"afghanistan" = 3.0\n"khalilzad" = 4.0\n"peace talks" = 3.0\n"doha" = 2.0\n'
        + sources,
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "crawler.cli", "--data", str(folder / "data"), "crawl", str(topic), "--json"]
    command += ["--allow-private", ".example"]
    for setting in settings:
        command += ["-s", setting]
    return measured(command, proxy, folder, folder / "data" / "news.db")


def bench(hosts: int = 40, pages: int = 25, runs: int = 5) -> dict[str, float]:
    """The figures of the crawl benchmark, by name."""
    theirs, ours, shares = [], [], []
    with site(hosts, pages) as (proxy, server, size):
        for number in range(runs):
            before = server.cpu_times()
            with tempfile.TemporaryDirectory() as folder:
                ours.append(dossier(proxy, hosts, Path(folder), SAME))
            with tempfile.TemporaryDirectory() as folder:
                theirs.append(plain(proxy, hosts, Path(folder)))
            after = server.cpu_times()
            shares.append(after.user + after.system - before.user - before.system)
            print(f"  run {number + 1}: dossier {ours[-1].rate:.1f}/s, plain {theirs[-1].rate:.1f}/s", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            polite = dossier(proxy, hosts, Path(folder), ())
    return {
        "page_bytes": size,
        "pages": float(hosts * pages),
        "plain_articles_per_s": statistics.median(run.rate for run in theirs),
        "dossier_articles_per_s": statistics.median(run.rate for run in ours),
        "ratio": statistics.median(mine.rate / other.rate for mine, other in zip(ours, theirs, strict=True)),
        "plain_cpu_ms_per_article": statistics.median(1000 * run.cpu / run.articles for run in theirs),
        "dossier_cpu_ms_per_article": statistics.median(1000 * run.cpu / run.articles for run in ours),
        "plain_peak_mb": max(run.peak for run in theirs),
        "dossier_peak_mb": max(run.peak for run in ours),
        "server_cpu_ms_per_page": statistics.median(1000 * share / (2 * hosts * pages) for share in shares),
        "polite_articles_per_s": polite.rate,
    }
