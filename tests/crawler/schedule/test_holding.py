from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.lock import CrawlLock
from crawler.schedule.holding import DAEMON, JOB, HeldError, Holding, Somebody, crawling, holder, is_alive

OWN = f"process {os.getpid()} since"


def test_a_second_one_is_told_who_was_first(tmp_path: Path) -> None:
    first = Holding(tmp_path / DAEMON).take()
    with pytest.raises(HeldError, match=OWN):
        Holding(tmp_path / DAEMON).take(1)
    assert holder(tmp_path / DAEMON).startswith(OWN)
    first.release()
    first.release()
    assert holder(tmp_path / DAEMON) == ""
    Holding(tmp_path / DAEMON).take(1).release()


def test_nobody_holds_what_is_not_there(tmp_path: Path) -> None:
    assert holder(tmp_path / DAEMON) == ""
    assert crawling(tmp_path) == ""


def test_a_lock_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / DAEMON).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        Holding(tmp_path / DAEMON).take(1)


def test_a_crawl_by_hand_is_somebody(tmp_path: Path) -> None:
    lock, somebody = CrawlLock(tmp_path), Somebody(tmp_path)
    assert somebody() == ""
    lock.acquire()
    assert somebody().startswith(f"another crawl ({OWN}")
    lock.release()
    assert somebody() == ""
    somebody.job.release()


def test_a_job_that_outlived_its_daemon_is_somebody(tmp_path: Path) -> None:
    killed = Holding(tmp_path / JOB).take(1)
    job = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(killed.fd,))
    killed.release()
    somebody = Somebody(tmp_path)
    assert somebody().startswith("a job of an earlier daemon (process")
    job.communicate(b"\n")
    assert somebody() == ""
    somebody.job.release()


@pytest.mark.parametrize("name", ["", "process", "process x", "process 0", "process -1", f"process {'9' * 400}"])
def test_what_is_no_name_of_a_process_is_not_alive(name: str) -> None:
    assert not is_alive(name)


def test_a_disk_that_takes_no_name_lets_it_hold_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_fd: int, _text: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        first = Holding(tmp_path / DAEMON).take()
    with pytest.raises(HeldError, match="a process that just began"):
        Holding(tmp_path / DAEMON).take(1)
    first.release()
