"""Months as columns of a picture: each a link to what was published then; of long spans quarters, or years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from archive.months import between
from archive.pages.charts import Column, Columns, columns
from archive.questions.question import adding

MOST = 48  # columns of one picture
LETTERED = 14  # columns that each have their month below
ROOMY = 12  # columns of which two have room for a year below
YEARS = 7  # that are named below a picture, about
LONGEST = 200  # characters of what is asked in an address; the same stands in every column
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHORT = tuple(name[:3] for name in LONG)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One column: what it stands for in words, its values, where it leads, and what stands below it."""

    name: str
    values: tuple[int, ...]
    path: str
    column: Column
    below: str = ""
    year: str = ""

    @property
    def total(self) -> int:
        """All of its values."""
        return sum(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Columns by `grain` (month, quarter or year); `earlier` articles lie before the first of them."""

    spans: tuple[Span, ...]
    chart: Columns
    grain: str
    earlier: int = 0

    @property
    def peak(self) -> Span | None:
        """The column that is taller than all others."""
        top = max((span.total for span in self.spans), default=0)
        tallest = [span for span in self.spans if span.total == top]
        return tallest[0] if len(tallest) == 1 else None


def timeline(
    counts: Sequence[Mapping[str, int]],
    asking: str | None = "",
    *,
    height: float = 110,
    first: str = "",
    last: str = "",
) -> Timeline:
    """The timeline of counts by month (`2019-03`), one mapping for each part of a column.

    Each column leads to a search for `asking` in its time, nowhere where that is None or very long. Months without
    articles are there too, from the `first` to the `last`.
    """
    parts = [{month: count for month, count in part.items() if MONTH.fullmatch(month)} for part in counts]
    if asking and len(quote(asking)) > LONGEST:
        asking = None
    found = sorted({month for part in parts for month in part} | {month for month in (first, last) if month})
    if not found:
        return Timeline(spans=(), chart=columns((), height), grain="month")
    grain, names = grained(found[0], found[-1])
    shown = names[-MOST:]
    sums = [summed(part, grain) for part in parts]
    values = [tuple(part.get(name, 0) for part in sums) for name in shown]
    chart = columns(values, height)
    spans = tuple(
        Span(name=said(name), values=value, path=leading(name, asking), column=column, below=below, year=year)
        for name, value, column, (below, year) in zip(shown, values, chart.columns, labels(shown, grain), strict=True)
    )
    earlier = sum(sum(part.get(name, 0) for part in sums) for name in names[:-MOST])
    return Timeline(spans=spans, chart=chart, grain=grain, earlier=earlier)


def grained(first: str, last: str) -> tuple[str, list[str]]:
    """The finest grain by which a span fits a picture, and the names of its columns."""
    months = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1
    if months <= MOST:
        return "month", list(between(first, last))
    if months <= (MOST - 1) * 3:
        return "quarter", list(dict.fromkeys(quarter(month) for month in between(first, last)))
    return "year", [f"{year:04}" for year in range(int(first[:4]), int(last[:4]) + 1)]


def summed(counts: Mapping[str, int], grain: str) -> dict[str, int]:
    """Counts by month as counts by grain."""
    sums: dict[str, int] = {}
    for month, count in counts.items():
        name = month if grain == "month" else month[:4] if grain == "year" else quarter(month)
        sums[name] = sums.get(name, 0) + count
    return sums


def quarter(month: str) -> str:
    """`2019-Q2` of `2019-05`."""
    return f"{month[:4]}-Q{(int(month[5:7]) + 2) // 3}"


def said(name: str) -> str:
    """A month, quarter or year in words."""
    if "Q" in name:
        start = int(name[-1]) * 3 - 3
        return f"{LONG[start]} to {LONG[start + 2]} {name[:4]}"
    return f"{LONG[int(name[5:7]) - 1]} {name[:4]}" if "-" in name else name


def leading(name: str, asking: str | None) -> str:
    """The address, below the site's root, of what was published then; empty where nothing is asked."""
    if asking is None:
        return ""
    if "Q" in name:
        return searching(f"{asking} since:{quarter_month(name, 1)} until:{quarter_month(name, 3)}")
    if "-" not in name:
        return searching(f"{asking} since:{name} until:{name}")
    return f"month/{name}" if asking == "" else searching(adding(asking, "month", name))


def quarter_month(name: str, place: int) -> str:
    """The first, second or third month of a quarter."""
    return f"{name[:4]}-{int(name[-1]) * 3 - 3 + place:02}"


def searching(typed: str) -> str:
    """The address, below the site's root, of a search."""
    return f"search?q={quote(typed.strip(), safe=':')}"


def labels(names: Sequence[str], grain: str) -> Iterator[tuple[str, str]]:
    """What stands below each column: its month where there is room, and its year where that begins."""
    if grain == "year":
        yield from ((name if place % -(-len(names) // LETTERED) == 0 else "", "") for place, name in enumerate(names))
        return
    every = max(1, -(-len({name[:4] for name in names}) // YEARS))
    for place, name in enumerate(names):
        below = SHORT[int(name[5:7]) - 1] if grain == "month" and len(names) <= LETTERED else ""
        begins = place == 0 or name[:4] != names[place - 1][:4]
        near = names[1:2] if len(names) <= ROOMY else names[1:3]
        crowded = place == 0 and any(name[:4] != other[:4] for other in near)
        wanted = begins and not crowded and (int(name[:4]) - int(names[0][:4])) % every == 0
        yield below, name[:4] if wanted else ""
