"""The topic's window of time, as far as a listing can tell what lies outside of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pipelines.topic import Topic

MARGIN = timedelta(days=2)  # time zones, and a day that has no time


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From the beginning of `since` to the end of `until`; None is open."""

    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, topic: Topic) -> Window:
        """The window of a topic."""
        return cls(since=topic.since, until=topic.until)

    def excludes(self, published: datetime | None, modified: datetime | None = None) -> bool:
        """Whether a page lies clearly outside: published so, or not touched since before the window began.

        A late change excludes nothing: the page may have been written within the window.
        """
        dates = [moment for moment in (published, modified) if moment is not None]
        if self.since and dates and max(dates) < _start(self.since) - MARGIN:
            return True
        return bool(self.until and published and published > _start(self.until) + timedelta(days=1) + MARGIN)

    def excludes_period(self, first: date, last: date) -> bool:
        """Whether a span of days lies clearly outside."""
        is_before = self.since is not None and last + MARGIN < self.since
        return is_before or (self.until is not None and first - MARGIN > self.until)

    def distance(self, moment: datetime) -> timedelta:
        """How far a time is from the newest that is wanted: from the window's end, else from the far future."""
        end = _start(self.until) if self.until else datetime.max.replace(tzinfo=UTC)
        return abs(end - moment)


NO_WINDOW = Window()


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
