"""The one place that every request and every answer passes."""

from __future__ import annotations

from typing import Any

import pytest

from archive.datasette.plugins.guard import HEADERS, cookies, headed, let_in, private_cookie, visited
from archive.serving.doorkeeper import Rules, Visit

CLOSED = Rules(accounts={"ann": "hash"})


def answer(status: int = 200, **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    sent = headed({"type": "http.response.start", "status": status, "headers": pairs})
    return {"status": sent["status"], **{name.decode(): value.decode("latin-1") for name, value in sent["headers"]}}


def request(*headers: tuple[bytes, bytes], raw: bytes = b"/news", query: bytes = b"") -> dict[str, Any]:
    return {"method": "HEAD", "path": "/news", "raw_path": raw, "query_string": query, "headers": list(headers)}


def test_our_headers_stand_in_the_place_of_weaker_ones() -> None:
    sent = answer(content_security_policy="default-src *", referrer_policy="unsafe-url", etag="x")
    assert {name: sent[name] for name in HEADERS} == HEADERS
    assert sent["etag"] == "x"


@pytest.mark.parametrize(
    "location", ["//evil.example", "/\\evil.example", "https://evil.example/", "", "evil", "/a\tb"]
)
def test_a_redirect_that_would_lead_elsewhere_is_not_sent(location: str) -> None:
    sent = answer(302, location=location, link=f"<{location}>; rel=preload")
    assert sent["status"] == 404
    assert not {"location", "link"} & set(sent)


def test_a_redirect_within_the_site_is_sent() -> None:
    assert answer(302, location="/news?a=b")["location"] == "/news?a=b"


def test_a_cookie_is_hidden_from_scripts_and_from_forms_of_others() -> None:
    assert private_cookie((b"Set-Cookie", b"a=b; Path=/")) == (b"Set-Cookie", b"a=b; Path=/; HttpOnly; SameSite=Lax")
    whole = (b"set-cookie", b"a=b; httponly; samesite=strict")
    assert private_cookie(whole) == whole
    assert private_cookie((b"etag", b"x")) == (b"etag", b"x")


def test_a_header_that_comes_twice_is_not_believed() -> None:
    visit = visited(request((b"Host", b"a"), (b"host", b"b")), "/")
    assert visit.headers["host"] == "a, b"


def test_an_address_is_looked_at_below_the_base() -> None:
    assert visited(request(raw=b"/archive/news?x"), "/archive/").path == "/news"
    assert visited(request(raw=b"/news"), "/archive/").path == "/news"
    assert visited({**request(), "raw_path": None, "path": "/a b"}, "/").path == "/a%20b"


def test_only_our_own_cookies_reach_a_page_and_only_where_there_are_accounts() -> None:
    sent = (b"cookie", b"a=b; ds_actor=c; ds_messages=d"), (b"authorization", b"Basic x"), (b"accept", b"text/html")
    scope = request(*sent, query=b"q=a%1bb")
    public = let_in(scope, visited(scope, "/"), Rules())
    assert public["headers"] == [(b"accept", b"text/html")]
    assert (public["method"], public["query_string"]) == ("GET", b"q=ab")
    closed = let_in(scope, visited(scope, "/"), CLOSED)
    assert closed["headers"] == [(b"accept", b"text/html"), (b"cookie", b"ds_actor=c")]


def test_datasettes_own_pages_are_not_asked_for_their_heads() -> None:
    for raw, method in ((b"/news/articles", "GET"), (b"/", "HEAD")):
        scope = request(raw=raw)
        assert let_in(scope, visited(scope, "/"), Rules())["method"] == method


@pytest.mark.parametrize("cookie", ["", "=;;=", "ds_actor", "ds_actor=\xe9", "a" * 9000, "$Version=1; ds_actor"])
def test_odd_cookies_are_none(cookie: str) -> None:
    assert cookies(Visit(method="GET", path="/", headers={"cookie": cookie})) == {}
