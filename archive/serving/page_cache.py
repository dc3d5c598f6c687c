"""Answers that were given, to be given again until the archive changes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

LARGEST = 512 * 1024  # bytes of one answer that is kept
ROOM = 64 * 1024 * 1024  # bytes of all


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The bytes of an answer, and how it is sent."""

    body: bytes
    content_type: str
    status: int
    filename: str = ""
    until: float = float("inf")  # it holds (monotonic), though the archive does not change

    @property
    def is_final(self) -> bool:
        """Whether there is no better answer as long as the archive does not change."""
        return self.until == float("inf")


class PageCache:
    """The answers that were asked for last, within a bound of bytes, each for one version of the archive."""

    def __init__(self, room: int = ROOM, clock: Callable[[], float] = time.monotonic) -> None:
        self.room, self.used, self.clock = room, 0, clock
        self.kept: OrderedDict[str, tuple[int, float, Kept]] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: str, version: int) -> Kept | None:
        """The answer to an address as of a version; None where it has to be made."""
        with self.lock:
            found = self.kept.get(key)
            if found is None or found[0] != version or self.clock() >= found[2].until:
                return None
            self.kept.move_to_end(key)
            return found[2]

    def recent(self, key: str, seconds: float) -> tuple[int, Kept] | None:
        """The answer to an address that was made at most so many seconds ago, and of which version it is."""
        with self.lock:
            found = self.kept.get(key)
        return (found[0], found[2]) if found and self.clock() - found[1] <= seconds else None

    def put(self, key: str, version: int, answer: Kept) -> None:
        """Keep an answer, as long as it holds; what was not asked for longest makes room."""
        if len(answer.body) > LARGEST or self.clock() >= answer.until:
            return
        with self.lock:
            self.drop(key)
            self.kept[key] = version, self.clock(), answer
            self.used += weight(key, answer)
            while self.used > self.room:
                self.drop(next(iter(self.kept)))

    def drop(self, key: str) -> None:
        """Forget one answer; the caller holds the lock."""
        if found := self.kept.pop(key, None):
            self.used -= weight(key, found[2])


def weight(key: str, answer: Kept) -> int:
    """Bytes that an answer takes, roughly."""
    return len(answer.body) + 2 * len(key) + 500
