from __future__ import annotations

import gzip
import zlib
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.bodies import BadAnswer
from crawler.warc_pages import is_record, page_of_record, range_of
from pipelines.items import Page
from tests.warcfiles import HTML, Fetch, answer, member, record, written

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FILE = "warc://localhost/files/a.warc.gz"
URL = "https://daily.example/a"
TEXT = b"<title>Envoys meet</title>" + b"<p>Words of the page.</p>" * 50


def place(data: bytes, offset: int = 0, start: int = 0) -> str:
    return f"{FILE}#{offset},{len(data)}" + (f",{start}" if start else "")


def served(data: bytes, offset: int = 0, status: int = 206) -> Page:
    given = (("Content-Range", f"bytes {offset}-{offset + len(data) - 1}/99999"),)
    return Page(url=FILE, status=status, headers=given, body=data, fetched=NOW)


def page_in(data: bytes, url: str = "") -> Page:
    return page_of_record(served(data), place(data), url)


@pytest.mark.parametrize(
    ("via", "expected"),
    [
        ("warc://localhost/a.warc#0,10", ("warc://localhost/a.warc", "bytes=0-9")),
        ("https://data.example/x.warc.gz#500,20", ("https://data.example/x.warc.gz", "bytes=500-519")),
        ("https://data.example/x.warc.gz#500,20,7000", ("https://data.example/x.warc.gz", "bytes=500-519")),
    ],
)
def test_a_place_is_a_file_and_a_range(via: str, expected: tuple[str, str]) -> None:
    assert is_record(via)
    assert range_of(via) == expected


@pytest.mark.parametrize("via", ["", "warc://a/b", "a#b", "a#1", "a#-1,5", "a#1,2,3,4", "a#1,0", "#1,2", "a b#1,2"])
def test_what_is_no_place_is_refused(via: str) -> None:
    with pytest.raises(BadAnswer, match="names no record of a WARC file"):
        range_of(via)


@pytest.mark.parametrize("pack", [member, bytes], ids=["zipped", "plain"])
def test_the_page_is_what_its_outlet_served(pack: type[bytes]) -> None:
    headers = (*HTML, ("Last-Modified", "Tue, 29 Jan 2019 11:00:00 GMT"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    page = page_in(pack(record(answer(TEXT, headers))), URL)
    assert (page.url, page.status, page.body, page.headers) == (URL, 200, TEXT, headers)
    assert (page.fetched, page.captured, page.is_whole) == (NOW, datetime(2019, 1, 29, 12, tzinfo=UTC), True)


def test_what_warcio_wrote_comes_back() -> None:
    whole = written([Fetch(body=TEXT)], has_requests=False)
    begin = whole.index(b"\x1f\x8b\x08", 3)
    page = page_of_record(served(whole[begin:], begin), place(whole[begin:], begin), URL)
    assert (page.url, page.body) == (URL, TEXT)


ENCODED = {
    "decoded before it was written": (("X-Crawler-Content-Encoding", "gzip"), TEXT),
    "the other prefix": (("X-Crawl-Transfer-Encoding", "chunked"), TEXT),
    "gzip": (("Content-Encoding", "gzip"), gzip.compress(TEXT)),
    "gzip that is none": (("Content-Encoding", "gzip"), TEXT),
    "brotli": (("Content-Encoding", "br"), brotli.compress(TEXT, lgwin=22)),
    "deflate": (("Content-Encoding", "deflate"), zlib.compress(TEXT)),
    "raw deflate": (("content-encoding", "deflate"), zlib.compress(TEXT)[2:-4]),
    "chunked": (("Transfer-Encoding", "chunked"), b"%x\r\n%b\r\n0\r\n\r\n" % (len(TEXT), TEXT)),
    "chunked that is none": (("Transfer-Encoding", "chunked"), TEXT),
}


@pytest.mark.parametrize(("header", "body"), ENCODED.values(), ids=ENCODED.keys())
def test_a_body_is_decoded_once(header: tuple[str, str], body: bytes) -> None:
    page = page_in(member(record(answer(body, (*HTML, header)))))
    assert (page.body, page.is_whole) == (TEXT, True)
    assert [name.lower() for name, _ in page.headers if name.lower() in ("content-encoding", "transfer-encoding")] == []


def test_gzip_in_chunks_is_decoded_in_the_right_order() -> None:
    packed = gzip.compress(TEXT)
    body = b"".join(
        b"%x\r\n%b\r\n" % (len(packed[at : at + 50]), packed[at : at + 50]) for at in range(0, len(packed), 50)
    )
    headers = (*HTML, ("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"))
    assert page_in(member(record(answer(body + b"0\r\n\r\n", headers)))).body == TEXT


def test_a_page_that_broke_off_is_not_whole() -> None:
    chunked = (*HTML, ("Transfer-Encoding", "chunked"))
    assert not page_in(member(record(answer(b"ff\r\n<title>", chunked)))).is_whole
    truncated = record(answer(TEXT)).replace(b"Content-Length", b"WARC-Truncated: length\r\nContent-Length")
    assert not page_in(member(truncated)).is_whole


def test_one_of_several_records_in_a_member_is_found_by_its_beginning() -> None:
    one, two = record(answer(b"one"), url=f"{URL}1"), record(answer(b"two"), url=f"{URL}2")
    data = member(one, two)
    assert page_of_record(served(data), place(data), f"{URL}1").body == b"one"
    assert page_of_record(served(data), place(data, start=len(one)), f"{URL}2").body == b"two"
    with pytest.raises(BadAnswer, match="not in the WARC file any more"):
        page_of_record(served(data), place(data, start=5), "")


GOOD = member(record(answer(TEXT)))
FAULTS = {
    "gone": (served(GOOD, status=404), "HTTP 404 instead of a range"),
    "the whole file": (served(GOOD, status=200), "HTTP 200 instead of a range"),
    "behind the end": (served(b"", status=416), "HTTP 416 instead of a range"),
    "slow down": (served(GOOD, status=503), "HTTP 503 instead of a range"),
    "another range": (served(GOOD, 5), "another range of the WARC file"),
    "shorter": (replace(served(GOOD), body=GOOD[:-1]), "another range of the WARC file"),
    "no range": (replace(served(GOOD), headers=()), "another range of the WARC file"),
    "something else": (served(b"x" * len(GOOD)), "not in the WARC file any more"),
    "broken": (served(GOOD[:20] + b"\xff" * 20 + GOOD[40:]), "not in the WARC file any more"),
}


@pytest.mark.parametrize(("page", "fault"), FAULTS.values(), ids=FAULTS.keys())
def test_an_answer_that_is_not_the_record_says_why(page: Page, fault: str) -> None:
    with pytest.raises(BadAnswer, match=fault):
        page_of_record(page, place(GOOD), URL)


RECORDS = {
    "another page": (record(answer(TEXT), url="https://other.example/"), "is of another page: https://other.example/"),
    "no web page": (record(answer(TEXT), url="dns:daily.example"), "is of no web page"),
    "no response": (record(b"words"), "holds no HTTP response"),
    "a request": (record(answer(TEXT), kind="request"), "not in the WARC file any more"),
    "a revisit": (record(answer(b""), kind="revisit"), "not in the WARC file any more"),
    "unknown encoding": (record(answer(TEXT, (("Content-Encoding", "zstd"),))), "an encoding that was not asked for"),
    "broken encoding": (record(answer(b"\x1f\x8bxx", (("Content-Encoding", "gzip"),))), "broken compression"),
    "a bomb": (
        record(answer(gzip.compress(bytes(11 << 20)), (("Content-Encoding", "gzip"),))),
        "body over 10 MiB",
    ),
}


@pytest.mark.parametrize(("data", "fault"), RECORDS.values(), ids=RECORDS.keys())
def test_a_record_that_is_no_such_page_says_why(data: bytes, fault: str) -> None:
    with pytest.raises(BadAnswer, match=fault):
        page_in(member(data), URL)


def test_an_address_that_is_spelt_in_another_way_is_the_same_page() -> None:
    data = member(record(answer(TEXT), url="<HTTPS://Daily.Example:443/a?utm_source=x#top>"))
    assert page_in(data, URL).url == URL


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=500))
def test_any_bytes_are_a_page_or_a_bad_answer(data: bytes) -> None:
    for body in (data, member(data), member(record(data)), record(answer(data)), member(record(answer(data)))):
        if body:
            with suppress(BadAnswer):
                assert page_in(body, URL).url == URL
