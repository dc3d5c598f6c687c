"""A long answer on its way: Datasette asks it to send itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from datasette import Response

from archive.serving.downloads import RETRY, Downloads, TooMany

Message = dict[str, Any]


class Sending:
    """An answer that is sent while it is made; broken off, its reader can tell that it is not whole."""

    def __init__(
        self, pieces: Iterator[bytes], downloads: Downloads, headers: Mapping[str, str], receive: Callable[[], Any]
    ) -> None:
        self.pieces, self.downloads, self.headers, self.receive = pieces, downloads, headers, receive

    async def asgi_send(self, send: Callable[[Message], Awaitable[None]]) -> None:
        """Send all of it, or say that there are too many."""
        try:
            with self.downloads.place():
                await self.send(send)
        except TooMany:
            await too_many().asgi_send(send)

    async def send(self, send: Callable[[Message], Awaitable[None]]) -> None:
        """Send all of it, as long as there is somebody who takes it.

        It begins when its first piece is made: a fault until then is told as that of any page.
        """
        told = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        beginning: list[Message] = [{"type": "http.response.start", "status": 200, "headers": told}]

        async def begin() -> None:
            while beginning:
                await send(beginning.pop())

        async def one(piece: bytes) -> None:
            await begin()
            await send({"type": "http.response.body", "body": piece, "more_body": True})

        gone = asyncio.ensure_future(self.gone())
        try:
            if await self.downloads.send(self.pieces, one, gone):
                await begin()
                await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()

    async def gone(self) -> None:
        """Return when the reader has gone."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


def too_many() -> Any:
    """The answer to whoever comes while as many answers are being sent as may be."""
    text = "Others are taking long answers at the moment; ask again in a minute."
    return Response.text(text, status=503, headers={"retry-after": str(RETRY)})
