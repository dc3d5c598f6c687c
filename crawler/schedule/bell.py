"""What wakes a daemon: its hour, a signal, or the end of the job at work."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType, TracebackType
from typing import Any, Self

LONGEST = 3600.0  # seconds of one wait; select takes no more than some weeks


class Bell:
    """Signals as flags, and a sleep that they end. It is used as a context, in the main thread.

    `is_stopping` says that the daemon was asked to end, `is_reread` that it was asked to read its file again.
    """

    def __init__(self) -> None:
        self.is_stopping = False
        self.is_reread = False
        self._before: list[tuple[int, Any]] = []
        self._ends: tuple[int, int] = (-1, -1)

    def __enter__(self) -> Self:
        self._ends = os.pipe()
        for end in self._ends:
            os.set_blocking(end, False)
        self._wakeup = signal.set_wakeup_fd(self._ends[1], warn_on_full_buffer=False)
        heard = {
            signal.SIGINT: self._stop,
            signal.SIGTERM: self._stop,
            signal.SIGHUP: self._reread,
            signal.SIGCHLD: _noted,
        }
        self._before = [(number, signal.signal(number, handler)) for number, handler in heard.items()]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before:
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        for end in self._ends:
            os.close(end)

    def wait(self, seconds: float) -> None:
        """Sleep for so long, or until a signal comes."""
        ready, _, _ = select.select([self._ends[0]], [], [], min(max(seconds, 0.0), LONGEST))
        if ready:
            os.read(self._ends[0], 4096)

    def reread(self) -> bool:
        """Whether the daemon was asked to read its file again since this was asked last."""
        asked, self.is_reread = self.is_reread, False
        return asked

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.is_stopping = True

    def _reread(self, _number: int, _frame: FrameType | None) -> None:
        self.is_reread = True


def _noted(_number: int, _frame: FrameType | None) -> None:
    """A job has ended: that the bell rings is enough."""
