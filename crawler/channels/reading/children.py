"""Which of the sitemaps that an index or a robots.txt names are worth asking, and in which order."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from crawler.channels.reading.document import Child
from crawler.channels.reading.window import Window

MAX_ASKED = 50
MAX_WITH_YEARS_ALONE = 100  # in a longer index "sitemap-2019" is the 2019th sitemap
_DAYS = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?([0-2]\d|3[01]))?(?!\d)")
_PARAMETERS = re.compile(
    r"\b(?:yyyy|year|y)=((?:19|20)\d\d)(?:&(?:mm|month|m)=(\d{1,2}))?(?:&(?:dd|day|d)=(\d{1,2}))?(?!\d)"
)
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_NEWS = re.compile(r"news", re.IGNORECASE)
_SELDOM = re.compile(
    r"video|image|photo|gallery|author|people|tag|categor|topic|section|page-|product|event|job|recipe|static",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The sitemaps to ask, best first, and how many were left out: beyond the window, and beyond our bound."""

    urls: tuple[str, ...]
    outside: int
    beyond: int


def choice(children: Sequence[Child], window: Window) -> Choice:
    """The sitemaps to ask: news sitemaps first, then by date from the window's end (else from the newest) backwards.

    A child lies outside of the window by its lastmod, or by the year and month in its address. Where nothing is dated,
    both ends of the index come first, for some indexes grow at their end and some at their beginning.
    """
    believes_years = len(children) <= MAX_WITH_YEARS_ALONE
    ranked = []
    for place, child in enumerate(children):
        span = period(child.url, believes_years=believes_years)
        if window.excludes(None, child.modified) or (span and window.excludes_period(*span)):
            continue
        moment = _moment(child, span)
        distance = window.distance(moment) if moment else timedelta.max
        ranked.append((_rank(child.url), distance, min(place, len(children) - 1 - place), place, child.url))
    urls = tuple(dict.fromkeys(url for *_, url in sorted(ranked)))
    return Choice(urls=urls[:MAX_ASKED], outside=len(children) - len(ranked), beyond=max(len(urls) - MAX_ASKED, 0))


def period(url: str, *, believes_years: bool = True) -> tuple[date, date] | None:
    """The days that a sitemap's address says it is for, first and last; None where it says none."""
    path = url.partition("://")[2].partition("/")[2]
    found = _PARAMETERS.search(path) or _DAYS.search(path) or (_YEARS.search(path) if believes_years else None)
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in (*found.groups(), None, None)[:3])
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None
    return date(year, 1, 1), date(year, 12, 31)


def _moment(child: Child, span: tuple[date, date] | None) -> datetime | None:
    return child.modified or (datetime.combine(span[1], time(), UTC) if span else None)


def _rank(url: str) -> int:
    """Sitemaps whose name promises news before those whose name promises none."""
    name = url.partition("?")[0].rpartition("/")[2]
    return 0 if _NEWS.search(name) else 2 if _SELDOM.search(name) else 1
