"""One WARC record as one gzip member: built, measured where it lies, and read again.

warcio frames the records. The compression is ours, because warcio's level 9 costs four times as much as level 3 and
saves a tenth.
"""

from __future__ import annotations

import re
import zlib
from base64 import b32encode
from collections.abc import Iterable, Mapping
from hashlib import sha1
from http.client import responses
from io import BytesIO
from types import MappingProxyType
from typing import BinaryIO
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Headers = tuple[tuple[str, str], ...]
NOTHING: Mapping[str, str] = MappingProxyType({})

MAX_RECORD = 64 * 1024 * 1024  # unpacked; far over the largest body that is ever fetched
VERSION = "WARC/1.1"
REVISIT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

_GZIP = zlib.MAX_WBITS + 16
_CHUNK = 16 * 1024  # packed; can unpack to a thousand times that, and no more
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_OF_THE_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def payload_digest(body: bytes) -> str:
    """The digest by which records of the same bytes are known."""
    return f"sha1:{b32encode(sha1(body, usedforsecurity=False).digest()).decode()}"


def information(file: str, software: str, level: int, more: Mapping[str, str] = NOTHING) -> bytes:
    """The member that opens a file: who wrote it, and how, and what `more` there is to say of it."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version=VERSION)
    about = {"software": software, "format": "WARC File Format 1.1", "robots": "obey"}
    about |= {name: _CONTROL.sub(" ", said) for name, said in more.items()}
    writer.write_record(writer.create_warcinfo_record(file, about))
    return _packed(buffer, level)


def response(*, url: str, fetched: str, status: int, headers: Headers, body: bytes, digest: str, level: int) -> bytes:
    """The member of a page that came back, with its body decoded."""
    about = _about(url, fetched, digest)
    return _member("response", about, _http(status, headers, len(body)), body, level)


def revisit(
    *, url: str, fetched: str, status: int, headers: Headers, body: bytes, digest: str, level: int, of: tuple[str, str]
) -> bytes:
    """The member of a page whose bytes are those of an earlier record; `of` is that record's URL and time."""
    about = _about(url, fetched, digest) | {
        "WARC-Profile": REVISIT,
        "WARC-Refers-To-Target-URI": one_line(of[0]),
        "WARC-Refers-To-Date": of[1],
    }
    return _member("revisit", about, _http(status, headers, len(body)), None, level)


def member_end(file: BinaryIO, start: int) -> int | None:
    """Where the gzip member that starts there ends; None where the file ends first. ValueError where none starts."""
    file.seek(start)
    unpacker = zlib.decompressobj(_GZIP)
    read = unpacked = 0
    try:
        while chunk := file.read(_CHUNK):
            read += len(chunk)
            unpacked += len(unpacker.decompress(chunk))
            if unpacker.eof:
                return start + read - len(unpacker.unused_data)
            if unpacked > MAX_RECORD:
                raise ValueError(f"the record at {start} is larger than any that is written")
    except zlib.error as error:
        raise ValueError(f"no gzip member starts at {start}: {error}") from error
    return None


def opened(member: bytes) -> tuple[Headers, bytes]:
    """The HTTP headers and the body of a record; the body of a revisit record is empty. ValueError where damaged."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(member, MAX_RECORD)
        if not unpacker.eof or unpacker.unused_data:
            raise ValueError("not one whole gzip member")
        records = ArchiveIterator(BytesIO(plain), check_digests=True)
        record = next(records)
        body = record.raw_stream.read()
    except (zlib.error, ArchiveLoadFailed, StopIteration, EOFError) as error:
        raise ValueError(f"not one whole WARC record: {error}") from error
    if record.rec_type != "revisit" and record.digest_checker.passed is False:
        raise ValueError("the bytes do not match their digest")
    headers = record.http_headers.headers if record.http_headers else []
    return tuple((name, value) for name, value in headers), body


def repeated(member: bytes) -> tuple[str, str] | None:
    """URL and time of the record whose bytes a revisit record repeats; None of a record that has its own.

    ValueError where it is damaged.
    """
    opened(member)
    plain = zlib.decompressobj(_GZIP).decompress(member, _CHUNK)
    lines = plain.partition(b"\r\n\r\n")[0].decode("utf-8", "replace").split("\r\n")
    said = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if said.get("warc-type") != "revisit":
        return None
    return said.get("warc-refers-to-target-uri", ""), said.get("warc-refers-to-date", "")


def _about(url: str, fetched: str, digest: str) -> dict[str, str]:
    return {"WARC-Date": fetched, "WARC-Target-URI": one_line(url), "WARC-Payload-Digest": digest}


def _member(kind: str, about: dict[str, str], http: StatusAndHeaders, body: bytes | None, level: int) -> bytes:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version=VERSION)
    payload = {} if body is None else {"payload": BytesIO(body), "length": len(body)}
    url = about["WARC-Target-URI"]
    writer.write_record(writer.create_warc_record(url, kind, warc_headers_dict=about, http_headers=http, **payload))
    return _packed(buffer, level)


def _packed(buffer: BytesIO, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    return packer.compress(buffer.getbuffer()) + packer.flush()


def _http(status: int, headers: Iterable[tuple[str, str]], length: int) -> StatusAndHeaders:
    """What the server said, made true of the decoded body: the transfer's own headers are kept under another name."""
    kept = [
        (f"X-Crawler-{name}" if name.lower() in _OF_THE_TRANSFER else name, _CONTROL.sub(" ", value).strip())
        for name, value in headers
        if _TOKEN.fullmatch(name)
    ]
    return StatusAndHeaders(
        f"{status} {responses.get(status, 'Unknown')}", [*kept, ("Content-Length", str(length))], protocol="HTTP/1.1"
    )


def one_line(url: str) -> str:
    """An address as a record names it: no line can be added to a record by one."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~", errors="replace")
