"""When each command starts: spread over the hours, so that no two of an archive start together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.schedule.files.quoting import FileRefused

DAY = 24 * 60  # minutes
PERIODS = {
    "15m": 15, "30m": 30, "1h": 60, "2h": 120, "3h": 180, "4h": 240, "6h": 360, "8h": 480, "12h": 720, "1d": DAY,
}  # fmt: skip
"""How often, as it is typed, in minutes; each is a part of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Minutes of the hour, and hours of the day; no hours are all of them."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...] = ()

    @property
    def starts(self) -> tuple[int, ...]:
        """All starts of a day, in minutes after midnight."""
        return tuple(hour * 60 + minute for hour in self.hours or range(24) for minute in self.minutes)

    @property
    def cron(self) -> str:
        """The five fields of a crontab."""
        return f"{_listed(self.minutes)} {_listed(self.hours) or '*'} * * *"

    @property
    def calendar(self) -> str:
        """The same as systemd's OnCalendar."""
        hours = ",".join(f"{hour:02}" for hour in self.hours) or "*"
        return f"*-*-* {hours}:{','.join(f'{minute:02}' for minute in self.minutes)}:00"


def spread(number: int, period: int, start: int) -> list[Times]:
    """The times of so many commands that run every `period` minutes each, the first `start` minutes after midnight."""
    if number > period:
        raise FileRefused(f"{number} topics cannot begin one by one in {period} minutes; see --every")
    return [every(period, start + index * period // number) for index in range(number)]


def every(period: int, start: int) -> Times:
    """The times of a command that runs every so many minutes."""
    first = start % period
    if period <= 60:
        return Times(minutes=tuple(range(first, 60, period)))
    return Times(minutes=(first % 60,), hours=tuple(range(first // 60, 24, period // 60)))


def quiet(since: int, until: int, busy: Sequence[Times]) -> Times:
    """Once a day between two hours: the minute that lies furthest from every start of the others."""
    starts = [start for times in busy for start in times.starts]

    def distance(minute: int) -> int:
        return min((min((minute - start) % DAY, (start - minute) % DAY) for start in starts), default=0)

    hour, minute = divmod(max(range(since * 60, until * 60), key=distance), 60)
    return Times(minutes=(minute,), hours=(hour,))


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))
