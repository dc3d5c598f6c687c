"""What a topic follows, read from the text of its file: it was written by hand, and may say anything."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

LARGEST = 100_000  # characters of a definition that is read
TERMS = 36
SOURCES = 24
OTHERS = 12  # queries, seeds, words that never belong
RAW = 4_000  # characters of the file that are shown
LONGEST = 200  # characters of one value


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A topic as its file defines it, cut to what a page shows; `more_` counts what is left out.

    Terms come heaviest first; `heaviest` is the weight of the first. Seeds that are files of the owner are not told.
    What cannot be read has nothing but `raw`.
    """

    raw: str = ""
    is_cut: bool = False
    is_read: bool = False
    language: str = ""
    since: str = ""
    until: str = ""
    keep: float | None = None
    review: float | None = None
    terms: tuple[tuple[str, float], ...] = ()
    more_terms: int = 0
    queries: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    seeds: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    more_sources: int = 0

    @property
    def heaviest(self) -> float:
        """The largest weight of a term."""
        return self.terms[0][1] if self.terms else 1.0


def definition(text: str) -> Definition:
    """What the text of a topic's file says; never a fault."""
    raw, is_cut = text[:RAW], len(text) > RAW
    try:
        told = tomllib.loads(text) if len(text) <= LARGEST else {}
    except (ValueError, RecursionError):  # brackets within brackets, thousands deep
        told = {}
    if not told:
        return Definition(raw=raw, is_cut=is_cut)
    window, thresholds = table(told, "window"), table(told, "thresholds")
    terms, sources = weights(table(told, "terms")), places(told.get("sources"))
    return Definition(
        raw=raw,
        is_cut=is_cut,
        is_read=True,
        language=words(told.get("language")),
        since=when(window.get("since")),
        until=when(window.get("until")),
        keep=weight(thresholds.get("keep")),
        review=weight(thresholds.get("review")),
        terms=terms[:TERMS],
        more_terms=max(len(terms) - TERMS, 0),
        queries=texts(told.get("queries")),
        never=texts(told.get("never")),
        seeds=tuple(seed for seed in texts(told.get("seeds")) if seed.startswith(("http://", "https://"))),
        sources=sources[:SOURCES],
        more_sources=max(len(sources) - SOURCES, 0),
    )


def table(told: dict[str, Any], name: str) -> dict[str, Any]:
    """A table of the file, empty where there is none."""
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def weights(terms: dict[str, Any]) -> tuple[tuple[str, float], ...]:
    """The terms that weigh anything, heaviest first."""
    pairs = ((term[:LONGEST], weight(value)) for term, value in terms.items())
    return tuple(sorted(((term, value) for term, value in pairs if value), key=lambda pair: (-pair[1], pair[0])))


def weight(value: object) -> float | None:
    """A number between 0 and 1000 that stands where one belongs."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:
        return None
    return float(value)


def places(sources: object) -> tuple[tuple[str, str], ...]:
    """Each outlet or address that is asked, with the channels by which."""
    channels: dict[str, dict[str, None]] = {}
    for one in sources if isinstance(sources, list) else ():
        if isinstance(one, dict):
            name = words(one.get("outlet")) or words(one.get("url")) or "anywhere"
            channels.setdefault(name, {})[words(one.get("channel"))] = None
    return tuple((name, ", ".join(filter(None, found))) for name, found in channels.items())


def texts(values: object) -> tuple[str, ...]:
    """The first texts of a list."""
    found: Sequence[object] = values if isinstance(values, list) else ()
    return tuple(words(value) for value in found[:OTHERS] if isinstance(value, str))


def words(value: object) -> str:
    """A text, cut; empty where it is none."""
    return value[:LONGEST] if isinstance(value, str) else ""


def when(value: object) -> str:
    """A day as `2019-03-12`, empty where it is none."""
    if isinstance(value, date):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    return words(value)[:10]
