from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.warcs.responses import MAX_HEAD, OPENING, dechunked, opening, response_of


@pytest.mark.parametrize(
    ("block", "status"),
    [
        (b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody", 200),
        (b"HTTP/1.0 404\r\nA: b\r\n\r\nbody", 404),
        (b"HTTP/2 200 \r\nA: b\r\n\r\nbody", 200),
        (b"HTTP/1.1 200 OK\nA: b\n\nbody", 200),
        (b"HTTP/1.1 200 \xc3\x96K\r\nA: b\r\n\r\nbody", 200),
    ],
)
def test_a_response_is_read_as_it_comes(block: bytes, status: int) -> None:
    response = response_of(block)
    assert response is not None
    assert (response.status, response.header("a"), response.body) == (status, "b", b"body")


def test_a_response_may_have_no_headers_and_odd_ones_are_left_out() -> None:
    bare = response_of(b"HTTP/1.1 200 OK\r\n\r\nbody")
    assert bare is not None
    assert (bare.headers, bare.body) == ((), b"body")
    odd = response_of(b"HTTP/1.1 200 OK\r\nno colon\r\n: no name\r\nA : 1\r\na:2\r\nB:\xe9\r\n\r\n")
    assert odd is not None
    assert odd.headers == (("A", "1"), ("a", "2"), ("B", "é"))
    assert odd.lines("a") == ["1", "2"]


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"<html>",
        b"HTTP/1.1 OK\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK",
        b"HTTP/1.1 200 OK\r\nA: b",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * MAX_HEAD + b"\r\n",
        b"HTTP/1.1 200 " + b"x" * 5000 + b"\r\n\r\n",
    ],
    ids=["nothing", "page", "no status", "short status", "no end", "no end of headers", "endless", "long reason"],
)
def test_what_begins_as_no_response_is_none(block: bytes) -> None:
    assert response_of(block) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", (b"abcde", True)),
        (b"3;name=value\r\nabc\r\n0\r\nTrailer: x\r\n\r\n", (b"abc", True)),
        (b"0003\nabc\n0\n\n", (b"abc", True)),
        (b"3\r\nabc\r\n", (b"abc", False)),
        (b"ff\r\nabc", (b"abc", False)),
        (b"0\r\n\r\n", (b"", True)),
        (b"<html>no chunks", (b"<html>no chunks", True)),
        (b"", (b"", True)),
        (b"3\r\nabc\r\nzz", (b"abc", False)),
    ],
)
def test_transfer_chunks_are_taken_off(body: bytes, expected: tuple[bytes, bool]) -> None:
    assert dechunked(body) == expected


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("br", lambda body: brotli.compress(body, lgwin=20))],
)
def test_no_more_than_the_opening_of_a_bomb_is_unpacked(encoding: str, pack: object) -> None:
    body = pack(bytes(20 << 20))  # type: ignore[operator]  # each is a function
    response = response_of(f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\n".encode() + body)
    assert response is not None
    assert opening(response) == bytes(OPENING)


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=400), head=st.sampled_from(["gzip", "br", "deflate", "br, gzip", "x", "chunked"]))
def test_any_body_has_an_opening(body: bytes, head: str) -> None:
    name = "Transfer-Encoding" if head == "chunked" else "Content-Encoding"
    response = response_of(f"HTTP/1.1 200 OK\r\n{name}: {head}\r\n\r\n".encode() + body)
    assert response is not None
    assert isinstance(opening(response), bytes)
