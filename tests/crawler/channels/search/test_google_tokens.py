from __future__ import annotations

from base64 import urlsafe_b64encode
from string import ascii_letters, digits
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.search.google_tokens import MAX_TOKEN, page_of, token_of
from pipelines.urls import canonical
from tests.services.news_search import old_token, packed, sealed_token

PAGE = "https://daily.example/2019/01/29/talks"
TOKEN = old_token(PAGE)
TOKEN_LETTERS = {*ascii_letters, *digits, *"-_="}


def raw(data: bytes) -> str:
    return urlsafe_b64encode(data).decode()


@pytest.mark.parametrize(
    ("url", "token"),
    [
        pytest.param("https://news.google.com/rss/articles/CBMiab?oc=5", "CBMiab", id="of a feed"),
        pytest.param("https://news.google.com/articles/CBMiab", "CBMiab", id="of the site"),
        pytest.param("https://news.google.com/read/CBMiab?hl=en-US&gl=US", "CBMiab", id="of the site today"),
        pytest.param("https://news.google.com/__i/rss/rd/articles/CB-_i==?oc=5", "CB-_i==", id="of older feeds"),
        pytest.param("https://news.google.com/articles/CBMiab/", "CBMiab", id="with a slash after it"),
        pytest.param("https://news.google.com/articles/CBMiab#top", "CBMiab", id="with a fragment after it"),
        pytest.param("https://news.google.com/stories/CAAqab", "", id="a story is no article"),
        pytest.param("https://news.google.com/search?q=/articles/CBMiab", "", id="a query is no path"),
        pytest.param("https://news.google.com/articles/", "", id="none"),
        pytest.param("https://news.google.com/articles/a b", "", id="no token has blanks"),
        pytest.param("https://news.google.com/articles/" + "a" * (MAX_TOKEN + 1), "", id="longer than any"),
    ],
)
def test_the_token_is_the_last_part_of_the_path(url: str, token: str) -> None:
    assert token_of(url) == token


@pytest.mark.parametrize(
    ("token", "page"),
    [
        pytest.param(TOKEN, PAGE, id="address"),
        # Made by hand: 08 13 22, length 1b, 27 characters of address, d2 01 00.
        pytest.param("CBMiG2h0dHBzOi8vZGFpbHkuZXhhbXBsZS9wZWFjZdIBAA", "https://daily.example/peace", id="by hand"),
        pytest.param(old_token(PAGE, "https://daily.example/amp/talks"), PAGE, id="the AMP copy does not count"),
        pytest.param(TOKEN + "==", PAGE, id="padded already"),
        pytest.param(old_token(PAGE + "/" + "x" * 200), PAGE + "/" + "x" * 200, id="length of two bytes"),
        pytest.param(packed(PAGE.encode(), b""), PAGE, id="nothing after it"),
        pytest.param(
            old_token("HTTPS://Daily.Example:443/a?utm_source=x"), "https://daily.example/a", id="made canonical"
        ),
        pytest.param(sealed_token(PAGE), None, id="Google's own key"),
        pytest.param(packed(b"AU_yqL https://daily.example/a"), None, id="a key, whatever follows"),
        pytest.param(packed(b"javascript:alert(1)"), None, id="no web address"),
        pytest.param(packed(b"https://user@daily.example/"), None, id="an address that we do not ask"),
        pytest.param(packed(b"https://daily.example/" + b"x" * 2_100), None, id="a longer address than any"),
        pytest.param(packed(b"\xff\xfe" + PAGE.encode()), None, id="no text"),
        pytest.param(packed(b""), None, id="nothing"),
        pytest.param(raw(b"\x08\x13\x22"), None, id="no length"),
        pytest.param(raw(b"\x08\x13\x22\xff\xff\xff\xff\xff\xff"), None, id="length without end"),
        pytest.param(raw(b"\x08\x13\x22\x7f" + PAGE.encode()), None, id="cut short"),
        pytest.param(raw(b"\x08\x14\x22\x1b" + PAGE.encode()), None, id="another kind of payload"),
        pytest.param(raw(PAGE.encode()), None, id="no payload at all"),
        pytest.param(TOKEN[:8] + "****" + TOKEN[8:], None, id="not base64"),
        pytest.param("CBMia", None, id="base64 of no length"),
        pytest.param("Ünïcode", None, id="not ASCII"),
        pytest.param("", None, id="no token"),
        pytest.param("A" * (MAX_TOKEN + 1), None, id="too long"),
    ],
)
def test_a_token_tells_its_page_or_nothing(token: str, page: str | None) -> None:
    assert page_of(token) == page


words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=40)
pages = st.builds("https://{}.example/{}?id={}".format, st.text("abcdefgh", min_size=1, max_size=20), words, words)


@given(pages, st.none() | pages, st.integers(0, 2))
def test_what_was_written_into_a_token_comes_out(page: str, amp: str | None, padding: int) -> None:
    assert page_of(old_token(page, amp or "") + "=" * padding) == canonical(page)


@given(st.text(max_size=300) | st.text("ABCDEFGHabcdefgh0123456789-_=", max_size=300).map("CBMi".__add__))
def test_any_text_is_a_token_or_none(token: str) -> None:
    page = page_of(token)
    assert page is None or canonical(page) == page
    assert set(token_of(f"https://news.google.com/articles/{token}")) <= TOKEN_LETTERS


@given(st.binary(max_size=300))
def test_any_payload_is_an_address_or_none(payload: bytes) -> None:
    for data in (payload, b"\x08\x13\x22" + payload):
        page = page_of(raw(data))
        assert page is None or canonical(page) == page


@pytest.mark.parametrize("unit", ["/articles/", "a", "=", "/read/a"])
def test_a_megabyte_of_malice_costs_nothing(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    begin = perf_counter()
    assert token_of(text + " ") == ""
    assert page_of(text) is None
    assert perf_counter() - begin < 2
