"""A visitor's connection, which keeps no place for long without asking for something."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 200  # connections at once; to more, the server answers that it is busy
CROWD = 150  # from which on, for each one that comes, the one goes that has been silent longest
SECONDS = 15.0  # in which a request has to be here, all of it


class Connection(H11Protocol):
    """Plain HTTP. A server that waits for whoever only connects has soon no place for anybody else."""

    silent_since = 0.0
    timer: asyncio.TimerHandle | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nothing was asked yet, or not all of it, and there is still somebody."""
        return self.conn.their_state in {h11.IDLE, h11.SEND_BODY} and not self.transport.is_closing()

    def connection_made(self, transport: Any) -> None:
        """Somebody comes."""
        super().connection_made(transport)
        self._wait()
        if len(self.connections) > CROWD:
            silent = [one for one in self.connections if isinstance(one, Connection) and one.is_silent]
            min(silent, key=lambda one: one.silent_since).transport.abort()

    def on_response_complete(self) -> None:
        """Somebody has his answer, and may ask again."""
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Somebody goes."""
        if self.timer:
            self.timer.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self.timer:
            self.timer.cancel()
        self.silent_since = self.loop.time()
        self.timer = self.loop.call_later(SECONDS, self._late)

    def _late(self) -> None:
        if self.is_silent:
            self.transport.close()
