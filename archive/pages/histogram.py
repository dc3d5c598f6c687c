"""A result along time: a bar for each month, or for each year of a long time, which is a link to what lies in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from archive.pages.facets import month_name
from archive.pages.wanted import Wanted, timeless
from archive.questions.question import Question, adding

MOST = 72  # months that are shown one by one
YEARS = 80  # years that are shown; of more, the last
ROOM = 9_000  # bytes that all links may take, so that a long question makes no long page
LINK = 90  # bytes of a bar beside its question
HEIGHT, WIDTH = 60, 10  # of the drawing and of a bar, in its own units
LABELS = 8  # years that are written below, at most
NAMED = 12  # bars that are named below, at most

Query = Callable[[str], str]
"""What follows the question mark in the search for a month or a year; empty for no search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One month or year: what it is called, how many articles it has, the search for it, and its outline.

    `query` is empty where there is nothing to search for.
    """

    name: str
    count: int
    query: str
    path: str
    room: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """All bars, what to write below them (each with its place in percent), and what they say in a sentence.

    `names` are those of bars, `years` those in which months lie; `is_zoomed` where bars beside these are left out,
    because a short time is chosen from a long one.
    """

    bars: tuple[Bar, ...]
    names: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, str], ...]
    told: str
    is_zoomed: bool = False

    @property
    def width(self) -> int:
        """The width of the drawing, in its own units."""
        return WIDTH * len(self.bars)


def histogram(wanted: Wanted, months: Sequence[tuple[str, int]]) -> Histogram | None:
    """The bars of a result's months; None where there is but one, or none."""
    dated = [(month, count) for month, count in months if len(month) == 7 and month[:4].isdecimal()]
    if len(dated) < 2:
        return None
    shown, step = dated, 7
    if len(dated) > MOST:
        shown = near(dated, wanted.question)
        if not shown or len(shown) > MOST:
            shown, step = yearly(dated), 4
    tallest = max(count for _, count in shown) or 1
    is_linked = len([count for _, count in shown if count]) * (len(wanted.query()) + LINK) <= ROOM
    query = searches(wanted, is_yearly=step == 4) if is_linked else unlinked
    bars = tuple(bar(one, place, tallest, wanted.question, query) for place, one in enumerate(shown))
    is_zoomed = step == 7 and len(shown) < len(dated)
    return Histogram(bars=bars, names=names(shown), years=years(shown), told=told(bars, step), is_zoomed=is_zoomed)


def near(months: Sequence[tuple[str, int]], question: Question) -> list[tuple[str, int]]:
    """All months of the years in which something is chosen; none where nothing is."""
    found = {month[:4] for month, _ in months if is_chosen(month, question)}
    return [(month, count) for month, count in months if found and min(found) <= month[:4] <= max(found)]


def yearly(months: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The counts of years."""
    counts: dict[str, int] = {}
    for month, count in months:
        counts[month[:4]] = counts.get(month[:4], 0) + count
    return list(counts.items())[-YEARS:]


def bar(one: tuple[str, int], place: int, tallest: int, question: Question, query: Query) -> Bar:
    """One bar of so many articles; what nothing lies in is no link."""
    name, count = one
    left = place * WIDTH
    height = max(1.5, round(count * (HEIGHT - 2) / tallest, 1)) if count else 0
    return Bar(
        name=month_name(name),
        count=count,
        query=query(name) if count else "",
        path=f"M{left + 1} {HEIGHT - height:g}h{WIDTH - 2}v{height:g}h-{WIDTH - 2}z",
        room=f"M{left} 0h{WIDTH}v{HEIGHT}h-{WIDTH}z",
        is_chosen=is_chosen(name, question),
    )


def searches(wanted: Wanted, *, is_yearly: bool) -> Query:
    """A function that gives the search for a month or a year, without its time where it is the one that is chosen."""
    plain = timeless(wanted.question.typed)
    months = [one.value for one in wanted.question.filters if one.field == "month" and not one.is_without]

    def query(name: str) -> str:
        if months == [name]:
            return wanted.query(typed=plain)
        if is_yearly:
            return wanted.query(typed=adding(adding(plain, "since", name), "until", name))
        return wanted.query(typed=adding(plain, "month", name))

    return query


def unlinked(_name: str) -> str:
    """No search."""
    return ""


def is_chosen(name: str, question: Question) -> bool:
    """Whether any of a month or year lies in the time that a question asks for; not where it asks for none."""
    months = {one.value for one in question.filters if one.field == "month" and not one.is_without}
    if not (months or question.since or question.until):
        return False
    since, until = question.since[: len(name)], question.until[:10]
    is_in_time = (not since or name >= since) and (not until or f"{name}-01-01"[:10] < until)
    return is_in_time and (not months or any(month.startswith(name) for month in months))


def names(shown: Sequence[tuple[str, int]]) -> tuple[tuple[float, str], ...]:
    """The names of bars, each in the middle of its bar: of years as many as have room, of months all or none."""
    is_yearly = len(shown[0][0]) == 4
    if len(shown) > NAMED and not is_yearly:
        return ()
    every = -(-len(shown) // NAMED)
    return tuple(
        (round(100 * (place + 0.5) / len(shown), 2), name if is_yearly else month_name(name)[:3])
        for place, (name, _) in enumerate(shown)
        if place % every == 0
    )


def years(shown: Sequence[tuple[str, int]]) -> tuple[tuple[float, str], ...]:
    """The years to write below months, as many as have room; each where it begins."""
    if len(shown[0][0]) == 4:
        return ()
    begins = [
        (round(100 * place / len(shown), 2), name[:4])
        for place, (name, _) in enumerate(shown)
        if name.endswith("-01") or place == 0
    ]
    if len(begins) > 1 and begins[1][0] - begins[0][0] < 100 / LABELS:
        begins = begins[1:]  # a first year of a month or two has no room for its name
    every = -(-len(begins) // LABELS)
    return tuple(begins[::every])


def told(bars: Sequence[Bar], step: int) -> str:
    """What the drawing says."""
    most = max(bars, key=lambda one: one.count)
    unit = "month" if step == 7 else "year"
    return f"Articles by {unit}, {bars[0].name} to {bars[-1].name}; most in {most.name}: {most.count:,}"
