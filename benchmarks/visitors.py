"""Readers of a server, over loopback and connections that stay open: one, or many at once."""

from __future__ import annotations

import asyncio
import http.client
import itertools
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

TIMEOUT = 60.0  # seconds that any answer may take


@dataclass(frozen=True, slots=True)
class Taken:
    """One answer; status 0 where there was none."""

    status: int
    body: bytes
    milliseconds: float


@dataclass(slots=True)
class Times:
    """How long answers took, in milliseconds, and what they were."""

    took: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    bytes: int = 0  # of the largest

    def enter(self, taken: Taken) -> None:
        """One answer more."""
        self.took.append(taken.milliseconds)
        self.statuses[taken.status] = self.statuses.get(taken.status, 0) + 1
        self.bytes = max(self.bytes, len(taken.body))

    def add(self, others: Times) -> None:
        """All answers of another series."""
        self.took += others.took
        for status, count in others.statuses.items():
            self.statuses[status] = self.statuses.get(status, 0) + count
        self.bytes = max(self.bytes, others.bytes)

    def at(self, share: float) -> float:
        """What that share of the answers took at most; 0 where there was none."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

    @property
    def faults(self) -> int:
        """Answers that were none."""
        return sum(count for status, count in self.statuses.items() if status != 200)


class Visitor:
    """One reader, who asks for a page when he has the one before."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def get(self, path: str) -> Taken:
        """The answer at an address, all of it."""
        began = time.perf_counter()
        try:
            self.connection.request("GET", path)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection.close()
            return Taken(0, b"", (time.perf_counter() - began) * 1000)
        return Taken(answer.status, body, (time.perf_counter() - began) * 1000)

    def pieces(self, path: str, size: int = 1 << 16) -> Iterator[bytes]:
        """A long answer, piece by piece; what is left of it is not taken when nobody asks for more."""
        self.connection.request("GET", path)
        answer = self.connection.getresponse()
        try:
            while piece := answer.read(size):
                yield piece
        finally:
            answer.close()
            self.connection.close()


def crowd(url: str, paths: Sequence[str], readers: int, seconds: float) -> Times:
    """What many readers see who ask for the same addresses again and again, at once."""
    return asyncio.run(_crowd(url, paths, readers, seconds))


async def _crowd(url: str, paths: Sequence[str], readers: int, seconds: float) -> Times:
    times, ends = Times(), time.monotonic() + seconds
    await asyncio.gather(*(_reader(url, paths, number, ends, times) for number in range(readers)))
    return times


async def _reader(url: str, paths: Sequence[str], number: int, ends: float, times: Times) -> None:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=1 << 22)
    order = random.Random(number).sample(list(paths), len(paths))
    for path in itertools.cycle(order):
        if time.monotonic() > ends:
            break
        began = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
        async with asyncio.timeout(TIMEOUT):
            status, body = await _answer(reader)
        times.enter(Taken(status, body, (time.perf_counter() - began) * 1000))
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of an answer that is taken whole."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(b" ", 2)[1])
    if b"\r\ncontent-length:" in head:
        size = int(head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        return status, await reader.readexactly(size)
    pieces = []
    while length := int(await reader.readline(), 16):
        pieces.append((await reader.readexactly(length + 2))[:-2])
    await reader.readline()
    return status, b"".join(pieces)
