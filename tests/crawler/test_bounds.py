"""Servers that drip, flood, break off or lie: one crawl against all of them, straight and through TLS."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import Any

import brotli
import pytest

from tests.authority import Authority
from tests.crawling import crawl
from tests.loopback import Loopback, Reply, html

MIB = 1024 * 1024
LIMIT = MIB // 2  # of this crawl; a crawl's own is 10 MiB
PAGE = b"<!doctype html><title>t</title>" + b"<p>some words of news</p>" * 200

Results = dict[str, Any]


def coded(body: bytes, encoding: str, **options: Any) -> Reply:
    headers = (("Content-Type", "text/html"), ("Content-Encoding", encoding))
    return Reply(body=body, headers=headers, **options)


def chunked(body: bytes, end: bytes = b"0\r\n\r\n") -> Reply:
    head = b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    return Reply(raw=head + b"%x\r\n" % len(body) + body + b"\r\n" + end)


def bomb(megabytes: int) -> bytes:
    stream = zlib.compressobj(1, wbits=31)
    return b"".join(stream.compress(bytes(MIB)) for _ in range(megabytes)) + stream.flush()


SITES: dict[str, Any] = {
    "drip": Reply(body=b"x" * 1000, drip=0.05),
    "silent": html("late", wait=9),
    "headless": Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X-Filler: " + b"y" * 200 + b"\r\n" * 1, wait=0),
    "flood": Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X-Filler: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n" * 100_000),
    "continues": Reply(raw=b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000),
    "promised": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 1000),
    "large": Reply(body=b"x" * (LIMIT + 1)),
    "endless": Reply(body=b"x" * (3 * MIB), length=False),
    "bomb": coded(bomb(16), "gzip"),
    "double": coded(gzip.compress(bomb(16)), "gzip, gzip"),
    "brotli": coded(brotli.compress(bytes(16 * MIB), quality=1), "br"),
    "zstd": coded(b"\x28\xb5\x2f\xfd\x04\x00\x19\x00\x00abc", "zstd"),
    "gzip": coded(gzip.compress(PAGE), "gzip"),
    "br": coded(brotli.compress(PAGE), "br"),
    "deflate": coded(zlib.compress(PAGE), "deflate"),
    "mislabelled": coded(PAGE, "utf-8"),
    "short": Reply(body=PAGE, cut=100),
    "reset": Reply(body=PAGE, cut=0),
    "unchunked": chunked(PAGE, b""),
    "chunked": chunked(PAGE),
    "old": Reply(body=PAGE, length=False),
    "torn": coded(gzip.compress(PAGE)[:-20], "gzip"),
    "mended": [coded(gzip.compress(PAGE)[:-20], "gzip"), Reply(body=PAGE, cut=50), Reply(body=PAGE)],
    "noise": Reply(raw=b"\x16\x03\x01 no http at all\r\n\r\n"),
    "empty": Reply(raw=b""),
    "broken": [Reply(status=502), Reply(status=504), html("at last")],
    "down": Reply(status=500, body=b"<title>sorry</title>"),
    "plain": Reply(body=PAGE),
}
TLS = ("drip", "large", "endless", "short", "gzip", "silent")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loopback, Results]]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    stranger = Authority(tmp_path_factory.mktemp("stranger"), "A stranger")

    def contexts(host: str) -> Any:
        if host == "stranger.example":
            return stranger.context(host)
        return authority.context("plain.example" if host == "wrong.example" else host)

    with Loopback(contexts) as web:
        for site, reaction in SITES.items():
            web[f"{site}.example/robots.txt"] = Reply(status=404)
            web[f"{site}.example"] = reaction
        for site in ("wrong", "stranger"):
            web[f"{site}.example"] = Reply(body=PAGE)
        steps = [
            *({"name": site, "url": f"http://{site}.example/"} for site in SITES),
            *({"name": f"tls {site}", "url": f"https://{site}.example/"} for site in (*TLS, "wrong", "stranger")),
        ]
        results = crawl(
            steps,
            tmp_path_factory.mktemp("data"),
            environment={**web.proxies(), "SSL_CERT_FILE": str(authority.pem)},
            DOSSIER_DEADLINE=0.7,
            DOWNLOAD_MAXSIZE=LIMIT,
            CONCURRENT_REQUESTS=100,
        )
        yield web, results


@pytest.fixture
def web(played: tuple[Loopback, Results]) -> Loopback:
    return played[0]


@pytest.fixture
def results(played: tuple[Loopback, Results]) -> Results:
    return played[1]


@pytest.mark.parametrize("name", ["drip", "silent", "tls drip", "tls silent"])
def test_an_answer_that_does_not_end_is_cut_at_the_deadline(name: str, results: Results) -> None:
    assert results[name]["error"] == "DownloadTimeoutError"
    assert results[name]["reason"] == "no whole answer within 0.7 s"


def test_a_dripping_connection_is_closed_and_not_just_forgotten(web: Loopback) -> None:
    assert {url for _, url in web.cut_off} >= {"http://drip.example/", "https://drip.example/"}


@pytest.mark.parametrize("name", ["flood", "continues"])
def test_headers_without_end_are_not_listened_to(name: str, results: Results) -> None:
    assert results[name]["error"] == "BadAnswer"
    assert results[name]["reason"] == "headers without end"


@pytest.mark.parametrize(
    "name", ["promised", "large", "endless", "bomb", "double", "brotli", "tls large", "tls endless"]
)
def test_a_body_over_the_limit_fails_and_says_so(name: str, results: Results) -> None:
    assert results[name]["error"] == "BadAnswer"
    assert results[name]["reason"] == "body over 0.5 MiB"


@pytest.mark.parametrize("name", ["promised", "large", "bomb", "zstd"])
def test_what_would_come_again_as_it_came_is_not_asked_again(name: str, web: Loopback) -> None:
    assert len(web.hits(f"{name}.example/")) == 1 + (name in TLS)


@pytest.mark.parametrize("name", ["gzip", "br", "deflate", "mislabelled", "tls gzip"])
def test_an_encoded_page_comes_decoded_with_its_header_kept(name: str, results: Results) -> None:
    assert results[name]["size"] == len(PAGE)
    assert results[name]["kind"] == "HtmlResponse"
    assert results[name]["encoding"] == {"br": "br", "deflate": "deflate", "mislabelled": "utf-8"}.get(name, "gzip")


def test_an_encoding_that_was_not_asked_for_is_refused(web: Loopback, results: Results) -> None:
    assert results["zstd"]["reason"] == "an encoding that was not asked for: zstd"
    assert {hit.headers["accept-encoding"] for hit in web.log if hit.method == "GET"} == {"gzip, deflate, br"}


@pytest.mark.parametrize("name", ["short", "unchunked", "torn", "tls short"])
def test_an_answer_that_breaks_off_is_asked_again_and_never_taken_for_whole(
    name: str, web: Loopback, results: Results
) -> None:
    assert results[name]["error"] == "CutShort"
    assert "broke off" in results[name]["reason"]
    host = f"{name.removeprefix('tls ')}.example"
    scheme = "https" if name.startswith("tls") else "http"
    assert len([hit for hit in web.hits(f"{host}/") if hit.url.startswith(f"{scheme}:")]) == 3


@pytest.mark.parametrize("name", ["reset", "empty", "noise", "headless"])
def test_a_connection_that_fails_is_tried_three_times(name: str, web: Loopback, results: Results) -> None:
    assert results[name]["error"] in ("DownloadFailedError", "CutShort")
    assert "twisted" not in results[name]["reason"]
    assert len(web.hits(f"{name}.example/")) == 3


def test_what_breaks_off_twice_and_then_comes_is_whole(results: Results) -> None:
    assert results["mended"]["size"] == len(PAGE)


@pytest.mark.parametrize(("name", "flags"), [("chunked", []), ("old", ["partial"]), ("plain", [])])
def test_an_answer_that_ends_as_http_allows_is_whole(name: str, flags: list[str], results: Results) -> None:
    assert results[name]["size"] == len(PAGE)
    assert results[name]["flags"] == flags


def test_a_server_in_trouble_is_asked_three_times(web: Loopback, results: Results) -> None:
    assert results["broken"]["status"] == 200
    assert results["down"]["status"] == 500
    assert len(web.hits("down.example/")) == 3


@pytest.mark.parametrize("name", ["tls wrong", "tls stranger"])
def test_a_certificate_that_proves_nothing_ends_it(name: str, web: Loopback, results: Results) -> None:
    assert results[name]["by"] == "robots", "not even robots.txt could be asked for"
    assert "certificate" in results[name]["reason"]
    assert not [hit for hit in web.hits(f"{name[4:]}.example") if hit.method != "CONNECT"]


def test_a_certificate_of_the_authority_that_the_user_names_is_accepted(results: Results) -> None:
    assert results["tls gzip"]["status"] == 200


def test_the_log_is_quiet_about_the_faults_of_others(results: Results) -> None:
    assert "Traceback" not in results["log"]
