from __future__ import annotations

import gzip
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.reading.bodies import PIECE, Body
from pipelines.items import Page

MOST = 10 * PIECE


def body_of(content: bytes, content_type: str = "") -> Body:
    headers = (("Content-Type", content_type),)
    fetched = datetime(2019, 2, 1, tzinfo=UTC)
    return Body(Page(url="https://daily.example/", status=200, headers=headers, body=content, fetched=fetched))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, PIECE + 258, 3 * PIECE, 3 * PIECE + 7])
def test_what_was_zipped_comes_out_whole_at_every_size(size: int) -> None:
    body = body_of(gzip.compress(b"a" * size, 9))
    assert body.text(MOST) == "a" * size
    assert body.fault is None


def test_padding_and_junk_after_the_last_member_are_no_fault() -> None:
    for tail in (b"\0" * 200_000, b"\0" * 70_000 + gzip.compress(b"b"), b"\0\0junk", b"junk" * 40_000):
        body = body_of(gzip.compress(b"a") + tail)
        assert body.text(MOST) == ("ab" if tail.endswith(gzip.compress(b"b")) else "a")
        assert body.fault is None


@settings(max_examples=60, deadline=None)
@given(st.text("abc<>/ ", min_size=1, max_size=400), st.data())
def test_a_zip_cut_anywhere_gives_a_beginning_and_a_fault(text: str, data: st.DataObject) -> None:
    content = gzip.compress(text.encode())
    body = body_of(content[: data.draw(st.integers(2, len(content) - 1))])
    assert text.startswith(body.text(MOST))
    assert body.fault is not None
    assert body.fault.status == "failed"


printed = st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs"]), max_size=400)


@settings(max_examples=60, deadline=None)
@given(printed, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.booleans())
def test_unicode_is_read_back_whatever_the_header_says(text: str, codec: str, is_zipped: bool) -> None:
    encoded = f"<{text}".encode(codec)
    body = body_of(gzip.compress(encoded) if is_zipped else encoded, "text/xml; charset=windows-1252")
    assert body.text(MOST) == f"<{text}"


def test_no_more_of_a_bomb_is_held_than_was_asked_for() -> None:
    # One wide character makes four bytes of each: fifty megabytes unzipped would be two hundred.
    wide = gzip.compress(("\U0001f600" + "a" * PIECE).encode() * 40)
    body = body_of(wide)
    tracemalloc.start()
    try:
        text = body.text(2 * PIECE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 2 * PIECE < len(text) <= 3 * PIECE
    assert peak < 40 * PIECE
