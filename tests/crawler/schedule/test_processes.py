from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.lock import Lock, holder
from crawler.exits import Exit
from crawler.schedule.bell import Bell
from crawler.schedule.processes import Processes

STUBBORN = (
    "import signal,sys,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
)
POLITE = """
import signal, sys, time
def end(*_): print('ended well', flush=True); sys.exit(6)
signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(60)
"""
FAMILY = """
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])
print(child.pid, flush=True)
"""


@pytest.fixture
def bell() -> Iterator[Bell]:
    with Bell() as bell:
        yield bell


@pytest.fixture
def lock(tmp_path: Path) -> Iterator[Lock]:
    lock = Lock(tmp_path / "job.lock").take()
    yield lock
    lock.release()


def run(bell: Bell, lock: Lock, log: Path, program: str, is_over: Callable[[], bool], grace: float = 5) -> int:
    command = [sys.executable, "-c", program]
    return Processes(wait=bell.wait, held=lambda: lock.fd, grace=grace, look=0.05)(command, log, is_over)


def never() -> bool:
    return False


def test_a_job_runs_to_its_end_with_its_output_in_its_file(bell: Bell, lock: Lock, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    program = (
        "import sys, os; print('out'); print('err', file=sys.stderr); print(os.getpgrp() == os.getpid()); sys.exit(7)"
    )
    assert run(bell, lock, log, program, never) == 7
    assert sorted(log.read_text("utf-8").split()) == ["True", "err", "out"]


def test_a_job_is_asked_to_end_and_given_time(bell: Bell, lock: Lock, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    assert run(bell, lock, log, POLITE, lambda: log.read_text("utf-8") == "up\n") == 6
    assert log.read_text("utf-8") == "up\nended well\n"


def test_a_job_that_does_not_hear_is_killed(bell: Bell, lock: Lock, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    assert run(bell, lock, log, STUBBORN, lambda: log.read_text("utf-8") == "up\n", grace=0.2) == -signal.SIGKILL


def test_a_job_that_does_not_listen_yet_is_interrupted_like_one_that_does(
    bell: Bell, lock: Lock, tmp_path: Path
) -> None:
    log = tmp_path / "a.log"
    deaf = "import time; print('up', flush=True); time.sleep(60)"
    assert run(bell, lock, log, deaf, lambda: log.read_text("utf-8") == "up\n") == Exit.INTERRUPTED
    own = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    assert run(bell, lock, log, own, never) == -signal.SIGTERM


def test_workers_that_a_job_left_behind_go_with_it(bell: Bell, lock: Lock, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    assert run(bell, lock, log, FAMILY, never) == 0
    child = int(log.read_text("utf-8"))
    for _ in range(200):
        if not alive(child):
            break
        time.sleep(0.02)
    assert not alive(child)


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False


def test_as_long_as_a_job_lives_its_lock_is_held_whoever_killed_its_daemon(tmp_path: Path) -> None:
    program = f"""
import sys
from pathlib import Path
from archive.lock import Lock
from crawler.schedule.processes import Processes
import time
lock = Lock(Path({str(tmp_path)!r}) / "job.lock").take()
job = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
Processes(wait=lambda s: time.sleep(0.05), held=lambda: lock.fd)(job, Path({str(tmp_path)!r}) / "a.log", lambda: False)
"""
    daemon = subprocess.Popen([sys.executable, "-c", program])
    log = tmp_path / "a.log"
    while not (log.exists() and log.read_text("utf-8")):
        assert daemon.poll() is None
        time.sleep(0.02)
    daemon.kill()
    daemon.wait()
    assert holder(tmp_path / "job.lock")
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]
    (job,) = [number for number in numbers if holds(number, tmp_path / "job.lock")]
    os.kill(job, signal.SIGKILL)
    for _ in range(200):
        if not holder(tmp_path / "job.lock"):
            break
        time.sleep(0.02)
    assert not holder(tmp_path / "job.lock")


def holds(pid: int, path: Path) -> bool:
    try:
        return any(fd.resolve() == path for fd in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False


def test_signals_wake_the_daemon_and_are_told_apart(bell: Bell) -> None:
    os.kill(os.getpid(), signal.SIGHUP)
    bell.wait(60)
    assert (bell.reread(), bell.reread(), bell.is_stopping) == (True, False, False)
    os.kill(os.getpid(), signal.SIGTERM)
    bell.wait(60)
    assert bell.is_stopping


def test_the_bell_leaves_signals_as_they_were() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)]
    with Bell() as bell:
        bell.wait(0)
    assert before == [
        signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)
    ]
