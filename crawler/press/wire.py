"""Requests and replies as they go over the wire."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache

import brotli

from crawler.press.replies import Reply

REASONS = {
    200: "OK", 204: "No Content", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified",
    307: "Temporary Redirect", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    410: "Gone", 502: "Bad Gateway",
}  # fmt: skip
DRIP_PAUSE, DRIP_LIMIT = 0.2, 600
"""Seconds between two bytes, and bytes until even the drip gives up (a client that never hangs up)."""


class BadRequest(ValueError):  # noqa: N818 - named as HTTP names it
    """What came is no request that a proxy answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request line with its headers, names in lower case."""

    method: str
    target: str
    headers: dict[str, str]

    @classmethod
    def parse(cls, head: bytes) -> Request:
        """The request in a head, up to and with its empty line."""
        first, *lines = head.decode("latin-1").split("\r\n")
        parts = first.split(" ")
        if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
            raise BadRequest(first[:80])
        pairs = (line.partition(":") for line in lines if line)
        return cls(
            method=parts[0], target=parts[1], headers={name.strip().lower(): value.strip() for name, _, value in pairs}
        )


def is_unchanged(reply: Reply, headers: dict[str, str]) -> bool:
    """Whether the client's validators are those of the reply; an ETag goes before a date, as RFC 9110 has it."""
    if reply.status != 200:
        return False
    if "if-none-match" in headers:
        return bool(reply.etag) and reply.etag in headers["if-none-match"]
    if reply.modified is None or "if-modified-since" not in headers:
        return False
    try:
        return reply.modified.replace(microsecond=0) <= parsedate_to_datetime(headers["if-modified-since"])
    except (TypeError, ValueError):
        return False


def rendered(reply: Reply, request: Request) -> tuple[int, bytes]:
    """Status and bytes of the answer to one request."""
    if reply.raw:
        return reply.status, reply.raw
    status = 304 if is_unchanged(reply, request.headers) else reply.status
    coding = reply.encoded
    body = b"" if status == 304 else reply.body
    if body and reply.coding and reply.coding in request.headers.get("accept-encoding", ""):
        coding, body = reply.coding, packed(reply.coding, body)
    lines = [f"HTTP/1.1 {status} {REASONS[status]}", f"Content-Type: {reply.kind}", f"Content-Length: {len(body)}"]
    if coding and body:
        lines += [f"Content-Encoding: {coding}", "Vary: Accept-Encoding"]
    if reply.etag:
        lines.append(f"ETag: {reply.etag}")
    if reply.modified:
        lines.append(f"Last-Modified: {reply.last_modified}")
    lines += [f"{name}: {value}" for name, value in reply.headers]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return status, head if request.method == "HEAD" else head + body


@lru_cache(maxsize=512)
def packed(coding: str, body: bytes) -> bytes:
    """A body compressed, once."""
    return gzip.compress(body, 6, mtime=0) if coding == "gzip" else brotli.compress(body, quality=4)


async def drip(writer: asyncio.StreamWriter) -> None:
    """An answer that comes a byte at a time and does not end while somebody listens."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><body>")
    for _ in range(DRIP_LIMIT):
        writer.write(b".")
        await writer.drain()
        await asyncio.sleep(DRIP_PAUSE)
