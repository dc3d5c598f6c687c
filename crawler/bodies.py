"""The body of an answer, decoded under bounds: what it says of itself is not believed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import chain

import brotli
from scrapy.exceptions import ResponseDataLossError

LAYERS = 2  # encodings on top of each other; a proxy in front of a server may add one
MEMBERS = 100  # of one gzip file; each costs a decompressor of its own
PIECE = 64 * 1024

# What servers write there although nothing is encoded.
_NO_ENCODING = frozenset({"", "identity", "none", "utf-8", "utf8"})


class BadAnswer(Exception):  # noqa: N818 - the word of the domain: an answer that cannot be used
    """What came back cannot be used; the message says why in one short sentence."""


class CutShort(BadAnswer, ResponseDataLossError):  # noqa: N818 - `dossier why` tells faults by their names
    """The answer broke off before its end; Scrapy tries again, which may bring the whole."""


def decoded(body: bytes, encodings: Sequence[str], limit: int, *, cut: bool = False) -> bytes:
    """The body without its content encodings; BadAnswer where it is over `limit`, broken or in an unknown encoding.

    With `cut`, what is over the limit or behind a break is left out instead (robots.txt).
    """
    names = [name.strip().lower() for name in chain.from_iterable(line.split(",") for line in encodings)]
    layers = [name for name in names if name not in _NO_ENCODING]
    if not body or not layers:
        return body
    if len(layers) > LAYERS:
        raise BadAnswer(f"{len(layers)} encodings on top of each other")
    for name in reversed(layers):
        body = _collected(_pieces(name, body), limit, cut=cut)
    return body


def over(limit: int) -> BadAnswer:
    """The fault of a body that is too large."""
    return BadAnswer(f"body over {limit / 1024 / 1024:g} MiB")


def _collected(pieces: Iterator[bytes], limit: int, *, cut: bool) -> bytes:
    whole = BytesIO()
    try:
        for piece in pieces:
            if whole.tell() + len(piece) > limit:
                if not cut:
                    raise over(limit)
                whole.write(piece[: limit - whole.tell()])
                break
            whole.write(piece)
    except (zlib.error, brotli.error) as error:
        if not cut:
            raise BadAnswer(f"broken compression: {error}") from error
    except CutShort:
        if not cut:
            raise
    return whole.getvalue()


def _pieces(name: str, body: bytes) -> Iterator[bytes]:
    match name:
        case "gzip" | "x-gzip":
            return _gunzipped(body)
        case "deflate":
            return _inflated(body)
        case "br":
            return _unbrotlied(body)
    raise BadAnswer(f"an encoding that was not asked for: {name[:40]}")


def _slices(body: bytes) -> Iterator[memoryview]:
    view = memoryview(body)
    return (view[start : start + PIECE] for start in range(0, len(body), PIECE))


def _gunzipped(body: bytes) -> Iterator[bytes]:
    """The members of a gzip file, checksums verified; what follows the last one is padding."""
    members, begun = 0, False
    stream = zlib.decompressobj(wbits=31)
    for piece in _slices(body):
        data: bytes | memoryview = piece
        while data:
            if stream.eof:
                if bytes(data[:1]) != b"\x1f":
                    return
                members += 1
                if members >= MEMBERS:
                    raise BadAnswer(f"a gzip file of more than {MEMBERS} members")
                stream = zlib.decompressobj(wbits=31)
            yield stream.decompress(data, PIECE)
            begun = True
            data = stream.unused_data if stream.eof else stream.unconsumed_tail
    yield from _rest(stream)
    if begun and not stream.eof:
        raise CutShort("the compressed body broke off")


def _inflated(body: bytes) -> Iterator[bytes]:
    """Deflate as the standard says (with a zlib header) and as some servers send it (without)."""
    wrapped = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0
    stream = zlib.decompressobj(wbits=15 if wrapped else -15)
    for piece in _slices(body):
        data: bytes | memoryview = piece
        while data and not stream.eof:
            yield stream.decompress(data, PIECE)
            data = stream.unconsumed_tail
    yield from _rest(stream)
    if not stream.eof:
        raise CutShort("the compressed body broke off")


def _rest(stream: zlib._Decompress) -> Iterator[bytes]:
    """What a stream still holds back although all input was taken."""
    while not stream.eof and (piece := stream.decompress(b"", PIECE)):
        yield piece


def _unbrotlied(body: bytes) -> Iterator[bytes]:
    # RFC 7932, 9.1: these four bits announce a window of 16 MiB, which no page of ours can need.
    if body[0] & 0x0F == 0x0F:
        raise BadAnswer("a brotli window of 16 MiB")
    stream = brotli.Decompressor()
    for piece in _slices(body):
        data = bytes(piece)
        while not stream.is_finished():
            out = stream.process(data, output_buffer_limit=PIECE)
            yield out
            data = b""
            if not out and stream.can_accept_more_data():
                break
        if stream.is_finished():
            return
    raise CutShort("the compressed body broke off")
