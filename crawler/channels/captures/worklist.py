"""The captures of one source that are still to be read, as one text: the ledger keeps it, so that a killed run goes on.

An entry is a time (14 digits), and where it is not the source itself that is to be read, behind slashes how many asks
led to it, what is expected there, and its URL: `20190129120000/1/sitemap/https://daily.example/sitemap-1.xml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from crawler.mementos import moment_of_stamp
from pipelines.urls import canonical

T = TypeVar("T")
MAX_ENTRIES = 1_000
MAX_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A capture to read: of which time, and (unless it is the source itself) of what."""

    stamp: str
    depth: int = 0
    kind: str = ""
    url: str = ""

    def __str__(self) -> str:
        return f"{self.stamp}/{self.depth}/{self.kind}/{self.url}" if self.url else self.stamp


def written(entries: Iterable[Due]) -> str:
    """The entries as one text."""
    return " ".join(map(str, entries))


def entries_of(text: str) -> tuple[Due, ...]:
    """The entries of such a text, each once; what is none is left out, and so is what is over our bounds."""
    found = (_entry(word) for word in text[:MAX_CHARACTERS].split(" ")[:MAX_ENTRIES])
    return tuple(dict.fromkeys(entry for entry in found if entry))


def bounded(entries: Sequence[Due]) -> tuple[tuple[Due, ...], int]:
    """As many of the entries, each once, as a text may hold; and how many are left out."""
    unique = tuple(dict.fromkeys(entries))
    kept, room = [], MAX_CHARACTERS
    for entry in unique[:MAX_ENTRIES]:
        room -= len(str(entry)) + 1
        if room < 0:
            break
        kept.append(entry)
    return tuple(kept), len(unique) - len(kept)


def spread(things: Sequence[T]) -> list[T]:
    """The same things in such an order that the first of them, however many are taken, lie evenly over all."""
    bits = max(len(things) - 1, 1).bit_length()
    return [things[at] for at in sorted(range(len(things)), key=lambda at: f"{at:0{bits}b}"[::-1])]


def _entry(word: str) -> Due | None:
    stamp, _, rest = word.partition("/")
    if moment_of_stamp(stamp) is None:
        return None
    if not rest:
        return Due(stamp=stamp)
    depth, _, rest = rest.partition("/")
    kind, _, url = rest.partition("/")
    if not (depth.isascii() and depth.isdecimal() and len(depth) == 1 and kind):
        return None
    try:
        return Due(stamp=stamp, depth=int(depth), kind=kind, url=canonical(url))
    except ValueError:
        return None
