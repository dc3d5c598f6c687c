from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import closing
from typing import Any

import pytest
import uvicorn

from archive.serving.connection import Connection

ASKING = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Knock = Callable[[bytes], Awaitable[Streams]]


async def hello(scope: dict[str, Any], receive: Any, send: Any) -> None:
    while scope["method"] == "POST" and (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


async def started(server: uvicorn.Server) -> None:
    for _ in range(1000):
        if server.started:
            return
        await asyncio.sleep(0.01)


def visited(visit: Callable[[Knock], Awaitable[Any]]) -> Any:
    """What comes of a visit to a server that knows how to say hello."""

    async def run() -> Any:
        with closing(socket.create_server(("127.0.0.1", 0))) as bound:
            server = uvicorn.Server(uvicorn.Config(hello, http=Connection, lifespan="off", log_level="critical"))
            serving = asyncio.ensure_future(server.serve([bound]))
            await started(server)
            opened: list[asyncio.StreamWriter] = []

            async def knock(said: bytes) -> Streams:
                reader, writer = await asyncio.open_connection(*bound.getsockname())
                opened.append(writer)
                writer.write(said)
                return reader, writer

            try:
                return await asyncio.wait_for(visit(knock), 20)
            finally:
                for one in opened:
                    one.close()
                server.should_exit = True
                await serving

    return asyncio.run(run())


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HT",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n12",
        b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET",
    ],
    ids=["nothing", "half a line", "half a form", "half of the next one"],
)
def test_whoever_asks_for_nothing_whole_is_sent_away(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.serving.connection.SECONDS", 0.1)

    async def visit(knock: Knock) -> bytes:
        reader, _ = await knock(said)
        return await reader.read()

    assert visited(visit).count(b"hello") == said.count(b"\r\n\r\nGET")


def test_whoever_asks_has_a_place_however_many_are_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.serving.connection.CROWD", 3)

    async def visit(knock: Knock) -> list[bytes]:
        silent = [(await knock(b"GET"))[0] for _ in range(5)]
        answer = await (await knock(ASKING))[0].read()
        await asyncio.sleep(0.1)
        return [answer, *(b"gone" if one.at_eof() or one.exception() else b"here" for one in silent)]

    answer, *places = visited(visit)
    assert answer.endswith(b"hello")
    assert places.count(b"gone") == 3
