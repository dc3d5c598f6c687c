"""The coverage ledger by month: which channels were asked about it, and how complete their answers were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from archive.queries import LEDGER, Reader, Row, rows

MOST = 1_200  # months of one question: a hundred years


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What was asked about one month: questions by channel and status, and how many links the answers held."""

    month: str
    channels: dict[str, dict[str, int]]
    found: int

    @property
    def is_asked(self) -> bool:
        """Whether any channel was asked."""
        return bool(self.channels)


def months(db: Reader, topic: str, first: str, last: str) -> tuple[Month, ...]:
    """Each month from `first` to `last` (`2019-01`), oldest first, those that nobody was asked about too."""
    asked: defaultdict[str, defaultdict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    found: defaultdict[str, int] = defaultdict(int)
    for one in rows(db, LEDGER):
        if one["topic"] == topic:
            for month in touched(one):
                counts = asked[month][one["channel"]]
                counts[one["status"]] = counts.get(one["status"], 0) + one["questions"]
                found[month] += one["found"]
    return tuple(
        Month(month=month, channels={name: dict(counts) for name, counts in asked[month].items()}, found=found[month])
        for month in between(first, last)
    )


def touched(question: Row) -> Iterable[str]:
    """The months that a question's window touches; its end is left out."""
    since, until = question["since"][:10], question["until"]
    if until.endswith("T00:00:00Z") and until[:10] > since:
        until = (date.fromisoformat(until[:10]) - timedelta(days=1)).isoformat()
    return between(since[:7], max(until[:7], since[:7]))


def between(first: str, last: str) -> Iterator[str]:
    """The months from one to another, both included."""
    year, month = int(first[:4]), int(first[5:7])
    for _ in range(MOST):
        name = f"{year:04}-{month:02}"
        if name > last:
            return
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
