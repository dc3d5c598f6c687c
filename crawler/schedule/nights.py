"""The nightly hour: once each local day, whatever the clocks are put to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from crawler.schedule.rules import Rules

DAY = timedelta(days=1)


def hour_of(day: date, rules: Rules) -> datetime:
    """When a day's nightly hour strikes.

    An hour that the clocks leave out that day is taken as if they did not; of one that they repeat, the first counts.
    """
    return datetime.combine(day, rules.nightly, rules.zone).astimezone(UTC)


def night_of(now: datetime, rules: Rules) -> date:
    """The last day whose nightly hour has struck."""
    day = now.astimezone(rules.zone).date() + DAY
    while hour_of(day, rules) > now:
        day -= DAY
    return day
