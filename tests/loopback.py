"""A scripted web on loopback: origin server and forward proxy in one, with a log of what came when.

Any host name can be asked through it as a proxy, so one server plays many sites. What it answers is set by
`web["host/path"] = Reply(...)`; a list is answered one by one, its last for good; a function is asked each time.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from time import monotonic
from urllib.parse import urlsplit

from tests.listener import Listener


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One request as it came: when, for what, through a tunnel or not, with which headers (lower-case names)."""

    time: float
    method: str
    url: str
    headers: dict[str, str] = field(repr=False)

    @property
    def host(self) -> str:
        return (urlsplit(self.url).hostname or "").rstrip(".")

    @property
    def key(self) -> str:
        return self.url.partition("://")[2]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer.

    `wait` seconds before it, `drip` seconds after each byte of the body, `cut` bytes of it and then a reset.
    `raw` is sent as it is, and the connection closed. `length` False leaves Content-Length out and closes at the end.
    """

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)
    wait: float = 0.0
    drip: float = 0.0
    cut: int | None = None
    length: bool = True
    raw: bytes | None = None

    def head(self) -> bytes:
        lines = [f"HTTP/1.1 {self.status} X", *(f"{name}: {value}" for name, value in self.headers)]
        lines.append(f"Content-Length: {len(self.body)}" if self.length else "Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def html(text: str, **options: object) -> Reply:
    """A small page."""
    return Reply(body=f"<!doctype html><title>{text}</title><p>{text}".encode(), **options)  # type: ignore[arg-type]


def plain(text: str, **options: object) -> Reply:
    """A text file."""
    return Reply(body=text.encode(), headers=(("Content-Type", "text/plain"),), **options)  # type: ignore[arg-type]


def moved(location: str, status: int = 302, *headers: tuple[str, str]) -> Reply:
    """A redirect."""
    return Reply(status=status, headers=(("Location", location), *headers))


Reaction = Reply | Sequence[Reply] | Callable[[Hit], Reply]

MISSING = Reply(status=404, body=b"not here")


class Loopback(Listener):
    """The server; use it as a context."""

    def __init__(self, contexts: Callable[[str], ssl.SSLContext] | None = None) -> None:
        super().__init__()
        self.contexts = contexts
        self.reactions: dict[str, Reaction] = {}
        self.log: list[Hit] = []
        self.cut_off: list[tuple[float, str]] = []
        self.asked: dict[str, int] = {}
        self.open = self.most_open = 0

    def __setitem__(self, key: str, reaction: Reaction) -> None:
        self.reactions[key] = reaction

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def proxies(self) -> dict[str, str]:
        """The environment that sends a crawler through here."""
        return {"http_proxy": f"http://{self.address}", "https_proxy": f"http://{self.address}", "no_proxy": ""}

    def hits(self, key: str) -> list[Hit]:
        """The requests for one `host/path`, or for a whole `host`."""
        return [hit for hit in self.log if key in (hit.key, hit.host)]

    def gaps(self, host: str) -> list[float]:
        """The seconds between one request and the next of a host, whatever its scheme."""
        times = [hit.time for hit in self.log if hit.host == host and hit.method != "CONNECT"]
        return [later - earlier for earlier, later in pairwise(times)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        prefix = ""
        try:
            while line := await reader.readline():
                method, target, _ = line.decode("latin-1").split(" ", 2)
                headers = await headers_of(reader)
                if method == "CONNECT":
                    self.log.append(Hit(time=monotonic(), method=method, url=f"connect://{target}", headers=headers))
                    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    await writer.drain()
                    host = target.rpartition(":")[0]
                    await writer.start_tls(self.contexts(host))
                    prefix = f"https://{host}"
                    continue
                is_whole = target.startswith(("http://", "https://"))
                url = target if is_whole else (prefix or f"http://{headers.get('host', '')}") + target
                hit = Hit(time=monotonic(), method=method, url=url, headers=headers)
                self.log.append(hit)
                self.open += 1
                self.most_open = max(self.most_open, self.open)
                try:
                    if not await self.answer(hit, writer):
                        return
                finally:
                    self.open -= 1
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, ValueError):
            pass
        finally:
            writer.close()

    def reply(self, hit: Hit) -> Reply:
        reaction = self.reactions.get(hit.key, self.reactions.get(hit.host, MISSING))
        number = self.asked[hit.key] = self.asked.get(hit.key, 0) + 1
        if isinstance(reaction, Reply):
            return reaction
        if callable(reaction):
            return reaction(hit)
        return reaction[min(number, len(reaction)) - 1]

    async def answer(self, hit: Hit, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection can be used again."""
        reply = self.reply(hit)
        await asyncio.sleep(reply.wait)
        if reply.raw is not None:
            writer.write(reply.raw)
            await writer.drain()
            return False
        writer.write(reply.head())
        body = reply.body if reply.cut is None else reply.body[: reply.cut]
        if reply.drip:
            await self.drip(hit, reply, body, writer)
        elif reply.status not in (204, 304):
            writer.write(body)
        await writer.drain()
        if reply.cut is not None:
            writer.transport.abort()
        return reply.length and reply.cut is None

    async def drip(self, hit: Hit, reply: Reply, body: bytes, writer: asyncio.StreamWriter) -> None:
        for start in range(len(body)):
            if writer.transport.is_closing():
                self.cut_off.append((monotonic(), hit.url))
                raise ConnectionResetError
            writer.write(body[start : start + 1])
            await asyncio.sleep(reply.drip)


async def headers_of(reader: asyncio.StreamReader) -> dict[str, str]:
    headers: dict[str, str] = {}
    while line := (await reader.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return headers
