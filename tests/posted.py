"""A server on loopback that keeps what is posted to it."""

from __future__ import annotations

import asyncio
import ssl
import threading
from dataclasses import dataclass, field
from typing import Self

from tests.loopback import headers_of


@dataclass(frozen=True, slots=True)
class Post:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Hook:
    """The server; use it as a context. It answers `status` and `reason`, each byte after `drip` seconds."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.context = context
        self.got: list[Post] = []
        self.status, self.reason, self.drip = 200, "OK", 0.0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self.thread.start()
        self.server = asyncio.run_coroutine_threadsafe(self.begin(), self.loop).result(10)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def begin(self) -> asyncio.Server:
        return await asyncio.start_server(self.serve, "127.0.0.1", 0, ssl=self.context)

    async def end(self) -> None:
        self.server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            method, path, _ = (await reader.readline()).decode().split(" ", 2)
            headers = await headers_of(reader)
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.got.append(Post(method, path, headers, body))
            away = f"Location: http://127.0.0.1:{self.port}/elsewhere\r\n" if 300 <= self.status < 400 else ""
            answer = f"HTTP/1.1 {self.status} {self.reason}\r\n{away}Content-Length: 2\r\n\r\nok".encode()
            for start in range(len(answer)) if self.drip else ():
                writer.write(answer[start : start + 1])
                await asyncio.sleep(self.drip)
            writer.write(b"" if self.drip else answer)
            await writer.drain()
        except (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()
