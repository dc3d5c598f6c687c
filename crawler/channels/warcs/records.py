"""The records of a WARC file, range by range: a file is never held whole, whatever its size.

What a range holds costs bounded time and memory; what is too much waits for the next range, what is broken is passed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from crawler.channels.warcs.ranges import Chunk, Place, Records, T
from crawler.channels.warcs.splitter import LOOK, MAX_RECORD, Record, Splitter
from crawler.channels.warcs.zipped import GZIP, WARC, ZippedRecords, beginning

__all__ = ["Chunk", "Place", "Record", "Records", "foreign", "records_of"]

_ZSTD = b"\x28\xb5\x2f\xfd"
_START = re.compile(rb"\nWARC/1\.[01]\r?\n")
_HALF = 12  # bytes of a beginning that may stand at the end of a range


def records_of(chunk: Chunk, look: Callable[[Record], T | None], kept: int = LOOK) -> Records[T]:
    """The records of a range, by what its bytes are, else by what the file's name says."""
    is_gzip = chunk.data.startswith(GZIP) or (chunk.is_gzip and not chunk.data.startswith(WARC))
    return (ZippedRecords if is_gzip else PlainRecords)(chunk, look, kept)


def foreign(data: bytes) -> str:
    """Why the beginning of a file is not that of a WARC file; empty where it is."""
    if data.startswith(_ZSTD):
        return "compressed with zstd: recompress it with gzip, each record by itself"
    if data.startswith(GZIP):
        text, _ = beginning(data)
        return "" if WARC.startswith(text) else "gzip, but no WARC file"
    return "" if data.startswith(WARC[: len(data)]) else "no WARC file"


class PlainRecords(Records[T]):
    """The records of a file that is not compressed: one that is too large is passed by its own length."""

    def __iter__(self) -> Iterator[tuple[Place, T]]:
        chunk, view, at = self.chunk, memoryview(self.chunk.data), 0
        while at < len(view):
            splitter = Splitter(self.kept)
            for record in splitter.feed(view[at:]):
                self.lost = None
                if (found := self.look(record)) is not None:
                    yield Place(offset=chunk.offset + at + record.start, length=record.length), found
            self.count += splitter.taken
            self.large += splitter.large
            begin = at + splitter.start
            if splitter.is_broken:
                self.lose(begin)
                at, is_found = self._next(begin)
            elif splitter.is_open:
                at, is_found = self._past(begin, splitter.end and at + splitter.end), False
            else:
                at, is_found = len(view), False
            self.end = chunk.offset + at
            if not is_found:
                return

    def _past(self, begin: int, end: int) -> int:
        """Where to go on from a record that the range cuts: behind it where it is too large, else at its beginning."""
        chunk = self.chunk
        if end and (end - begin > min(chunk.largest, MAX_RECORD) or chunk.is_all(begin)):
            self.large += 1
            self.lost = None
            return end
        if chunk.is_last or chunk.is_all(begin):
            self.lose(begin, is_cut=chunk.is_last)
            return len(chunk.data)
        return begin

    def _next(self, begin: int) -> tuple[int, bool]:
        """Where the next record seems to begin, and whether one does in this range."""
        data = self.chunk.data
        if self.tries and (found := _START.search(data, begin)):
            self.tries -= 1
            return found.start() + 1, True
        return (len(data) if self.chunk.is_last else max(begin + 1, len(data) - _HALF)), False
