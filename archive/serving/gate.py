"""A bound on how much is worked on at once: who comes too many waits for a moment, then is told to come again."""

from __future__ import annotations

import asyncio


class Gate:
    """Room for a few at once, and for a few more who wait for it, for some seconds each."""

    def __init__(self, *, room: int = 6, waiting: int = 24, seconds: float = 4.0) -> None:
        self.waiting, self.seconds = waiting, seconds
        self.free = asyncio.Semaphore(room)
        self.queue = 0

    async def entered(self) -> bool:
        """Whether there was room; who is in has to `leave`."""
        if not self.free.locked():
            return await self.free.acquire()
        if self.queue >= self.waiting:
            return False
        self.queue += 1
        try:
            async with asyncio.timeout(self.seconds):
                return await self.free.acquire()
        except TimeoutError:
            return False
        finally:
            self.queue -= 1

    def leave(self) -> None:
        """Make room for the next."""
        self.free.release()
