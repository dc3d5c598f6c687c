"""Long answers, sent piece by piece: few at once, at the pace of who takes them, and ended where nobody does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager

MOST = 2  # at once
PATIENCE = 30.0  # seconds in all that a reader may keep us waiting, and what he takes buys him more:
PACE = 64 * 1024  # bytes a second; the system takes some megabytes for him
RETRY = 30  # seconds after which somebody who was turned away may ask again

Send = Callable[[bytes], Awaitable[None]]


class TooMany(Exception):  # noqa: N818 - it is an answer to the reader, who comes again
    """As many answers are being sent as may be at once."""


class Downloads:
    """The long answers that are being sent. For one event loop."""

    def __init__(self, most: int = MOST, patience: float = PATIENCE) -> None:
        self.most, self.patience = most, patience
        self.running = 0

    @property
    def is_full(self) -> bool:
        """Whether the next one would be turned away."""
        return self.running >= self.most

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for one answer; TooMany where there is none."""
        if self.is_full:
            raise TooMany
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1

    async def send(self, pieces: Iterator[bytes], send: Send, gone: asyncio.Future[None]) -> bool:
        """Send all pieces; False where the reader went (`gone`) or let us wait too long before all was sent."""
        sent, waited = 0, 0.0
        async with aclosing(read(pieces)) as made:
            async for piece in made:
                began = time.monotonic()
                try:
                    async with asyncio.timeout(self.patience + sent / PACE - waited):
                        await send(piece)
                except TimeoutError:
                    return False
                waited += time.monotonic() - began
                sent += len(piece)
                if gone.done():
                    return False
        return True


async def read(pieces: Iterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The pieces, made one after the other in a thread of their own, where they are also closed."""
    loop = asyncio.get_running_loop()
    thread = ThreadPoolExecutor(1, thread_name_prefix="dossier-download")
    try:
        while piece := await loop.run_in_executor(thread, next, pieces, b""):
            yield piece
    finally:
        if close := getattr(pieces, "close", None):
            thread.submit(close)
        thread.shutdown(wait=False)
