"""The index of a web archive as it answers, and as it should not."""

from __future__ import annotations

import json
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.ask import Ask, ChannelRefused
from crawler.channels.captures.cdx import FIELDS, MAX_ROWS, Cdx, cdx_of, reply_without_rows
from pipelines.items import Page
from pipelines.topic import Source

NOW = datetime(2019, 2, 1, tzinfo=UTC)
HEADER = list(FIELDS)
ROW = ["example,daily)/a", "20190129120000", "http://daily.example:80/a", "text/html", "200", "Q4YULN75", "1415"]
KEY = "example%2Cdaily%29%2Fa+20190129120001"
ASK = Ask(url="https://web.archive.org/cdx", source=Source(channel="wayback", url="x"), kind="outlet", resume="here")


def page(
    body: bytes | str, status: int = 200, headers: tuple[tuple[str, str], ...] = (), is_whole: bool = True
) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(url=ASK.url, status=status, headers=headers, body=raw, fetched=NOW, is_whole=is_whole)


def read(*rows: object) -> Cdx:
    return cdx_of(page(json.dumps(rows)))


def test_a_row_says_what_was_captured_and_when() -> None:
    (row,) = read(HEADER, ROW).rows
    assert (row.key, row.stamp, row.url) == ("example,daily)/a", "20190129120000", "http://daily.example:80/a")
    assert (row.at, row.kind, row.status, row.digest) == (
        datetime(2019, 1, 29, 12, tzinfo=UTC),
        "text/html",
        "200",
        "Q4YULN75",
    )
    assert row.is_page


NOTHING = {"an empty list": "[]", "with a line end": "[]\n", "a header alone": json.dumps([HEADER])}


@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING.keys())
def test_no_captures_are_an_answer(body: str) -> None:
    assert cdx_of(page(body)) == Cdx()


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        (KEY, "example,daily)/a 20190129120001"),
        ("example,daily)/a%20b 20190129120001", "example,daily)/a%20b 20190129120001"),
        ("example%2Cdaily%29%2Fa%2520b+2019", "example,daily)/a%20b 2019"),
    ],
    ids=["escaped", "plain", "an escape that was escaped"],
)
def test_the_last_two_rows_say_where_it_goes_on(key: str, meant: str) -> None:
    found = read(HEADER, ROW, [], [key])
    assert (len(found.rows), found.resume, found.fault) == (1, meant, None)


def test_a_key_may_come_without_a_row() -> None:
    assert read([], [KEY]).resume == read(HEADER, [], [KEY]).resume == "example,daily)/a 20190129120001"


def test_a_key_that_is_none_is_not_followed() -> None:
    assert read(HEADER, ROW, [], ["a", "b"]).resume == ""
    assert read(HEADER, ROW, [], ["a" * 5_000]).resume == ""


def test_columns_go_by_their_names() -> None:
    (row,) = read(["original", "timestamp"], ["http://daily.example/a", "20190129120000"]).rows
    assert (row.url, row.key, row.status) == ("http://daily.example/a", "http://daily.example/a", "")
    assert row.is_page


def test_brackets_and_quotes_in_an_address_are_no_rows() -> None:
    url = 'http://daily.example/a?b[]=1&c="],["'
    assert [row.url for row in read(HEADER, [*ROW[:2], url, *ROW[3:]]).rows] == [url]


@pytest.mark.parametrize(
    ("status", "kind", "is_page"),
    [("-", "warc/revisit", True), ("-", "text/html", False), ("301", "text/html", False), ("200", "unk", True)],
)
def test_a_capture_of_a_page_is_told_from_others(status: str, kind: str, is_page: bool) -> None:
    (row,) = read(HEADER, [*ROW[:3], kind, status, *ROW[5:]]).rows
    assert row.is_page is is_page


BAD_ROWS = {
    "no time": [*ROW[:1], "", *ROW[2:]],
    "a time of zeros": [*ROW[:1], "00000000000000", *ROW[2:]],
    "the 30th of February": [*ROW[:1], "20190230120000", *ROW[2:]],
    "a short time": [*ROW[:1], "2019", *ROW[2:]],
    "no address": [*ROW[:2], " ", *ROW[3:]],
    "too short": ROW[:1],
    "numbers": [1, 2, 3],
    "too long": [*ROW[:2], "http://daily.example/" + "a" * 30_000],
    "objects": [{"a": 1}],
}


@pytest.mark.parametrize("bad", BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_a_row_without_time_or_address_is_counted_and_left(bad: list[object]) -> None:
    found = read(HEADER, bad, ROW)
    assert (len(found.rows), found.unusable) == (1, 1)


def test_rows_of_which_none_can_be_used_are_refused() -> None:
    with pytest.raises(ChannelRefused, match="no usable capture in 1 rows"):
        read(HEADER, BAD_ROWS["no time"])


def test_numbers_are_read_as_their_text() -> None:
    (row,) = read(HEADER, [*ROW[:4], 200, None, 1415]).rows
    assert (row.status, row.digest) == ("200", "")


NO_INDEX = {
    "text": " ".join(ROW),
    "a page": "<!doctype html><title>Wayback Machine</title><p>Sorry",
    "an error's text": "org.archive.util.io.RuntimeIOException: java.net.SocketTimeoutException",
    "an object": '{"error": "no"}',
    "a list of numbers": "[1, 2]",
    "rows of something else": '[["a", "b"], ["c", "d"]]',
    "JSON lines": json.dumps(dict(zip(FIELDS, ROW, strict=True))),
    "no end": "[",
    "nested": "[" * 100_000,
    "nested objects": '[["' + '{"a":' * 100_000,
}


@pytest.mark.parametrize("body", NO_INDEX.values(), ids=NO_INDEX.keys())
def test_what_is_no_index_is_refused_and_never_empty(body: str) -> None:
    with pytest.raises(ChannelRefused):
        cdx_of(page(body))


def test_a_refusal_shows_how_the_answer_begins() -> None:
    with pytest.raises(ChannelRefused, match="not the index as JSON: Wayback Machine Sorry"):
        cdx_of(page(NO_INDEX["a page"]))


@pytest.mark.parametrize("is_whole", [True, False])
def test_an_index_that_is_cut_keeps_its_whole_rows(is_whole: bool) -> None:
    text = json.dumps([HEADER, ROW, ROW])
    found = cdx_of(page(text[:-30] if is_whole else text, is_whole=is_whole))
    assert [row.stamp for row in found.rows[:1]] == ["20190129120000"]
    assert found.fault is not None
    assert found.fault.status == "failed"


def test_more_rows_than_were_asked_for_are_read_up_to_a_bound() -> None:
    found = cdx_of(page(json.dumps([HEADER, *[ROW] * (MAX_ROWS + 5)])))
    assert len(found.rows) == MAX_ROWS + 1
    assert found.fault is not None
    assert found.fault.status == "saturated"


@pytest.mark.parametrize("unit", ["[", "[],", '["', '["\\', '"', "[{", " ", ",", '["a"],', "]"])
def test_ten_megabytes_of_malice_end_soon(unit: str) -> None:
    body = page(json.dumps([HEADER])[:-1].encode() + b"," + unit.encode() * (10 * 1024**2 // len(unit)))
    tracemalloc.start()
    try:
        found = cdx_of(body)
        peak = tracemalloc.get_traced_memory()[1]
    except ChannelRefused:
        return
    finally:
        tracemalloc.stop()
    assert found.rows == ()
    assert found.fault is not None
    assert peak < 60 * 1024**2


BLOCKED = "org.archive.util.io.RuntimeIOException: org.archive.wayback.exception.{}: Blocked"
REPLIES = {
    "too many": (page("<h1>429", 429), "refused", "HTTP 429", "here"),
    "overloaded": (page("", 503), "failed", "HTTP 503", "here"),
    "too slow": (page("", 504), "failed", "HTTP 504", "here"),
    "gone": (page("", 404), "failed", "HTTP 404", "here"),
    "forbidden": (page("no", 403), "refused", "HTTP 403", "here"),
    "not understood": (page("bad resumeKey", 400), "refused", "HTTP 400: bad resumeKey", ""),
    "empty": (page(" \n"), "refused", "an empty body", "here"),
    "blocked": (
        page(BLOCKED.format("AdministrativeAccessControlException"), 403),
        "refused",
        "blocked by the archive: AdministrativeAccessControlException",
        "",
    ),
    "blocked by robots, in the header": (
        page("", 403, (("X-Archive-Wayback-Runtime-Error", BLOCKED.format("RobotAccessControlException")),)),
        "refused",
        "blocked by the archive: RobotAccessControlException",
        "",
    ),
    "blocked with a good status": (
        page(BLOCKED.format("AdministrativeAccessControlException")),
        "refused",
        "blocked by the archive: AdministrativeAccessControlException",
        "",
    ),
}


@pytest.mark.parametrize(("answer", "status", "reason", "resume"), REPLIES.values(), ids=REPLIES.keys())
def test_an_answer_without_rows_says_why_and_whether_to_go_on(
    answer: Page, status: str, reason: str, resume: str
) -> None:
    reply = reply_without_rows(ASK, answer)
    assert reply is not None
    assert (reply.status, reply.reason, reply.resume) == (status, reason, resume)


def test_an_index_is_read_and_not_replied_to() -> None:
    assert reply_without_rows(ASK, page("[]")) is None


pieces = st.sampled_from(
    [
        b"[",
        b"]",
        b",",
        b'"',
        b"\\",
        b"[]",
        json.dumps(HEADER).encode(),
        json.dumps(ROW).encode(),
        b'["' + KEY.encode(),
        b"{",
    ]
)


@given(st.binary(max_size=200) | st.lists(pieces | st.binary(max_size=5), max_size=30).map(b"".join))
def test_any_bytes_are_an_index_or_refused(body: bytes) -> None:
    try:
        found = cdx_of(page(body))
    except ChannelRefused:
        return
    assert found.fault is None or found.fault.reason
