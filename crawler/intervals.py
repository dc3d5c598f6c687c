"""How soon a source is asked again: often where much is new, seldom where nothing is, and rarely where it is dead."""

from __future__ import annotations

FIRST = 30  # minutes; after the first good answer, and after one that only leads to other documents
SHORTEST, LONGEST = 15, 24 * 60
REST, LONGEST_REST = 60, 7 * 24 * 60
LIVELY = 0.5  # share of new items above which a source is asked more often
FASTER, SLOWER = 0.5, 1.5
GOOD = frozenset(("complete", "saturated"))


def next_pause(
    pause_minutes: int | None, found: int, new: int, status: str, failures: int, hint_minutes: int | None
) -> int:
    """Minutes until a source is asked again.

    `pause_minutes` is its pace so far, None where it has never answered. `found` and `new` are the items of this
    answer; one that says "not modified" has none. `failures` are those in a row, this one included. `hint_minutes` is
    how long its publisher says that an answer holds: a source is not asked sooner, but at least daily.
    """
    if status not in GOOD:
        return min(REST << min(max(failures, 1) - 1, 10), LONGEST_REST)
    if pause_minutes is None:
        pause = float(FIRST)
    elif new > found * LIVELY:
        pause = pause_minutes * FASTER
    elif new <= 0:
        pause = pause_minutes * SLOWER
    else:
        pause = pause_minutes
    return round(min(max(pause, hint_minutes or 0, SHORTEST), LONGEST))
