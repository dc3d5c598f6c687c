"""The records of a gzipped WARC file: each is a gzip member of its own, or several share one."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic

from crawler.channels.warcs.ranges import Place, Records, T
from crawler.channels.warcs.splitter import Splitter

GZIP = b"\x1f\x8b\x08"
WARC = b"WARC/"
ONE_PIECE = "compressed as one piece: recompress it with `warcio recompress`"
MAX_MEMBER = 256 * 1024 * 1024  # bytes that one member may unzip to
MAX_UNZIPPED = 512 * 1024 * 1024  # bytes unzipped of one range; the rest waits for the next
MAX_RECORDS = 50_000  # of one range, and of one member
MAX_MEMBERS = 100_000  # of one range: an empty one is 20 bytes
SAMPLE = 4096  # zipped bytes that show whether a member begins as a record

_SLICE = 1 << 15  # fed to zlib at once: it copies what it could not use yet
_PIECE = 1 << 20
_ZEROS = re.compile(rb"\0*+")


@dataclass(slots=True)
class _Member(Generic[T]):
    """A gzip member as it is unzipped: whole, cut (the range ends first), broken, or long (more than we unzip)."""

    splitter: Splitter
    state: str = "cut"
    end: int = 0
    unzipped: int = 0
    found: list[tuple[int, T]] = field(default_factory=list)


class ZippedRecords(Records[T]):
    """The records of a gzipped file.

    Behind a broken or too large member the next that begins as a record is taken; records of it are not guessed at.
    """

    def __iter__(self) -> Iterator[tuple[Place, T]]:
        chunk, data, at = self.chunk, self.chunk.data, 0
        members = unzipped = 0
        while at < len(data) and unzipped < MAX_UNZIPPED and self.count < MAX_RECORDS and members < MAX_MEMBERS:
            if not data.startswith(GZIP, at):
                zeros = _ZEROS.match(data, at)  # padding, as tapes have it
                at = zeros.end() if zeros else at
                if _is_half_magic(data, at) and not chunk.is_last and not chunk.is_all(at):
                    break
                if at < len(data) and not data.startswith(GZIP, at):
                    self.lose(at, is_cut=_is_half_magic(data, at))
                    at = self._next(at + 1)
                continue
            member = self._unzipped(at)
            members, unzipped = members + 1, unzipped + member.unzipped
            if member.state == "whole":
                yield from self._placed(member, at)
                at = member.end
            elif member.state == "cut" and not chunk.is_last and not chunk.is_all(at):
                break
            elif member.splitter.taken > 1 and (member.state == "long" or chunk.is_all(at)):
                self.refusal = ONE_PIECE
                break
            else:
                is_cut = member.state == "cut" and chunk.is_last
                self.lose(at, is_large=member.state in {"cut", "long"} and not is_cut, is_cut=is_cut)
                at = self._next(at + 1)
        self.end = chunk.offset + at

    def _unzipped(self, at: int) -> _Member[T]:
        """Unzip a member to its end, looking at its records on the way; no more of it is held than one of them."""
        member: _Member[T] = _Member(Splitter(self.kept))
        stream, data = zlib.decompressobj(31), self.chunk.data
        try:
            for begin in range(at, len(data), _SLICE):
                piece = data[begin : begin + _SLICE]
                self._unzip(stream, piece, member)
                if stream.eof:
                    member.state, member.end = "whole", begin + len(piece) - len(stream.unused_data)
                    break
                if member.unzipped > MAX_MEMBER:
                    member.state = "long"
                    break
        except zlib.error:
            member.state = "broken"
        return member

    def _unzip(self, stream: zlib._Decompress, piece: bytes, member: _Member[T]) -> None:
        has_more = True
        while has_more and not stream.eof:
            text = stream.decompress(piece, _PIECE)
            piece, has_more = stream.unconsumed_tail, bool(stream.unconsumed_tail) or len(text) == _PIECE
            member.unzipped += len(text)
            for record in member.splitter.feed(text):
                if (found := self.look(record)) is not None:
                    member.found.append((record.start, found))
            if member.splitter.taken >= MAX_RECORDS:
                member.splitter.is_broken = True

    def _placed(self, member: _Member[T], at: int) -> Iterator[tuple[Place, T]]:
        splitter = member.splitter
        self.lost = None
        self.count += splitter.taken
        self.large += splitter.large
        self.broken += splitter.is_broken or splitter.is_open
        for start, found in member.found:
            yield Place(offset=self.chunk.offset + at, length=member.end - at, start=start), found

    def _next(self, at: int) -> int:
        """Where the next member begins as a record, or may; else the end, but for half a beginning that is there."""
        data = self.chunk.data
        while (found := data.find(GZIP, at)) >= 0 and self.tries:
            self.tries -= 1
            if self._begins(found):
                return found
            at = found + 1
        if self.chunk.is_last:
            return len(data)
        return next((start for start in (len(data) - 2, len(data) - 1) if start >= at and _is_half_magic(data, start)),
                    len(data))  # fmt: skip

    def _begins(self, at: int) -> bool:
        sample = self.chunk.data[at : at + SAMPLE]
        text, is_open = beginning(sample)
        return text == WARC or (is_open and len(sample) < SAMPLE and not self.chunk.is_last and WARC.startswith(text))


def beginning(sample: bytes) -> tuple[bytes, bool]:
    """The first five bytes of a gzip member, as far as a sample shows them, and whether it may hold more."""
    stream = zlib.decompressobj(31)
    try:
        text = stream.decompress(sample, len(WARC))
    except zlib.error:
        return b"", False
    return text, not stream.eof


def _is_half_magic(data: bytes, at: int) -> bool:
    return 0 < len(data) - at < len(GZIP) and GZIP.startswith(data[at:])
