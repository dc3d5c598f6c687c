"""A server on loopback that keeps what is posted to it."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field

from tests.listener import Listener
from tests.loopback import headers_of


@dataclass(frozen=True, slots=True)
class Post:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Hook(Listener):
    """The server; use it as a context. It answers `status` and `reason`, each byte after `drip` seconds."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(context)
        self.got: list[Post] = []
        self.status, self.reason, self.drip = 200, "OK", 0.0

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
