"""Live blogs in plain paragraphs: each post begins with a line of its own that begins with the time of day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pipelines.items import Post
from pipelines.witnesses.dates import Moment

FEWEST = 3  # posts: fewer clocks may stand in any text
LONGEST = 150  # characters of a line that is a heading

_CLOCK = re.compile(
    r"([01]?\d|2[0-3])[:.h]([0-5]\d)(?![\d.,]\d)\s?(?:([ap])\.?m\b\.?)?(?=\s*$|\s*[-–—:|]|\s+\S)", re.IGNORECASE
)


def clock_posts(lines: Sequence[str], published: Moment | None) -> tuple[Post, ...]:
    """The posts whose first line begins with a clock, on the day of publication by the page's own; none of a few."""
    found = [
        (place, clock) for place, line in enumerate(lines) if len(line) <= LONGEST and (clock := _CLOCK.match(line))
    ]
    if len(found) < FEWEST or len(found) * 2 > len(lines):
        return ()
    return tuple(Post(line=place, at=_at(clock, published)) for place, clock in found)


def _at(clock: re.Match[str], published: Moment | None) -> datetime | None:
    """The instant of a clock on the day of publication; None where that is not known."""
    if published is None:
        return None
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
    day = published.local.replace(hour=0, minute=0, tzinfo=UTC)
    return day + timedelta(hours=hour, minutes=int(clock[2])) - timedelta(minutes=published.offset or 0)
