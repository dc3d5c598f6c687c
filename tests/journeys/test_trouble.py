"""Whatever happens to a crawl, the archive stays whole, the next run goes on, and the exit code tells the truth."""

from __future__ import annotations

import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.journeys.conftest import small_reader_of

STEADY = ("articles", "versions", "stories", "fingerprints")


def wait_for_articles(reader: Any, count: int, process: subprocess.Popen[str]) -> None:
    """Until so many articles are stored, or the crawl is over."""
    while process.poll() is None:
        if (reader.data / "news.db").exists():
            try:
                if reader.rows("SELECT COUNT(*) FROM articles")[0][0] >= count:
                    return
            except sqlite3.OperationalError:
                pass  # the tables are just being made
        time.sleep(0.02)


def killed(reader: Any, kills: int, longest: float, seed: int) -> None:
    """Crawl, killed again and again at random moments, then once to the end."""
    draw = random.Random(seed)
    for _ in range(kills):
        with reader.start() as process:
            try:
                process.communicate(timeout=draw.uniform(0.3, longest))
            except subprocess.TimeoutExpired:
                children = psutil.Process(process.pid).children(recursive=True)
                process.send_signal(signal.SIGKILL)
                process.wait()
                gone, alive = psutil.wait_procs(children, timeout=10)
                assert not alive, "a worker outlived its crawl"
                del gone
        if (reader.data / "news.db").exists() and reader.rows(
            "SELECT 1 FROM sqlite_master WHERE name = 'articles_fts'"
        ):
            reader.sound()
    reader.crawl()
    reader.sound()


def calm(reader: Any, folder: Path) -> Any:
    """Somebody with the same topic who crawls undisturbed, and settles."""
    other = type(reader)(reader.press, folder, reader.topic)
    other.crawl()
    other.settled()
    return other


@pytest.fixture(scope="module")
def small_calm(running_press: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What an undisturbed crawl of the four outlets holds."""
    folder = tmp_path_factory.mktemp("calm")
    running_press.day = 1
    return calm(small_reader_of(running_press, folder), folder / "calm")


def compare(reader: Any, undisturbed: Any) -> None:
    """The killed archive holds what an undisturbed one holds, once."""
    assert reader.settled() == undisturbed.texts()
    records = Counter(reader.rows("SELECT url, digest FROM records"))
    assert records == Counter(undisturbed.rows("SELECT url, digest FROM records"))
    files = [str(file) for file in (reader.data / "warc").iterdir()]
    assert subprocess.run([sys.executable, "-m", "warcio.cli", "check", *files], check=False).returncode == 0
    kept = sum(len(data) for data in reader.warc().values())
    assert reader.rows("SELECT SUM(warc_length) FROM records")[0][0] < kept


def test_a_crawl_that_is_killed_again_and_again_loses_nothing(small_reader: Any, small_calm: Any) -> None:
    killed(small_reader, kills=4, longest=4.0, seed=1)
    compare(small_reader, small_calm)


@pytest.mark.soak
def test_fifty_kills_lose_nothing(reader: Any, tmp_path: Path) -> None:
    killed(reader, kills=50, longest=9.0, seed=2)
    compare(reader, calm(reader, tmp_path / "calm"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_a_crawl_that_is_asked_to_stop_does_so_and_the_next_goes_on(small_reader: Any, number: signal.Signals) -> None:
    with small_reader.start("-s", "DOWNLOAD_DELAY=0.3") as process:
        wait_for_articles(small_reader, 3, process)
        process.send_signal(number)
        process.communicate(timeout=12)
    assert process.returncode == 6
    small_reader.sound()
    assert small_reader.rows("SELECT outcome FROM runs") == [("shutdown",)]
    stored = set(small_reader.texts())
    small_reader.crawl()
    assert stored <= set(small_reader.texts())
    assert small_reader.rows("SELECT COUNT(*) FROM candidates WHERE state = 'waiting' AND next_try IS NULL") == [(0,)]


def test_a_second_crawl_of_the_same_archive_is_refused(small_reader: Any) -> None:
    with small_reader.start("-s", "DOWNLOAD_DELAY=3") as process:  # it must outlast the start of the second one
        wait_for_articles(small_reader, 1, process)
        told = small_reader.crawl(code=5)["stderr"]
        process.kill()
        process.communicate(timeout=12)
    assert f"process {process.pid}" in told


def test_a_locked_archive_is_waited_for(small_reader: Any) -> None:
    with small_reader.start() as process:
        wait_for_articles(small_reader, 2, process)
        other = sqlite3.connect(small_reader.data / "news.db", timeout=10)
        other.execute("BEGIN IMMEDIATE")
        time.sleep(2)
        other.rollback()
        other.close()
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    small_reader.sound()


def test_an_archive_that_stays_locked_ends_the_crawl_with_its_own_code(small_reader: Any) -> None:
    with small_reader.start("-s", "DOSSIER_STORE_PATIENCE=1", "-s", "DOWNLOAD_DELAY=0.3") as process:
        wait_for_articles(small_reader, 2, process)
        other = sqlite3.connect(small_reader.data / "news.db", timeout=10)
        other.execute("BEGIN IMMEDIATE")
        _, errors = process.communicate(timeout=60)
        other.rollback()
        other.close()
    assert process.returncode == 3
    assert "locked by another program" in errors
    small_reader.crawl()
    small_reader.sound()


def test_a_full_disk_ends_the_crawl_with_its_own_code_and_loses_nothing(small_reader: Any, small_calm: Any) -> None:
    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))

    told = small_reader.crawl(code=3, preexec_fn=small_disk)["stderr"]
    assert "disk is full" in told
    small_reader.sound()
    small_reader.crawl()
    compare(small_reader, small_calm)


def test_a_folder_that_cannot_be_written_is_told(small_reader: Any) -> None:
    blocked = type(small_reader)(small_reader.press, Path("/proc/dossier"), small_reader.topic)
    assert "--data" in blocked.crawl(code=3)["stderr"]


def test_a_network_that_is_gone_is_told(small_reader: Any) -> None:
    environment = {
        **small_reader.environment(),
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    done = subprocess.run(
        small_reader.crawl_command(), env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stderr
    assert "nothing could be reached" in done.stderr


def test_a_bad_topic_is_told_with_file_key_fault_and_mend(small_reader: Any) -> None:
    small_reader.topic.write_text('title = "T"\n[thresholds]\nkeep = 7\n', encoding="utf-8")
    told = small_reader.crawl(code=2)["stderr"]
    assert "talks.toml" in told
    assert "keep" in told
    assert "7" in told
