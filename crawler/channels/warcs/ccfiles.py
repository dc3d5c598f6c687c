"""The files of CC-NEWS: which months a window has, which files a month, and the way through them one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from crawler.channels.past import Past
from crawler.channels.reading.bodies import Body
from pipelines.items import Page
from pipelines.topic import Topic

FIRST = datetime(2016, 8, 1, tzinfo=UTC)
BEFORE, AFTER = timedelta(hours=1), timedelta(days=2)  # a file holds what was fetched from its time on; some is late
MAX_FILES = 5_000  # of one month; there are some 450
MAX_TEXT = 4 * 1024 * 1024
FOLDER = "crawl-data/CC-NEWS/"

_NAME = re.compile(r"CC-NEWS-([0-9]{14})-[0-9]{5}\.warc\.gz")
_LINE = re.compile(r"(crawl-data/CC-NEWS/[0-9]{4}/[0-9]{2})/(CC-NEWS-[0-9]{14}-[0-9]{5}\.warc\.gz)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of one month that is still to be read; `resume` is where an earlier run broke off."""

    since: datetime
    until: datetime
    resume: str = ""

    @classmethod
    def of(cls, text: str) -> Part:
        """The part that `str` wrote."""
        since, until, resume = text.split(" ", 2)
        return cls(since=datetime.fromisoformat(since), until=datetime.fromisoformat(until), resume=resume)

    def __str__(self) -> str:
        return f"{self.since.isoformat()} {self.until.isoformat()} {self.resume}"

    @property
    def folder(self) -> str:
        """Where its month lies: crawl-data/CC-NEWS/2019/01."""
        return f"{FOLDER}{self.since:%Y/%m}"


def parts_of(topic: Topic, now: datetime, past: Past, place: str) -> list[Part]:
    """What is still to be read of a topic's window at a place, month by month, the oldest first."""
    since, until = window_of(topic, now)
    parts = []
    while since < until:
        end = min(until, (since.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0))
        folder = Part(since=since, until=end).folder
        still = past.open(place, folder, since, end, now)
        parts += [Part(since=one.since, until=one.until, resume=one.resume) for one in still]
        since = end
    return parts


def window_of(topic: Topic, now: datetime) -> tuple[datetime, datetime]:
    """From when to when files may hold pages of a topic's window."""
    begin = datetime.combine(topic.since, time(), UTC) - BEFORE if topic.since else FIRST
    end = datetime.combine(topic.until, time(), UTC) + timedelta(days=1) + AFTER if topic.until else now
    return max(begin, FIRST), min(end, now)


def files_of(page: Page, part: Part) -> tuple[list[str], int]:
    """The names of a month's files that belong to a part, the oldest first, and how many the listing has in all."""
    names = sorted(set(islice(_names("".join(_bounded(Body(page))), part.folder), MAX_FILES)))
    wanted = [name for name in names if part.since <= _time(name) < part.until]
    return wanted, len(names)


def is_file(name: str) -> bool:
    """Whether a word is the name of a file of CC-NEWS."""
    return _NAME.fullmatch(name) is not None


def _bounded(pieces: Body) -> Iterator[str]:
    room = MAX_TEXT
    for piece in pieces:
        yield piece[:room]
        room -= len(piece)
        if room <= 0:
            return


def _names(text: str, folder: str) -> Iterator[str]:
    for line in text.splitlines():
        found = _LINE.fullmatch(line.strip())
        if found and found[1] == folder and _is_time(found[2]):
            yield found[2]


def _is_time(name: str) -> bool:
    try:
        _time(name)
    except ValueError:  # the 32nd of January
        return False
    return True


def _time(name: str) -> datetime:
    return datetime.strptime(name[8:22], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
