"""The version of the archive that pages are made of, looked at often enough and no more often."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

EVERY = 0.1  # seconds between two looks
PATIENCE = 0.05  # seconds that a page waits for a look, which takes in what a crawl has committed


class Edition:
    """What the last look saw. For one event loop, which no look holds up."""

    def __init__(self, look: Callable[[], int], *, every: float = EVERY, patience: float = PATIENCE) -> None:
        self.look, self.every, self.patience = look, every, patience
        self.seen: int | None = None
        self.at = 0.0
        self.looking: asyncio.Future[int] | None = None

    async def version(self) -> int:
        """The version as of a tenth of a second ago; an older one only while a look takes long."""
        if self.looking is None:
            if self.seen is not None and time.monotonic() - self.at < self.every:
                return self.seen
            self.looking = asyncio.ensure_future(asyncio.to_thread(self.look))
            self.looking.add_done_callback(self.looked)
        looking = self.looking
        await asyncio.wait([looking], timeout=None if self.seen is None else self.patience)
        return looking.result() if looking.done() or self.seen is None else self.seen

    def looked(self, looking: asyncio.Future[int]) -> None:
        """Remember what was seen; a look that failed is made again by the next page."""
        self.looking, self.at = None, time.monotonic()
        if not looking.cancelled() and looking.exception() is None:
            self.seen = looking.result()
