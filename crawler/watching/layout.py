"""Whether an outlet's pages have changed: what is read of them has become shorter or longer, or parts are missed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from archive.shapes import Shape
from archive.source_days import SourceDay

LATELY, BEFORE = 8, 12  # pages fetched last, and those before them, without which nothing is said
RATIO = 2.0  # by which the median length changes at least
CLEAR = 3.6  # standard deviations of the rank sum: by chance once in some thousand looks
JUMP = 0.6  # of the pages, that miss what those before had
WALLED = 0.75  # of the pages fetched last
LOOKED, REJECTED = 8, 0.5  # pages of the last two weeks, and the share of them that were no article
RARELY = 0.15  # the share that was usual before
FORTNIGHT = 14  # days
PARTS = (("is_dated", "dates"), ("has_byline", "bylines"), ("has_title", "titles"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How an outlet's pages have changed, in words, and since when."""

    text: str
    since: str


def change_of(shapes: Sequence[Shape]) -> Change | None:
    """How the pages fetched last differ from those fetched before; None where they do not, or too few are known.

    They are held against the older half of all: so a change is told until half of the pages are of the new kind.
    """
    lately = shapes[-LATELY:]
    before = [shape for shape in shapes[:-LATELY] if shape.fetched < lately[0].fetched]
    before = before[: max(BEFORE, len(shapes) // 2)]
    if len(lately) < LATELY or len(before) < BEFORE:
        return None
    told = [*lengths([shape.words for shape in before], [shape.words for shape in lately])]
    for part, name in PARTS:
        had, has = (sum(getattr(shape, part) for shape in some) for some in (before, lately))
        if had / len(before) - has / len(lately) >= JUMP:
            now, then = f"{len(lately) - has} of {len(lately)}", f"{len(before) - had} of {len(before)}"
            told.append(f"{name} are missed in {now}, before in {then}")
    return Change(text="; ".join(told), since=lately[0].fetched) if told else None


def lengths(before: Sequence[int], lately: Sequence[int]) -> list[str]:
    """What to say of lengths that have doubled or halved, beyond what chance does; nothing of others."""
    old, new = median(before), median(lately)
    if old <= new * RATIO and new <= old * RATIO:
        return []
    if abs(rank_sum(before, lately)) < CLEAR:
        return []
    return [f"its texts have {new:,.0f} words in the middle, where they had {old:,.0f}"]


def rank_sum(one: Sequence[int], other: Sequence[int]) -> float:
    """By how many standard deviations the second is greater than the first, by ranks (Mann and Whitney)."""
    above = sum((b > a) + 0.5 * (b == a) for a in one for b in other)
    pairs = len(one) * len(other)
    return (above - pairs / 2) / math.sqrt(pairs * (len(one) + len(other) + 1) / 12)


def walled(shapes: Sequence[Shape]) -> str:
    """How many of the pages fetched last stand behind a paywall, where most do; else empty."""
    lately = shapes[-LATELY:]
    count = sum(shape.is_paywalled for shape in lately)
    is_most = len(lately) == LATELY and count >= WALLED * LATELY
    return f"{count} of its last {LATELY} articles" if is_most else ""


def rejections(days: Sequence[SourceDay]) -> Change | None:
    """That most pages of a source are no articles any more, although before they were; None of others."""
    lately, earlier = days[-FORTNIGHT:], days[:-FORTNIGHT]
    (no, pages), (never, all_pages) = (
        (sum(day.rejected for day in some), sum(day.kept + day.dropped + day.rejected for day in some))
        for some in (lately, earlier)
    )
    if pages < LOOKED or all_pages < BEFORE or no < REJECTED * pages or never > RARELY * all_pages:
        return None
    since = next((day.day for day in lately if day.rejected), lately[0].day)
    return Change(
        text=f"{no} of its last {pages} pages were no article, before {never} of {all_pages}",
        since=f"{since}T00:00:00Z",
    )


def missed(days: Sequence[SourceDay]) -> str:
    """How many pages of a source could not be had in the last two weeks, where most could not; else empty."""
    lately = days[-FORTNIGHT:]
    missing = sum(day.missed for day in lately)
    pages = missing + sum(day.kept + day.dropped + day.rejected for day in lately)
    return f"{missing} of its last {pages} pages" if pages >= LOOKED and missing >= WALLED * pages else ""
