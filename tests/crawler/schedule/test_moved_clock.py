"""The real daemon under a clock that is put forward and back while it runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.extras import needs
from tests.moved_time import moved_time

LIBRARIES = sorted(Path("/usr/lib").glob("**/faketime/libfaketime.so.1"))

# An address of this machine, which a crawl refuses to ask.
TOPIC = 'title = "Talks"\n[terms]\n"talks" = 1\n[[sources]]\nchannel = "feeds"\nurl = "http://127.0.0.1:9/feed.xml"\n'


@needs("faketime")
@pytest.mark.soak
def test_a_clock_that_is_put_forward_and_back_under_the_daemon(tmp_path: Path) -> None:
    data, offset = tmp_path / "data", tmp_path / "offset"
    (data / "topics").mkdir(parents=True)
    (data / "topics" / "talks.toml").write_text(TOPIC, encoding="utf-8")
    (data / "dossier.toml").write_text("[schedule]\ntopics = ['talks']\n", encoding="utf-8")
    offset.write_text("+0\n", encoding="utf-8")
    environ = (
        os.environ
        | moved_time(tmp_path / "moved")
        | {"LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME_TIMESTAMP_FILE": str(offset), "FAKETIME_NO_CACHE": "1"}
    )
    command = [sys.executable, "-m", "crawler.cli", "--data", str(data), "schedule", "run"]
    log = tmp_path / "lines"
    with log.open("w", encoding="utf-8") as lines:
        daemon = subprocess.Popen(command, env=environ, stderr=lines)

    def said(what: str, times: int = 1) -> bool:
        return log.read_text("utf-8").count(what) >= times

    def until(true: Callable[[], bool]) -> None:
        for _ in range(1_200):
            if true():
                return
            assert daemon.poll() is None
            time.sleep(0.1)
        pytest.fail(log.read_text("utf-8"))

    try:
        until(lambda: said("watch: "))
        offset.write_text("+10d\n", encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)  # it looks at its clock each minute, and when it is woken
        until(lambda: said("the clock went forward by 10 days"))
        until(lambda: said("maintain: "))
        until(lambda: said("crawl talks: ", 2))
        assert log.read_text("utf-8").count("snapshot: ") == log.read_text("utf-8").count("maintain: ") == 1
        time.sleep(3)
        offset.write_text("+0\n", encoding="utf-8")
        daemon.send_signal(signal.SIGHUP)
        until(lambda: said("the clock was put back by 10 days"))
        time.sleep(3)
        assert log.read_text("utf-8").count("maintain: ") == 1, log.read_text("utf-8")
        status = [*command[:-1], "status", "--check"]
        plain = os.environ | {"TZ": "UTC"}
        assert subprocess.run(status, env=plain, check=False, capture_output=True).returncode == 0
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(timeout=30) == 0
    finally:
        if daemon.poll() is None:
            daemon.kill()
            daemon.wait()
