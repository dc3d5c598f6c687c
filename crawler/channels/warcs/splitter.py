"""A stream of WARC records cut into its records, whatever pieces it comes in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crawler.channels.reading.dates import moment

MAX_HEADERS = 1 << 16  # bytes of one record's own headers
MAX_FIELDS = 200
MAX_RECORD = 16 * 1024 * 1024  # bytes of one record's block; Common Crawl takes 5 MiB of a page
LOOK = 1 << 17  # bytes of a block that are kept to judge it by

_BLANKS = re.compile(rb"[\r\n]*+")
_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(r"[0-9]{1,15}")
_BEGIN = b"WARC/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as far as it is looked at: where it begins in its stream, its own headers, the first of its block.

    `length` are the bytes from there to the end of its block.
    """

    start: int
    length: int
    fields: Mapping[str, str] = field(repr=False)
    block: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        """Its WARC-Type: response, request, warcinfo and so on."""
        return self.fields.get("warc-type", "").lower()

    @property
    def url(self) -> str:
        """Its target, without the brackets that some programs put around it."""
        return self.fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">")

    @property
    def date(self) -> datetime | None:
        """When it was fetched."""
        return moment(self.fields.get("warc-date", ""))

    @property
    def is_truncated(self) -> bool:
        """Whether the crawler that wrote it says that it left something out."""
        return bool(self.fields.get("warc-truncated"))

    @property
    def is_http(self) -> bool:
        """Whether its block is an HTTP response."""
        return self.kind == "response" and self.fields.get("content-type", "").lower().startswith("application/http")


class Splitter:
    """Cuts what it is fed into records; of each it holds no more than the headers and the first `look` bytes.

    `taken` are the records that ended, `large` those among them that are over MAX_RECORD and are not given out.
    `is_broken` says that something came which is no record: nothing more is taken.
    """

    def __init__(self, look: int = LOOK) -> None:
        self.taken = self.large = 0
        self.is_broken = False
        self.start = 0
        self._look = look
        self._position = 0
        self._head = bytearray()
        self._fields: Mapping[str, str] | None = None
        self._block = bytearray()
        self._begin = self._end = 0

    @property
    def is_open(self) -> bool:
        """Whether a record has begun (at `start`) that has not ended."""
        return bool(self._head) or self._fields is not None

    @property
    def end(self) -> int:
        """Where the open record ends; 0 where its headers have not said so yet."""
        return self._end if self._fields is not None else 0

    def feed(self, data: bytes | memoryview) -> Iterator[Record]:
        """The records that end in this piece of the stream."""
        at = 0
        while at < len(data) and not self.is_broken:
            at = self._take_head(data, at) if self._fields is None else self._take_block(data, at)
            if self._fields is not None and self._position + at == self._end and (record := self._closed()):
                yield record
        self._position += len(data)

    def _take_head(self, data: bytes | memoryview, at: int) -> int:
        head = self._head
        if not head:
            found = _BLANKS.match(data, at)
            at = found.end() if found else at
            self.start = self._position + at
            if bytes(data[at : at + len(_BEGIN)]) == _BEGIN and (end := _END.search(data, at, at + MAX_HEADERS)):
                self._open(bytes(data[at : end.start()]), self._position + end.end())  # the usual case, without a copy
                return end.end()
        had = len(head)
        head += data[at : at + MAX_HEADERS - had]
        if not head.startswith(_BEGIN[: len(head)]):
            self.is_broken = True
        elif found := _END.search(head, max(0, had - 3)):
            self._open(bytes(head[: found.start()]), self.start + found.end())
            return at + found.end() - had
        elif len(head) >= MAX_HEADERS:
            self.is_broken = True
        return len(data)

    def _open(self, head: bytes, begin: int) -> None:
        self._fields, self._head = fields_of(head), bytearray()
        length = self._fields.get("content-length", "")
        if not _LENGTH.fullmatch(length):
            self.is_broken, self._fields = True, None
            return
        self._begin, self._end = begin, begin + int(length)

    def _take_block(self, data: bytes | memoryview, at: int) -> int:
        assert self._fields is not None
        end = min(len(data), self._end - self._position)
        if self._fields.get("warc-type", "").lower() == "response" and self._end - self._begin <= MAX_RECORD:
            self._block += data[at : min(end, at + self._look - len(self._block))]
        return end

    def _closed(self) -> Record | None:
        fields, block = self._fields, bytes(self._block)
        assert fields is not None
        self._fields, self._block = None, bytearray()
        self.taken += 1
        if self._end - self._begin > MAX_RECORD:
            self.large += 1
            return None
        return Record(start=self.start, length=self._end - self.start, fields=fields, block=block)


def fields_of(head: bytes) -> dict[str, str]:
    """The headers of a record by name in lower case, the first of each; its first line is its version."""
    fields: dict[str, str] = {}
    name = ""
    for line in head.decode("utf-8", "replace").split("\n", MAX_FIELDS)[1:MAX_FIELDS]:
        if line[:1] in (" ", "\t") and name:
            fields[name] = f"{fields[name]} {line.strip()}"
            continue
        key, colon, value = line.partition(":")
        name = key.strip().lower() if colon and key.strip().lower() not in fields else ""
        if name:
            fields[name] = value.strip()
    return fields
