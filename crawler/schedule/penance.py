"""How long a job rests that went wrong, by its exit code, ever longer."""

from __future__ import annotations

from datetime import timedelta

from crawler.exits import Exit
from crawler.schedule.rules import Rules

HOUR = timedelta(hours=1)
SOON = 4 * HOUR  # at the longest, where it may be over at any time
BUSY, LONGEST_BUSY = timedelta(minutes=1), timedelta(minutes=5)
GOOD = frozenset({int(Exit.DONE), int(Exit.UNWELL)})
"""Exit codes of a job that did what it was to do; one that found something did."""
STEPS = 16  # doublings that are counted
MEANINGS = {
    int(Exit.DONE): "done",
    int(Exit.USAGE): "could not begin",
    int(Exit.NOT_STORED): "could not store",
    int(Exit.UNREACHABLE): "nothing could be reached",
    int(Exit.BUSY): "another crawl held the archive",
    int(Exit.INTERRUPTED): "was interrupted",
    int(Exit.UNWELL): "found something",
}


def penance(code: int | None, failures: int, rules: Rules) -> timedelta:
    """How long to wait after so many failures in a row, the last with this code (None: nobody saw its end).

    What cannot be stored needs a hand, so it waits an hour at least; a network comes back by itself, so it is tried at
    least every four hours. Never less than the shortest pause, nor more than the longest.
    """
    base = max(rules.shortest, HOUR) if code == Exit.NOT_STORED else rules.shortest
    most = min(rules.longest, SOON) if code in {Exit.UNREACHABLE, Exit.INTERRUPTED, None} else rules.longest
    return max(rules.shortest, min(base * (1 << min(max(failures - 1, 0), STEPS)), most))


def busy(times: int) -> timedelta:
    """How long to leave an archive to somebody else who holds it."""
    return min(BUSY * (1 << min(times, STEPS)), LONGEST_BUSY)


def meaning(code: int | None) -> str:
    """An exit code in words."""
    if code is None:
        return "ended unseen"
    return MEANINGS.get(code) or (f"was killed (signal {-code})" if code < 0 else f"failed (exit code {code})")
