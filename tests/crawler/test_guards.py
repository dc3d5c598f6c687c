from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, ip_address
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scrapy import Request
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from archive.rows import TakenRow
from crawler.addresses import is_public
from crawler.channels.ask import Ask
from crawler.guards import NOTHING, Allowance, FetchRefused, judge, proxy_hosts
from crawler.middlewares.guard import GuardMiddleware
from pipelines.topic import Source

REFUSED = {
    "another scheme": "ftp://news.com/",
    "a file": "file:///etc/passwd",
    "data": "data:text/html,x",
    "a script": "javascript:alert(1)",
    "no host": "http:///x",
    "another port": "http://news.com:8080/",
    "port 0": "http://news.com:0/",
    "a user name": "http://admin@news.com/",
    "a password": "http://a:b@news.com/",
    "an endless URL": "http://news.com/" + "a" * 2100,
    "an endless host": "http://" + "a." * 200 + "com/",
    "loopback": "http://127.0.0.1/",
    "loopback with a dot": "http://127.0.0.1./",
    "loopback, short": "http://127.1/",
    "loopback, decimal": "http://2130706433/",
    "loopback, hex": "http://0x7f000001/",
    "loopback, octal": "http://0177.0.0.01/",
    "loopback, mixed": "http://0x7f.0.0.1/",
    "loopback, fullwidth": "http://\uff11\uff12\uff17.0.0.1/",
    "loopback, ideographic dots": "http://127\u30020\u30020\u30021/",
    "loopback, circled": "http://\u2460\u2461\u2466.0.0.1/",
    "loopback, escaped": "http://%31%32%37.0.0.1/",
    "loopback behind a backslash": "http://news.com\\@127.0.0.1/",
    "loopback behind a space": "http://news.com @127.0.0.1/",
    "loopback, IPv6": "http://[::1]/",
    "loopback, mapped": "http://[::ffff:127.0.0.1]/",
    "loopback, mapped in hex": "http://[::ffff:7f00:1]/",
    "loopback, NAT64": "http://[64:ff9b::127.0.0.1]/",
    "loopback, 6to4": "http://[2002:7f00:1::]/",
    "Teredo": "http://[2001:0:53aa:64c::1]/",
    "a zone": "http://[fe80::1%25eth0]/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata, IPv6": "http://[fd00:ec2::254]/",
    "carrier NAT": "http://100.64.1.1/",
    "this host": "http://0.0.0.0/",
    "this host, short": "http://0/",
    "broadcast": "http://255.255.255.255/",
    "multicast": "http://224.0.0.251/",
    "localhost": "http://localhost/",
    "localhost, capitals and a dot": "http://LocalHost./",
    "under localhost": "http://a.localhost/",
    "an mDNS name": "http://printer.local/",
    "cloud metadata by name": "http://metadata.google.internal/",
    "home": "http://nas.home.arpa/",
    "a router": "http://router.lan/",
    "an onion": "http://abcdefabcdefabcd.onion/",
    "an example": "http://press.example/",
    "a test": "http://a.test/",
    "a single label": "http://intranet/",
    "a number for a name": "http://news.123/",
}


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED)
def test_it_is_refused(url: str) -> None:
    with pytest.raises(FetchRefused) as caught:
        judge(url)
    assert caught.value.by == "guard"
    assert caught.value.until is None
    assert caught.value.reason == str(caught.value) != ""


@pytest.mark.parametrize(
    "url",
    ["http://news.com/", "https://news.com:443/a?b=c#d", "https://xn--bcher-kva.de/", "http://bücher.de/", "http://8.8.8.8/",
     "https://[2606:4700::1111]/", "https://a_b.news.co.uk/", "http://news.com./", "http://127.0.0.1.nip.io/"],
)  # fmt: skip
def test_a_public_page_passes(url: str) -> None:
    judge(url)
    judge(Request(url).url)


def test_another_port_passes_where_the_topic_names_it() -> None:
    judge("http://news.com:8080/", ports=(80, 443, 8080))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/", "http://127.0.0.1/", "http://box/", "http://a.b.example:80/"]
)
def test_a_host_that_the_user_vouches_for_passes(url: str) -> None:
    judge(url, allowed=Allowance.of(["127.0.0.1:8080", "127.0.0.1", "Box", ".example"]))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8081/", "http://127.0.0.1/", "http://127.1:8080/", "http://127.0.0.2:8080/", "http://example/",
     "http://x.example.lan/", "http://badexample/", "http://box:8080/", "ftp://box/", "http://me@box/"],
)  # fmt: skip
def test_what_the_user_vouches_for_is_that_host_on_that_port_and_nothing_else(url: str) -> None:
    with pytest.raises(FetchRefused):
        judge(url, allowed=Allowance.of(["127.0.0.1:8080", ".example", "box"]))


@pytest.mark.parametrize("entry", ["", "http://x", "a b", "box:99999", "me@box", ".", "*.example"])
def test_a_bad_entry_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="give host, host:port or"):
        Allowance.of([entry])


def test_the_proxy_is_known_by_its_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://user:secret@10.1.2.3:3128")
    monkeypatch.setenv("https_proxy", "proxy.corp.net:8080")
    monkeypatch.setenv("no_proxy", "news.com")
    assert proxy_hosts() == {"10.1.2.3", "proxy.corp.net"}


SPELLERS = [
    str,
    lambda a: str(int(a)),
    lambda a: hex(int(a)),
    lambda a: f"0{int(a):o}",
    lambda a: ".".join(hex(byte) for byte in a.packed),
    lambda a: ".".join(f"0{byte:o}" for byte in a.packed),
    lambda a: f"{a.packed[0]}.{int(a) & 0xFFFFFF}",
    lambda a: f"{a.packed[0]}.{a.packed[1]}.{int(a) & 0xFFFF}",
    lambda a: f"[::ffff:{a}]",
    lambda a: f"[64:ff9b::{a}]",
    lambda a: f"[::{a}]",
    lambda a: "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in str(a)),
    lambda a: str(a).replace(".", "\u3002"),
]


@settings(max_examples=60)
@given(st.ip_addresses(v=4).filter(lambda a: not is_public(a)), st.sampled_from(SPELLERS), st.sampled_from(["", "."]))
@example(IPv4Address("127.0.0.1"), str, "")
def test_no_spelling_of_a_private_address_passes(
    address: IPv4Address, spell: Callable[[IPv4Address], str], dot: str
) -> None:
    host = spell(address)
    for url in (f"http://{host}{'' if host.startswith('[') else dot}/", f"https://{host}:443/x"):
        with pytest.raises(FetchRefused):
            judge(url)
        with pytest.raises((FetchRefused, ValueError)):
            judge(Request(url).url)


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8"), max_size=40), st.sampled_from(["http://", "https://", "http:/", "//", ""]))
def test_what_passes_is_read_alike_by_everyone(text: str, scheme: str) -> None:
    try:
        judge(scheme + text)
        url = Request(scheme + text).url
        judge(url)
    except (FetchRefused, ValueError):
        return
    host = urlsplit(url).hostname or ""
    assert host.isascii()
    assert "@" not in urlsplit(url).netloc
    try:
        found = socket.inet_aton(host)
    except OSError:
        return
    assert is_public(ip_address(found)), host


def taken(url: str, via: str) -> TakenRow:
    return TakenRow(
        id=1, url=url, host="", title="", published=None, score=0.5, tries=0, known=False, via=via
    )  # fmt: skip


@pytest.fixture
def middleware() -> GuardMiddleware:
    return GuardMiddleware(frozenset((80, 443)), NOTHING, frozenset(), StatsCollector(get_crawler()))


RECORD = "https://data.commoncrawl.org/crawl-data/one.warc.gz#10,20"
OWN = "warc://localhost/home/me/one.warc.gz"
MEMENTO = "https://web.archive.org/web/20190129120000id_/{}"


@pytest.mark.parametrize("url", ["http://localhost/a", "http://10.0.0.1/a", "http://news.com:8080/a"])
@pytest.mark.parametrize("via", [RECORD, f"{OWN}#10,20", MEMENTO], ids=["record", "own file", "memento"])
def test_a_page_that_may_not_be_asked_is_not_kept_from_elsewhere_either(
    middleware: GuardMiddleware, url: str, via: str
) -> None:
    candidate = taken(url, via.format(url))
    request = Request(candidate.via.partition("#")[0], meta={"dossier_candidate": candidate})
    with pytest.raises(FetchRefused):
        middleware.process_request(request)
    public = taken("http://news.com/a", via.format("http://news.com/a"))
    middleware.process_request(Request(public.via.partition("#")[0], meta={"dossier_candidate": public}))


def test_a_capture_that_moved_to_a_private_page_is_not_followed(middleware: GuardMiddleware) -> None:
    candidate = taken("http://news.com/a", MEMENTO.format("http://news.com/a"))
    meta = {"dossier_candidate": candidate, "redirect_urls": [candidate.via]}
    middleware.process_request(Request(MEMENTO.format("http://news.com/b"), meta=dict(meta)))
    for url in ("http://127.0.0.1/b", "http://printer.local/"):
        with pytest.raises(FetchRefused):
            middleware.process_request(Request(MEMENTO.format(url), meta=dict(meta)))


def test_a_file_of_this_machine_is_read_only_where_the_user_named_it(middleware: GuardMiddleware) -> None:
    def ask(source: str) -> Request:
        question = Ask(url=OWN, source=Source(channel="ccnews", url=source), kind="records")
        return Request(OWN, meta={"dossier_ask": question})

    middleware.process_request(ask(OWN))
    moved = ask(OWN).replace(meta={**ask(OWN).meta, "redirect_urls": ["https://news.com/"]})
    for request in (ask("https://data.commoncrawl.org/"), moved, Request(OWN)):
        with pytest.raises(FetchRefused):
            middleware.process_request(request)


def test_a_question_to_a_service_may_be_long(middleware: GuardMiddleware) -> None:
    url = f"https://web.archive.org/cdx/search/cdx?url={'x' * 3000}"
    question = Ask(url=url, source=Source(channel="wayback", url="https://web.archive.org/cdx/search/cdx"), kind="o")
    middleware.process_request(Request(url, meta={"dossier_ask": question}))
    with pytest.raises(FetchRefused, match="3043 characters"):
        middleware.process_request(Request(url))
