"""One month: what was published on each of its days, what was carried widest, who was asked about it."""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest

from archive.pages.asked import Asked, Page
from archive.pages.charts import Column, Columns, columns
from archive.pages.gathered import Gathered, absent, gathered, part, place_path
from archive.pages.listing import listed
from archive.pages.timeline import LONG, MONTH, said, searching
from archive.queries import Reader, Row, row, rows

ANSWERS = 20_000  # of the coverage ledger, the newest, that are looked through
STORIES = 20_000  # of a month, the newest, of which the widest are told

REACH = """
SELECT (SELECT MIN(month) FROM articles WHERE month > '') AS first,
    (SELECT MAX(month) FROM articles) AS last,
    (SELECT MAX(month) FROM articles WHERE month > '' AND month < :month) AS before,
    (SELECT MIN(month) FROM articles WHERE month > :month) AS after
"""

# A range of the index of times for each day.
DAYS = """
SELECT value AS day, (
    SELECT COUNT(*) FROM articles WHERE published >= value AND published < value || 'T99') AS articles
FROM json_each(:days) ORDER BY value
"""

# One look into the index for each outlet.
NEWCOMERS = """
SELECT domain, name FROM (
    SELECT o.domain, o.name, (SELECT MIN(published) FROM articles WHERE outlet_id = o.id) AS first
    FROM (SELECT id, domain, name FROM outlets LIMIT 5000) AS o)
WHERE first >= :start AND first < :end ORDER BY first, domain LIMIT 9
"""

# Windows that were asked in halves are told by their halves; a question without a window counts when it was asked.
LEDGER = """
SELECT s.channel, c.status, COUNT(*) AS questions, SUM(c.found) AS found
FROM (SELECT run_id, source_id, since, until, status, found FROM coverage
    WHERE resume != 'halved' ORDER BY id DESC LIMIT :limit) AS c
JOIN runs AS r ON r.id = c.run_id JOIN sources AS s ON s.id = c.source_id
WHERE COALESCE(c.since, r.started) < :end AND COALESCE(c.until, r.started || '.') > :start
GROUP BY s.channel, c.status ORDER BY s.channel, c.status
"""

ANSWERED = {
    "complete": "answered in full",
    "saturated": "held back a part: there was more than they list at once",
    "refused": "refused",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day's column, and a search for what was published on it."""

    name: str
    total: int
    path: str
    column: Column
    below: str


def month(db: Reader, asked: Asked) -> Page:
    """The page of a month that lies within what the archive has."""
    name = part(asked, "month")
    reach = row(db, REACH, month=name) or {}
    first, last = reach.get("first") or "", reach.get("last") or ""
    if not MONTH.fullmatch(name) or not first <= name <= last:
        return beyond(name, first, last)
    held = gathered(db, asked, ("month", name))
    start, end = f"{name}-01", following(name)
    days = by_day(db, name)
    shows = {
        "month": name,
        "named": said(name),
        "held": held,
        "before": reach["before"],
        "after": reach["after"],
        "days": days[0],
        "chart": days[1],
        "busiest": busiest(days[0]),
        "widest": widest(db, asked, held),
        "newcomers": rows(db, NEWCOMERS, start=start, end=end),
        "ledger": ledger(rows(db, LEDGER, start=start, end=end, limit=ANSWERS)),
    }
    return Page(template="month.html", shows=shows)


def beyond(name: str, first: str, last: str) -> Page:
    """The page for a month that the archive does not have."""
    near = [(said(one), place_path("month", one)) for one in dict.fromkeys((first, last)) if one]
    if not MONTH.fullmatch(name):
        return absent("No such month", "A month is written like 2019-03.", "", near)
    return absent(f"Nothing of {said(name)}", "This archive has no articles of so early or late a month.", "", near)


def following(name: str) -> str:
    """The first day after a month."""
    year, number = int(name[:4]), int(name[5:7])
    return f"{year + number // 12:04}-{number % 12 + 1:02}-01"


def by_day(db: Reader, name: str) -> tuple[list[Day], Columns]:
    """A column for each day of a month."""
    year, number = int(name[:4]), int(name[5:7])
    if not year:
        return [], columns([])
    first, length = calendar.monthrange(year, number)
    names = [f"{name}-{day:02}" for day in range(1, length + 1)]
    counts = [one["articles"] for one in rows(db, DAYS, days=json.dumps(names))]
    weekends = [(first + place) % 7 >= 5 for place in range(length)]
    chart = columns([(0, count) if ends else (count, 0) for count, ends in zip(counts, weekends, strict=True)])
    days = [
        Day(
            name=f"{place + 1} {LONG[number - 1]} {name[:4]}",
            total=counts[place],
            path=searching(f"since:{day} until:{day}"),
            column=chart.columns[place],
            below=str(place + 1) if place % 7 == (7 - first) % 7 else "",
        )
        for place, day in enumerate(names)
    ]
    return days, chart


def busiest(days: Sequence[Day]) -> Day | None:
    """The day on which more was published than on any other."""
    top = max((one.total for one in days), default=0)
    found = [one for one in days if one.total == top]
    return found[0] if len(found) == 1 else None


def widest(db: Reader, asked: Asked, held: Gathered, most: int = 6) -> list[Row]:
    """The texts that most articles of a month carry."""
    found = asked.site.catalogue.search(held.results.question, order="newest", size=STORIES)
    pairs = nlargest(most, zip(found.found, found.ids, strict=True))
    counts = {key: count for count, key in pairs if count > 1}
    return [{**one, "found": counts[one["id"]]} for one in listed(db, list(counts))]


def ledger(answers: Iterable[Row]) -> list[Row]:
    """For each channel that was asked: how many questions, how they were answered, and what the answers held."""
    channels: dict[str, Row] = {}
    for one in answers:
        channel = channels.setdefault(one["channel"], {"channel": one["channel"], "asked": 0, "found": 0, "told": []})
        channel["asked"] += one["questions"]
        channel["found"] += one["found"] or 0
        channel["told"].append((one["questions"], ANSWERED.get(one["status"], one["status"]), one["status"]))
    return list(channels.values())
