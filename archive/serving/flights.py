"""What several ask for at the same time is made once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any

MANY = 2  # answers that are made at once: with more, all of them take longer

Made = tuple[Any, bool]
"""An answer, and whether everybody who asks for the same may have it."""


class Flights:
    """The answers that are being made. For one event loop."""

    def __init__(self) -> None:
        self.under_way: dict[Hashable, asyncio.Task[Made]] = {}

    @property
    def is_busy(self) -> bool:
        """Whether as many are being made as should be at once."""
        return len(self.under_way) >= MANY

    async def answer(self, key: Hashable, make: Callable[[], Awaitable[Made]]) -> Any:
        """What `make` gives, for all who ask while it works; one who goes away does not end it for the others."""
        if flight := self.under_way.get(key):
            answer, is_everybodys = await asyncio.shield(flight)
            return answer if is_everybodys else (await make())[0]
        flight = asyncio.ensure_future(making(make))
        self.under_way[key] = flight
        flight.add_done_callback(lambda ended: self.ended(key, ended))
        return (await asyncio.shield(flight))[0]

    def ended(self, key: Hashable, flight: asyncio.Task[Made]) -> None:
        """Forget it; a fault that nobody waited for is not told."""
        del self.under_way[key]
        if not flight.cancelled():
            flight.exception()


async def making(make: Callable[[], Awaitable[Made]]) -> Made:
    """The same as a coroutine."""
    return await make()
