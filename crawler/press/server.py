"""The press as a running thing: a forward proxy on loopback that knows its own hosts and no others."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from crawler.press.authority import tls_context
from crawler.press.outlets import CONSENT_HOST, OUTLETS, hosts
from crawler.press.replies import Reply, redirect
from crawler.press.site import site
from crawler.press.wire import BadRequest, Request, drip, rendered

HEAD_LIMIT = 64 * 1024
PATIENCE, GOODBYE = 30.0, 1.0
"""Seconds that a connection may idle, and that it may take to close."""
SCHEMES = {**{outlet.host: outlet.scheme for outlet in OUTLETS}, CONSENT_HOST: "https"}


class Press:
    """All outlets behind one proxy, served from a thread of its own.

    `day` can be changed while it runs: 1, 2, or any other by its ordinal in the calendar. So can `dead`, the hosts that
    answer 404 whatever is asked, and `redesigned`, those whose articles are set in another layout. `log` lists every
    request that reached the proxy, for whichever host; with `log_file` each is appended to that file as a line of JSON
    as well.
    """

    def __init__(self, *, port: int = 0, day: int = 1, log_file: Path | None = None) -> None:
        self.day = day
        self.dead: frozenset[str] = frozenset()
        self.redesigned: frozenset[str] = frozenset()
        self.port = port
        self.hosts = hosts()
        self.log: list[dict[str, Any]] = []
        self.log_file = log_file
        self._folder = tempfile.TemporaryDirectory(prefix="dossier-press-")
        self._tls: ssl.SSLContext | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = asyncio.Event()
        self._clients: set[asyncio.Task[None]] = set()
        self._thread: threading.Thread | None = None
        self._ready = threading.Event()
        self._fault: BaseException | None = None

    @property
    def proxy_url(self) -> str:
        """What to put into `http_proxy` and `https_proxy`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ca_file(self) -> Path:
        """The certificate authority to trust: what to put into `SSL_CERT_FILE`."""
        return Path(self._folder.name) / "ca.pem"

    def start(self) -> Self:
        """Print both days and open the doors; returns when requests are answered."""
        self._tls = tls_context(Path(self._folder.name), self.hosts)
        for day in (1, 2):
            site(day)
        self._thread = threading.Thread(target=self._run, name="press", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._fault is not None:
            raise self._fault
        return self

    def stop(self) -> None:
        """Close the doors, hang up on whoever is still there, and forget the certificates."""
        if self._loop is not None and self._thread is not None:
            with contextlib.suppress(RuntimeError):  # the loop may have ended by itself
                self._loop.call_soon_threadsafe(self._closing.set)
            self._thread.join()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except OSError as error:
            self._fault = error
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, limit=HEAD_LIMIT)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._closing.wait()
        server.close()
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        try:
            await self._talk(reader, writer)
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass  # the client hung up, dawdled, or the press is closing
        finally:
            await hang_up(writer)
            self._clients.discard(task)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests; after CONNECT they come through TLS and name the path alone."""
        origin = ""
        while True:
            async with asyncio.timeout(PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
            try:
                request = Request.parse(head)
            except BadRequest:
                return await self._say(writer, Reply(status=400), Request(method="GET", target="", headers={}))
            if request.method == "CONNECT" and not origin:
                origin = await self._tunnel(request, writer)
                if not origin:
                    return None
            elif not await self._answer(request, origin + request.target, writer):
                return None

    async def _tunnel(self, request: Request, writer: asyncio.StreamWriter) -> str:
        """Open a TLS tunnel to one of our hosts and give its origin; refuse any other with an empty one."""
        host, _, port = request.target.rpartition(":")
        if host not in self.hosts or port != "443":
            self._note(request, f"https://{request.target}/", 502, 0)
            await self._say(writer, Reply(status=502), request)
            return ""
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        assert self._tls is not None
        await writer.start_tls(self._tls)
        return f"https://{host}"

    async def _answer(self, request: Request, url: str, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; tells whether the connection can carry another."""
        reply = self.reply(request.method, url)
        if reply.is_drip:
            self._note(request, url, 200, 0)
            await drip(writer)
            return False
        status, answer = rendered(reply, request)
        self._note(request, url, status, len(answer))
        writer.write(answer)
        await writer.drain()
        return not reply.raw and request.headers.get("connection", "").lower() != "close"

    async def _say(self, writer: asyncio.StreamWriter, reply: Reply, request: Request) -> None:
        writer.write(rendered(reply, request)[1])
        await writer.drain()

    def reply(self, method: str, url: str) -> Reply:
        """The answer to a URL on the press's present day."""
        if method not in {"GET", "HEAD"}:
            return Reply(status=405)
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return Reply(status=400)
        if host not in self.hosts or port not in {None, 80 if parts.scheme == "http" else 443}:
            return Reply(status=502)
        if parts.scheme != SCHEMES[host]:
            return redirect(f"{SCHEMES[host]}://{host}{parts.path}{'?' * bool(parts.query)}{parts.query}")
        replies = {} if host in self.dead else site(self.day, self.redesigned)
        path = parts.path or "/"
        asked = f"{host}{path}?{parts.query}" if parts.query else host + path
        # A query that an outlet does not know (a feed's trackers) changes nothing.
        return replies.get(asked) or replies.get(host + path) or Reply(status=404, body=b"<h1>404 Not Found</h1>")

    def _note(self, request: Request, url: str, status: int, size: int) -> None:
        entry = {
            "time": time.monotonic(),
            "day": self.day,
            "method": request.method,
            "url": url,
            "status": status,
            "bytes": size,
            "headers": request.headers,
        }
        self.log.append(entry)
        if self.log_file is not None:
            with self.log_file.open("a", encoding="utf-8") as log:
                log.write(json.dumps(entry) + "\n")


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection; a client that does not say goodbye in time is cut off."""
    writer.close()
    try:
        async with asyncio.timeout(GOODBYE):
            await writer.wait_closed()
    except (OSError, TimeoutError, asyncio.CancelledError):
        writer.transport.abort()
