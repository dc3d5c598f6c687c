"""Which requests are answered at all."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.serving.doorkeeper import (
    LOGIN,
    LOGOUT,
    Rules,
    Visit,
    cleaned,
    is_from_elsewhere,
    is_local,
    is_loopback,
    is_open,
    is_ours,
    refusal,
)
from archive.untidy import tidy

PUBLIC, PRIVATE = Rules(), Rules(is_private=True)
CLOSED = Rules(accounts={"ann": "pbkdf2_sha256$1000$a$b"})
FORM = {"host": "news.example", "origin": "https://news.example", "content-length": "80"}


def status(path: str, query: str = "", rules: Rules = PUBLIC, method: str = "GET", **headers: str) -> int:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    refused = refusal(Visit(method=method, path=path, query=query, headers=named), rules)
    return refused.status if refused else 200


@pytest.mark.parametrize(
    "path",
    ["/", "/news", "/news/articles", "/news/articles.json", "/robots.txt", "/static/a.css", "/news/a%20b"],
)
def test_an_ordinary_address_is_let_in(path: str) -> None:
    assert status(path) == 200


def test_an_address_has_a_length() -> None:
    assert status("/news/" + "a" * 8000) == 200
    assert status("/" + "a" * 8192) == 414
    assert status("/news", "a=" + "b" * 9000) == 414


@pytest.mark.parametrize(
    "path", ["/nowhere", "/a%20b", "/newspaper", "/new", "/search2", "/_memory", "/news%2farticles"]
)
def test_an_address_of_no_page_reaches_no_table(path: str) -> None:
    assert status(path) == 404


def test_a_slash_too_many_leads_to_the_page() -> None:
    refused = refusal(Visit(method="GET", path="/news/articles/", query="a=b"), PUBLIC)
    assert refused is not None
    assert (refused.status, refused.headers["location"]) == (302, "/news/articles?a=b")


def test_the_login_is_there_where_somebody_has_an_account() -> None:
    for path in (LOGIN, LOGOUT):
        assert status(path) == 404
        assert status(path, rules=CLOSED) == 200


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"content-length": "99999"}, 413),
        ({"content-length": "-1"}, 413),
        ({"content-length": ""}, 413),
        ({"content-length": "²"}, 413),
        ({"origin": ""}, 200),
    ],
)
def test_a_form_is_taken_from_a_page_of_this_site_only(change: dict[str, str], expected: int) -> None:
    visit = Visit(method="POST", path=LOGIN, headers={**FORM, **change})
    refused = refusal(visit, CLOSED)
    assert (refused.status if refused else 200) == expected


def test_nothing_else_takes_a_form() -> None:
    for path in ("/", "/news/articles", "/news", "/nowhere"):
        for rules in (PUBLIC, PRIVATE, CLOSED):
            assert status(path, rules=rules, method="POST", content_length="1") == 405


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:1",
        "127.0.0.1:8001",
        "127.255.0.9",
        "[::1]",
        "[::1]:8001",
        "LocalHost",
    ],
)
def test_names_of_this_machine(host: str) -> None:
    assert is_loopback(host)
    assert status("/", rules=PRIVATE, host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        "[::2]",
        "0.0.0.0",
        "127.0.0.1.evil.example",
        "2130706433",
        "",
    ],
)
def test_other_names_are_not_answered_where_the_owner_alone_is_served(host: str) -> None:
    assert not is_loopback(host)
    assert status("/", rules=PRIVATE, host=host) in {400, 403}


def test_sql_is_for_the_owner_who_asks_for_it_himself() -> None:
    for path, query in (("/news", "sql=select+1"), ("/news/articles", "_where=1"), ("/news/articles.csv", "_stream=1")):
        assert status(path, query) == 403
        assert status(path, query, PRIVATE) == 200
        assert status(path, query, PRIVATE, sec_fetch_site="cross-site") == 403
    assert status("/news/-/query.json", "sql=select+1", PRIVATE) == 200
    assert status("/news/-/query.json", "sql=select+1") == 404


@given(st.binary(max_size=60), st.binary(max_size=60), st.sampled_from([PUBLIC, PRIVATE, CLOSED]))
def test_whatever_is_sent_is_let_in_or_refused(path: bytes, query: bytes, rules: Rules) -> None:
    visit = Visit(method="GET", path="/" + path.decode("latin-1"), query=query.decode("latin-1"))
    refused = refusal(visit, rules)
    assert refused is None or 400 <= refused.status < 500
    if refused is None:
        assert not {"\\", "\x00", "\r", "\n"} & set(visit.decoded)
        assert not visit.decoded.startswith("//")
        assert visit.decoded.split("/")[1] != "-"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_cleaned_query_says_the_same_without_what_nobody_sees(text: str) -> None:
    assert cleaned("q=doha%20talks&a=%22") == "q=doha%20talks&a=%22"
    assert cleaned("q=a%1bb%e2%80%ae%00c") == "q=abc"
    assert parse_qs(cleaned(urlencode({"q": text})), keep_blank_values=True) == {"q": [tidy(text)]}


@pytest.mark.parametrize("address", ["/", "/news?a=b", "/article/1", "/a//b", "/%5cevil.example"])
def test_a_local_address(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "\\evil",
        "/a\\b",
        "/a\nb",
        "/\t/evil",
        "javascript:a",
        "evil",
        "/" + "a" * 9000,
        "/a b",
    ],
)
def test_an_address_that_may_lead_elsewhere(address: str) -> None:
    assert not is_local(address)


def test_what_is_ours_what_is_open_and_who_sent_the_browser() -> None:
    assert is_ours("/")
    assert not is_ours("/news/articles")
    assert is_open("/static/dossier.css")
    assert not is_open("/staticky")
    assert is_from_elsewhere(Visit(method="GET", path="/", headers={"sec-fetch-site": "cross-site"}))
    assert not is_from_elsewhere(Visit(method="GET", path="/"))
