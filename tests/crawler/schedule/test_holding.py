from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from archive.lock import CrawlLock, Lock
from crawler.schedule.holding import JOB, Somebody

OWN = f"process {os.getpid()} since"


def test_a_crawl_by_hand_is_somebody(tmp_path: Path) -> None:
    lock, somebody = CrawlLock(tmp_path), Somebody(tmp_path)
    assert somebody() == ""
    lock.take()
    assert somebody().startswith(f"another crawl ({OWN}")
    lock.release()
    assert somebody() == ""
    somebody.job.release()


def test_a_job_that_outlived_its_daemon_is_somebody(tmp_path: Path) -> None:
    killed = Lock(tmp_path / JOB).take()
    job = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(killed.fd,))
    killed.release()
    somebody = Somebody(tmp_path)
    assert somebody().startswith("a job of an earlier daemon (process")
    job.communicate(b"\n")
    assert somebody() == ""
    somebody.job.release()
