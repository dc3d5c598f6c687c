from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.urls import MAX_URL, TRACKERS, canonical, host_of, outlet_of

SPELLINGS = {
    "scheme and host in lower case": ("HTTPS://WWW.Example.COM/A", "https://www.example.com/A"),
    "default port of http": ("http://example.com:80/", "http://example.com/"),
    "default port of https, with zeros": ("https://example.com:0443/", "https://example.com/"),
    "empty port": ("https://example.com:/a", "https://example.com/a"),
    "another port stays": ("https://example.com:80/", "https://example.com:80/"),
    "no path": ("https://example.com", "https://example.com/"),
    "no path but a query": ("https://example.com?a=1", "https://example.com/?a=1"),
    "empty query": ("https://example.com/a?", "https://example.com/a"),
    "fragment": ("https://example.com/a#comments", "https://example.com/a"),
    "hashbang stays": ("https://example.com/#!/story/7", "https://example.com/#!/story/7"),
    "dot segments": ("https://example.com/a/./b/../c", "https://example.com/a/c"),
    "dots above the root": ("https://example.com/../../a", "https://example.com/a"),
    "dots at the end": ("https://example.com/a/b/..", "https://example.com/a/"),
    "escaped dots": ("https://example.com/a/%2e%2E/b", "https://example.com/b"),
    "a trailing slash stays": ("https://example.com/a/", "https://example.com/a/"),
    "double slashes stay": ("https://example.com//a//b", "https://example.com//a//b"),
    "needless escapes": ("https://example.com/%7euser/%41", "https://example.com/~user/A"),
    "escapes in upper case": ("https://example.com/%c3%bc", "https://example.com/%C3%BC"),
    "a reserved escape stays": ("https://example.com/a%2Fb%3f", "https://example.com/a%2Fb%3F"),
    "a bare percent sign": ("https://example.com/100%", "https://example.com/100%25"),
    "an escape made of escapes": ("https://example.com/%%34%31", "https://example.com/%2541"),
    "letters outside ASCII": ("https://example.com/ü?q=你", "https://example.com/%C3%BC?q=%E4%BD%A0"),
    "spaces, tabs and line ends": (" https://example.com/a b\n\t ", "https://example.com/a%20b"),
    "backslashes before the query": ("https:\\\\example.com\\a?b=\\", "https://example.com/a?b=%5C"),
    "a backslash ends the host": ("https://example.com\\.evil.example/", "https://example.com/.evil.example/"),
    "brackets in the query": ("https://example.com/?a[]=1", "https://example.com/?a%5B%5D=1"),
    "a host in Unicode": ("https://Bücher.example/", "https://xn--bcher-kva.example/"),
    "a host with a Chinese stop": ("https://bücher。example/", "https://xn--bcher-kva.example/"),
    "an underscore in the host": ("https://foo_bar.example/", "https://foo_bar.example/"),
    "a trailing dot": ("https://example.com./a", "https://example.com/a"),
    "an escaped host": ("https://ex%61mple.com/", "https://example.com/"),
    "a long IPv6 address": ("http://[0:0:0:0:0:0:0:1]:8080/", "http://[::1]:8080/"),
    "a fullwidth address": ("http://１２７.0.0.1/", "http://127.0.0.1/"),
    "order and blank values stay": ("https://example.com/?b=&a=1&b&a=0", "https://example.com/?b=&a=1&b&a=0"),
    "trackers go": (
        "https://example.com/a?utm_source=rss&id=7&fbclid=x&UTM_Medium=feed&at_medium=RSS",
        "https://example.com/a?id=7",
    ),
    "a query of trackers only": ("https://example.com/a?utm_source=rss&gclid=1", "https://example.com/a"),
    "an escaped tracker name": ("https://example.com/a?utm%5Fsource=rss", "https://example.com/a"),
}


@pytest.mark.parametrize(("url", "wanted"), SPELLINGS.values(), ids=SPELLINGS)
def test_two_spellings_of_one_address_become_one(url: str, wanted: str) -> None:
    assert canonical(url) == wanted


@pytest.mark.parametrize(
    "name", ["id", "cid", "gallery", "ref", "p", "story", "page", "amp", "utm", "utm_", "source", "share", "v", "sid"]
)
def test_a_parameter_that_may_name_an_article_stays(name: str) -> None:
    assert canonical(f"https://example.com/a?{name}=1") != canonical(f"https://example.com/a?{name}=2")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a",
        "/a/b",
        "//example.com/a",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http:///a",
        "http://",
        "http://?a",
        "https://user@example.com/",
        "https://user:word@example.com/",
        "https://example.com:99999/",
        "https://example.com:0/",
        "https://example.com:8o/",
        "https://exa mple.com/",
        "https://a..example/",
        "https://example.com../",
        "https://[::1/",
        "https://[fe80::1%25eth0]/",
        "https://example.com%00.example/",
        "https://℀.example/",
        "https://example.com/\ud800",
        "https://" + "a" * 64 + ".example/",
        "https://example.com/" + "a" * MAX_URL,
        "https://example.com/" + "a" * 100_000,
        "https://example.com/" + "ü" * 400,
    ],
)
def test_what_is_no_web_address_or_too_long_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical(url)


@given(st.text(max_size=300))
@example("example.com/%%34%31")
@example("h/..%2e/.%2E")
@example("h/?&utm_source&&")
def test_canonical_is_idempotent_and_refuses_only_with_a_value_error(rest: str) -> None:
    try:
        once = canonical("http://" + rest)
    except ValueError:
        return
    assert canonical(once) == once
    assert once.isascii()
    assert len(once) <= MAX_URL
    assert once.startswith(f"http://{host_of(once)}")


@given(st.lists(st.tuples(st.text(min_size=1, max_size=12), st.text(max_size=12)), max_size=8))
def test_no_parameter_but_a_tracker_is_lost_or_moved(pairs: list[tuple[str, str]]) -> None:
    url = canonical("https://example.com/a?" + urlencode(pairs))
    kept = [(name, value) for name, value in pairs if name.lower() not in TRACKERS]
    assert parse_qsl(urlsplit(url).query, keep_blank_values=True) == kept


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://edition.news.example.com/", "example.com"),
        ("https://one.blogspot.com/", "one.blogspot.com"),
        ("https://blogspot.com/", "blogspot.com"),
        ("https://localhost/", "localhost"),
        ("http://127.0.0.1:8000/", "127.0.0.1"),
        ("http://[::1]/", "[::1]"),
        ("https://kabul-courier.example/", "kabul-courier.example"),
        ("https://www.kabul-courier.example/", "kabul-courier.example"),
        ("https://例え.テスト.jp/", "xn--zckzah.jp"),
    ],
)
def test_an_outlet_is_the_registrable_domain_else_the_host(url: str, outlet: str) -> None:
    assert outlet_of(url) == outlet


def test_two_hosts_of_one_publisher_are_one_outlet_and_two_blogs_are_not() -> None:
    assert outlet_of("https://amp.example.com/a") == outlet_of("http://www.example.com/b")
    assert outlet_of("https://one.blogspot.com/") != outlet_of("https://two.blogspot.com/")
