"""A range of a WARC file, as it was fetched, and what is told of its records."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from crawler.channels.warcs.splitter import LOOK, Record

T = TypeVar("T")

MAX_TRIES = 1_000  # looks for the next record behind broken ones, in one range


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record lies: its bytes in the file; zipped, those of its member, and where in that it begins."""

    offset: int
    length: int
    start: int = 0

    def __str__(self) -> str:
        return f"{self.offset},{self.length}" + (f",{self.start}" if self.start else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Bytes of a file from `offset` on.

    `is_last` says that the file ends there, `largest` how many bytes one range may hold. `is_gzip` is what the file's
    name says: its bytes come first. `lost` is where the ranges before lost their way, None where they did not.
    """

    data: bytes = field(repr=False)
    offset: int = 0
    is_last: bool = True
    largest: int = 10 * 1024 * 1024
    is_gzip: bool = True
    lost: int | None = None

    def is_all(self, at: int) -> bool:
        """Whether no larger range would show more of what begins there."""
        return at == 0 and len(self.data) >= self.largest


class Records(ABC, Generic[T]):
    """What `look` makes of each record of a range; a record that it makes None of is counted and left out.

    `kept` bytes of a block are shown to it. After the last record, `end` is the offset to go on from: the range's own
    where not one record was whole and a larger range may help. `refusal` says why the file cannot be read at all.
    `broken` and `large` count what was passed over; `lost` is where something began behind which no record has come
    yet. `is_cut` says that this is a record which the end of the file cut short: it counts as neither.
    """

    def __init__(self, chunk: Chunk, look: Callable[[Record], T | None], kept: int = LOOK) -> None:
        self.chunk = chunk
        self.look = look
        self.kept = kept
        self.end = chunk.offset
        self.lost = chunk.lost
        self.refusal = ""
        self.count = self.broken = self.large = 0
        self.is_cut = False
        self.tries = MAX_TRIES

    @abstractmethod
    def __iter__(self) -> Iterator[tuple[Place, T]]:
        """The place of each record, and what was made of it, in the file's order."""

    def lose(self, at: int, *, is_large: bool = False, is_cut: bool = False) -> None:
        """Note that what begins there is no record, or none of a size that can be read."""
        self.is_cut = is_cut
        if self.lost is None:
            self.lost = self.chunk.offset + at
            self.large += is_large
            self.broken += not is_large and not is_cut
