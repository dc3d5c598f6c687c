from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.lock import ArchiveBusy, CrawlLock, HeldError, Lock, crawling, holder
from archive.store import StoreError

OWN = f"process {os.getpid()} since"
HOLDER = """
import subprocess, sys, time
from pathlib import Path
from archive.lock import CrawlLock
CrawlLock(Path(sys.argv[1])).take()
worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], close_fds=False)
print(worker.pid, flush=True)
time.sleep(60)
"""


@contextmanager
def held(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that holds the lock, and the process that it started itself."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as holder:
        assert holder.stdout is not None
        worker = int(holder.stdout.readline())
        try:
            yield holder, worker
        finally:
            os.kill(worker, signal.SIGKILL)
            holder.kill()


def test_the_second_crawl_is_told_who_holds_the_archive(tmp_path: Path) -> None:
    with held(tmp_path) as (holder, _), pytest.raises(ArchiveBusy, match=rf"process {holder.pid} since 20\d\d-"):
        CrawlLock(tmp_path).take()


def test_a_killed_crawl_holds_nothing_even_while_its_workers_live(tmp_path: Path) -> None:
    with held(tmp_path) as (holder, worker):
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        os.kill(worker, 0)
        lock = CrawlLock(tmp_path)
        lock.take()
        lock.release()


def test_a_lock_that_was_let_go_can_be_taken(tmp_path: Path) -> None:
    first, second = CrawlLock(tmp_path), CrawlLock(tmp_path)
    first.take()
    with pytest.raises(ArchiveBusy):
        second.take()
    first.release()
    first.release()
    second.take()
    second.release()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StoreError, match="--data") as caught:
        CrawlLock(tmp_path / "data").take()
    assert caught.value.kind == "readonly"


def test_a_second_one_is_told_who_was_first(tmp_path: Path) -> None:
    first = Lock(tmp_path / "one.lock").take()
    with pytest.raises(HeldError, match=OWN):
        Lock(tmp_path / "one.lock").take()
    assert holder(tmp_path / "one.lock").startswith(OWN)
    first.release()
    first.release()
    assert holder(tmp_path / "one.lock") == ""
    Lock(tmp_path / "one.lock").take().release()


def test_nobody_holds_what_is_not_there(tmp_path: Path) -> None:
    assert holder(tmp_path / "one.lock") == ""
    assert crawling(tmp_path) == ""


def test_a_lock_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "one.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        Lock(tmp_path / "one.lock").take()


def test_a_disk_that_takes_no_name_lets_it_be_held_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_fd: int, _text: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        first = Lock(tmp_path / "some.lock").take()
    with pytest.raises(HeldError, match="a process that just began"):
        Lock(tmp_path / "some.lock").take(0)
    first.release()
