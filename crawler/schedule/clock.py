"""Time as a daemon is given it: what the wall clock says, and what has really passed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

BEAT = timedelta(minutes=5)  # between two signs of life
NOTICED = timedelta(seconds=30)  # a clock that is set right by less is not spoken of


@dataclass(slots=True, kw_only=True)
class Clock:
    """`now` is aware UTC to the second, `monotonic` seconds that no one can set, `sleep` waits or is woken before."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    _seen: tuple[datetime, float] | None = None

    def jump(self) -> timedelta:
        """By how much the wall clock was put forward (or back, below zero) since the last call; zero for not at all.

        A machine that slept looks the same as a clock that was put forward.
        """
        now, passed = self.now(), self.monotonic()
        before, self._seen = self._seen, (now, passed)
        if before is None:
            return timedelta(0)
        jump = now - before[0] - timedelta(seconds=round(passed - before[1]))
        return jump if abs(jump) >= NOTICED else timedelta(0)


def span_said(span: timedelta) -> str:
    """A span as people say it: `40 s`, `5 min`, `3 h 20 min`, `12 days`."""
    seconds = round(span.total_seconds())
    if seconds < 100:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(hours / 24)} days"
