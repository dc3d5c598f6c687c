from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archive.lock import ArchiveBusy, CrawlLock

HOLDER = """
import sys, time
from pathlib import Path
from archive.lock import CrawlLock
CrawlLock(Path(sys.argv[1])).acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_the_second_crawl_is_told_who_holds_the_archive(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(ArchiveBusy, match=f"process {holder.pid}"):
            CrawlLock(tmp_path).acquire()
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    lock = CrawlLock(tmp_path)
    lock.acquire()
    lock.release()
    lock.release()


def test_a_lock_that_was_let_go_can_be_taken(tmp_path: Path) -> None:
    first, second = CrawlLock(tmp_path), CrawlLock(tmp_path)
    first.acquire()
    with pytest.raises(ArchiveBusy):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
