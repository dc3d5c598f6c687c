"""How much room an archive has on its disk, and how long that lasts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

WEEKS = 28  # days that say how fast it grows
DAY = 24 * 60 * 60  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Bytes that are free on the disk of an archive, bytes by which it grows a day, and the days that this lasts.

    Both of the latter are None where it has grown for less than a day, the last also where it does not grow.
    """

    free: int
    a_day: int | None = None
    days_left: int | None = None


def room(data: Path, days: Sequence[Mapping[str, int]], articles: int, database: int, now: float) -> Room:
    """The room of the archive in a folder; `days` are its last days as `daily` tells them, `now` a time stamp.

    What was written lately is told from the files' own times, and of the database by its share of new articles.
    """
    free = shutil.disk_usage(data).free
    if len(days) < 2:
        return Room(free=free)
    files = sum(size for size, changed in written(data) if changed >= now - WEEKS * DAY)
    new = sum(day["new"] for day in days[:WEEKS])
    grown = files + database * min(new / articles, 1.0) if articles else files
    a_day = int(grown / min(len(days), WEEKS))
    return Room(free=free, a_day=a_day, days_left=free // a_day if a_day else None)


def written(data: Path) -> Iterator[tuple[int, float]]:
    """The bytes of each file of kept pages and snapshots, and when it was last written to."""
    for part in ("warc", "snapshots"):
        for path in (data / part).rglob("*"):
            try:
                found = path.lstat()
            except FileNotFoundError:  # a crawl may rename or remove it meanwhile
                continue
            if path.is_file() and not path.is_symlink():
                yield found.st_size, found.st_mtime
