"""From a record of a WARC file to the page as its outlet served it."""

from __future__ import annotations

import re

from crawler.bodies import BadAnswer, decoded
from crawler.channels.warcs.records import Chunk, Record, records_of
from crawler.channels.warcs.responses import Response, dechunked, response_of
from crawler.channels.warcs.splitter import MAX_RECORD
from pipelines.items import Page
from pipelines.urls import canonical

MAX_BODY = 10 * 1024 * 1024  # as of a page that is fetched from its outlet

_VIA = re.compile(r"([a-z]{4,5}://[^#\s]+)#([0-9]{1,15}),([1-9][0-9]{0,8})(?:,([0-9]{1,9}))?")
_GZIP = b"\x1f\x8b"
_ENCODED = frozenset({"content-encoding", "transfer-encoding"})


def is_record(via: str) -> bool:
    """Whether a candidate's bytes lie in a record of a WARC file."""
    return _VIA.fullmatch(via) is not None


def range_of(via: str) -> tuple[str, str]:
    """The address of the file and the value of the Range header that fetch a record; BadAnswer where it names none."""
    url, offset, length, _ = _place(via)
    return url, f"bytes={offset}-{offset + length - 1}"


def page_of_record(page: Page, via: str, url: str = "") -> Page:
    """The page in the answer to that range; BadAnswer where the record is not there, or is of another URL than `url`.

    Its body is decoded, its headers say nothing of encodings any more; it is not whole where the record says so.
    """
    _, offset, length, start = _place(via)
    if page.status != 206:
        raise BadAnswer(f"HTTP {page.status} instead of a range of the WARC file")
    given = re.fullmatch(r"bytes ([0-9]{1,15})-[0-9]{1,15}/.*", page.header("Content-Range").strip())
    if given is None or int(given[1]) != offset or len(page.body) != length:
        raise BadAnswer("another range of the WARC file than was asked for")
    record = _record(page.body, offset, start)
    response = response_of(record.block)
    if response is None:
        raise BadAnswer("the record of the WARC file holds no HTTP response")
    body, is_whole = _body(response)
    return Page(
        url=_target(record, url),
        status=response.status,
        headers=tuple((name, value) for name, value in response.headers if name.lower() not in _ENCODED),
        body=body,
        fetched=page.fetched,
        is_whole=is_whole and not record.is_truncated,
        captured=record.date,
    )


def _place(via: str) -> tuple[str, int, int, int]:
    found = _VIA.fullmatch(via)
    if found is None:
        raise BadAnswer(f"{via[:200]!r} names no record of a WARC file")
    return found[1], int(found[2]), int(found[3]), int(found[4] or 0)


def _record(data: bytes, offset: int, start: int) -> Record:
    chunk = Chunk(data=data, offset=offset, is_gzip=data.startswith(_GZIP))
    records = records_of(chunk, lambda one: one if one.is_http and one.start == start else None, kept=MAX_RECORD)
    found = next((record for place, record in records if place.offset == offset), None)
    if found is None:
        raise BadAnswer("the record is not in the WARC file any more")
    return found


def _target(record: Record, url: str) -> str:
    try:
        target = canonical(record.url)
        is_other = bool(url) and target != canonical(url)
    except ValueError as error:
        raise BadAnswer(f"the record of the WARC file is of no web page: {error}") from error
    if is_other:
        raise BadAnswer(f"the record of the WARC file is of another page: {target[:200]}")
    return target


def _body(response: Response) -> tuple[bytes, bool]:
    body, is_whole = dechunked(response.body) if response.is_chunked else (response.body, True)
    layers = response.encodings
    if layers and layers[-1] in {"gzip", "x-gzip"} and not body.startswith(_GZIP):
        return body, is_whole  # decoded by who wrote the file, and said so nowhere
    return decoded(body, layers, MAX_BODY), is_whole
