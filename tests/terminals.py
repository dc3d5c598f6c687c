"""A command on a terminal of its own, answered as a user would type."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


def typed(
    command: Sequence[str], answers: Sequence[tuple[str, str]], *, cwd: Path, env: Mapping[str, str]
) -> tuple[int, str]:
    """Exit code and all that was shown. Each answer is what to wait for, and what is typed then."""
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=cwd, env=dict(env), close_fds=True)
    os.close(slave)
    shown, pending, until = "", list(answers), time.monotonic() + 60
    seen = 0  # how far the output has been answered
    try:
        while time.monotonic() < until:
            if pending and (at := shown.find(pending[0][0], seen)) >= 0:
                seen = at + len(pending[0][0])
                os.write(master, pending.pop(0)[1].encode())
                continue
            ready, _, _ = select.select([master], [], [], 1)
            if not ready:
                continue
            try:
                chunk = os.read(master, 1 << 16)
            except OSError:  # the other side is closed
                break
            if not chunk:
                break
            shown += chunk.decode("utf-8", "replace")
        return process.wait(20), shown
    finally:
        process.kill()
        process.wait()
        os.close(master)
