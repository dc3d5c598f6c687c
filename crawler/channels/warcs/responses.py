"""The HTTP response that a WARC record holds."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field

import brotli

MAX_HEAD = 1 << 16
MAX_LINES = 500
LAYERS = 2  # encodings on top of each other
OPENING = 1 << 16  # decoded bytes of a body that a page is judged by

_STATUS = re.compile(rb"HTTP/[0-9.]{1,4} ([0-9]{3})(?: [^\r\n]*+)?\r?\n")
_END = re.compile(rb"\r?\n\r?\n")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*+(?:;[^\r\n]{0,500})?\r?\n")
_NO_ENCODING = frozenset({"", "identity", "none", "utf-8", "utf8"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Status, headers in order and body, as recorded.

    A crawler that decoded the body before it wrote it names the encodings `X-Crawler-Content-Encoding` or
    `X-Crawl-Content-Encoding`; those count for nothing here.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)

    def header(self, name: str) -> str:
        """The first header of that name (in lower case), or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def lines(self, name: str) -> list[str]:
        """All headers of that name (in lower case)."""
        return [value for key, value in self.headers if key.lower() == name]

    @property
    def encodings(self) -> list[str]:
        """The content encodings that the body still has, the innermost first."""
        names = [name.strip().lower() for line in self.lines("content-encoding") for name in line.split(",")]
        return [name for name in names if name not in _NO_ENCODING]

    @property
    def is_chunked(self) -> bool:
        """Whether the body is said to be in transfer chunks still."""
        return any("chunked" in line.lower() for line in self.lines("transfer-encoding"))


def response_of(block: bytes) -> Response | None:
    """The response in a record's block; None where it begins as none, or its headers are too large."""
    status = _STATUS.match(block, 0, 1000)
    if status is None:
        return None
    end = _END.search(block, status.end() - 2, MAX_HEAD)
    if end is None:
        return None
    lines = block[status.end() : end.start()].decode("latin-1").split("\n", MAX_LINES)[:MAX_LINES]
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon and name.strip())
    return Response(status=int(status[1]), headers=headers, body=block[end.end() :])


def opening(response: Response) -> bytes:
    """The first bytes of the body, decoded as far as they can be; none where the encoding is unknown or broken."""
    body = response.body
    if response.is_chunked:
        body, _ = dechunked(body)
    layers = response.encodings
    if len(layers) > LAYERS:
        return b""
    for name in reversed(layers):
        body = _first(name, body)
    return body[:OPENING]


def dechunked(body: bytes) -> tuple[bytes, bool]:
    """The body without its transfer chunks, and whether the last one is there.

    Some programs write the header and a body that has no chunks any more: it is taken as it is.
    """
    pieces: list[bytes] = []
    at, is_whole = 0, False
    while found := _SIZE.match(body, at):
        size = int(found[1], 16)
        if not size:
            is_whole = True
            break
        pieces.append(body[found.end() : found.end() + size])
        at = found.end() + size
        at += 2 if body[at : at + 2] == b"\r\n" else body[at : at + 1] == b"\n"
    return (b"".join(pieces), is_whole) if at or is_whole else (body, True)


def _first(name: str, body: bytes) -> bytes:
    try:
        match name:
            case "gzip" | "x-gzip":
                return zlib.decompressobj(31).decompress(body, OPENING) if body[:2] == b"\x1f\x8b" else body
            case "deflate":
                return _inflated(body)
            case "br" if body and body[0] & 0x0F != 0x0F:  # RFC 7932, 9.1: a window of 16 MiB, which no page needs
                return bytes(brotli.Decompressor().process(body, output_buffer_limit=OPENING))
    except (zlib.error, brotli.error):
        return b""
    return b""


def _inflated(body: bytes) -> bytes:
    """Deflate as the standard says (with a zlib header) and as some servers send it (without)."""
    try:
        return zlib.decompressobj().decompress(body, OPENING)
    except zlib.error:
        return zlib.decompressobj(-15).decompress(body, OPENING)
