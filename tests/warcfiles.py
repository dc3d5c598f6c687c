"""WARC files for tests: written by warcio, or by hand where they are to be broken."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2019-01-29T12:00:00Z"
HTML = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """One fetched page, with its request record as crawlers write it."""

    url: str = "https://daily.example/a"
    body: bytes = b"<title>Envoys meet in Doha</title>"
    headers: tuple[tuple[str, str], ...] = HTML
    status: str = "200 OK"
    date: str = DATE
    extra: dict[str, str] = field(default_factory=dict)
    kind: str = "response"


def written(fetches: Iterable[Fetch], *, is_gzip: bool = True, has_requests: bool = True) -> bytes:
    """A whole WARC file as warcio writes it: warcinfo, then request and response of each fetch."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=is_gzip)
    writer.write_record(writer.create_warcinfo_record("test.warc.gz", {"software": "test", "format": "WARC 1.0"}))
    for fetch in fetches:
        if has_requests:
            _write(writer, replace(fetch, kind="request", body=b""))
        _write(writer, fetch)
    return out.getvalue()


def _write(writer: WARCWriter, fetch: Fetch) -> None:
    head = StatusAndHeaders(fetch.status, list(fetch.headers), protocol="HTTP/1.1")
    if fetch.kind == "request":
        head = StatusAndHeaders("GET / HTTP/1.1", [("Host", "daily.example")], is_http_request=True)
    is_http = fetch.kind in ("request", "response", "revisit")
    record = writer.create_warc_record(
        fetch.url,
        fetch.kind,
        io.BytesIO(fetch.body),
        length=len(fetch.body),  # warcio would find it out with a temporary file, which it leaves open
        warc_content_type="" if is_http else "text/html",
        warc_headers_dict={"WARC-Date": fetch.date, **fetch.extra},
        http_headers=head if is_http else None,
    )
    writer.write_record(record)


def record(
    block: bytes, *, url: str = "https://daily.example/a", kind: str = "response", length: int | None = None
) -> bytes:
    """One record by hand, not compressed."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {DATE}\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def answer(body: bytes, headers: Sequence[tuple[str, str]] = HTML, status: str = "200 OK") -> bytes:
    """An HTTP response as a record's block."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def member(*records: bytes) -> bytes:
    """Records in one gzip member."""
    return gzip.compress(b"".join(records), mtime=0)
