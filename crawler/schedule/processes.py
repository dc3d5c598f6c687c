"""Jobs as processes of their own: in a group of their own, stopped politely first."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from crawler.exits import Exit
from crawler.schedule.journal import cut

LOOK = 5.0  # seconds between two looks at a job that has not rung the bell
GRACE = 15.0  # seconds for a crawl to end by itself: it promises ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Processes:
    """The runner of a real daemon.

    `wait` sleeps for some seconds, or until something happens. `held` gives a file descriptor that every job inherits:
    as long as one lives, whoever killed its daemon, the lock behind it is held.
    """

    wait: Callable[[float], None]
    held: Callable[[], int]
    grace: float = GRACE
    look: float = LOOK

    def __call__(self, command: Sequence[str], log: Path, is_over: Callable[[], bool]) -> int:
        """The exit code of a command whose output goes into a file; it is stopped once `is_over` says so.

        A job that does not listen yet, or any more, when it is asked to end was interrupted like one that does.
        """
        asked = False
        with log.open("ab") as output:
            running = subprocess.Popen(  # noqa: S603 - our own command, its words checked by the rules
                list(command), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, process_group=0,
                pass_fds=(self.held(),), env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        try:
            while running.poll() is None:
                if is_over():
                    asked = True
                    self.stop(running)
                    break
                cut(log)
                self.wait(self.look)
        finally:
            # Workers of a job that has ended, or that nobody waits for any more, would go on in the archive.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(running.pid, signal.SIGKILL)
            code = running.wait()
        return int(Exit.INTERRUPTED) if asked and code == -signal.SIGTERM else code

    def stop(self, running: subprocess.Popen[bytes]) -> None:
        """Ask a job to end; what follows after its grace is not up to it.

        Only the job itself is asked: it ends its workers when it does not need them any more.
        """
        running.send_signal(signal.SIGTERM)
        until = monotonic() + self.grace
        while running.poll() is None and (left := until - monotonic()) > 0:
            self.wait(min(left, 1.0))
