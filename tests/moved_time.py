"""Processes whose wall clock a test moves by libfaketime, and whose waiting is that of the real machine."""

from __future__ import annotations

import os
from pathlib import Path

# libfaketime before 0.9.11 gives the kernel a negative time where Python 3.11 sleeps, if it leaves the monotonic clock
# as it is (its issue 426): each sleep fails. A sleep as a wait for nothing is none of its business.
SLEEP = """
import select
import time


def sleep(seconds):
    select.select([], [], [], seconds)


time.sleep = sleep
"""


def moved_time(folder: Path) -> dict[str, str]:
    """What to add to the environment of such a process; `folder` is made, and holds what mends its sleep."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(SLEEP, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    return {"TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "PYTHONPATH": path}
