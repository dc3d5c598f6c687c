"""What the server sees: every gap, every file that was not asked for. One crawl of many sites at once."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.authority import Authority
from tests.crawling import crawl
from tests.loopback import Loopback, Reply, html, moved, plain

DELAY = 0.25
AGENT = "Dossier/1 (+https://contact.example)"
SLOW = f"User-agent: *\nCrawl-delay: {DELAY}\nDisallow: /private\n"


def script(web: Loopback) -> None:
    """What each site answers."""
    web["slow.example/robots.txt"] = plain(SLOW)
    web["slow.example"] = html("page")
    web["slow.example/old"] = moved("/new")
    web["slow.example/busy"] = [Reply(status=503), Reply(status=503), html("at last")]
    web["slow.example/shut"] = [Reply(raw=b""), html("open again")]
    web["slow.example/long"] = html("x" * 30, drip=0.01)
    web["from.example/there"] = moved("http://slow.example/from-elsewhere")
    web["brisk.example"] = html("page")
    web["upgrade.example/robots.txt"] = lambda hit: (
        moved("https://upgrade.example/robots.txt") if hit.url.startswith("http:") else plain(SLOW)
    )
    web["upgrade.example"] = html("page")
    web["trouble.example/robots.txt"] = Reply(status=500)
    web["missing.example"] = html("page")
    web["missing.example/robots.txt"] = Reply(status=404)
    web["forbidden.example"] = html("page")
    web["forbidden.example/robots.txt"] = Reply(status=403)
    web["circle.example"] = html("page")
    web["circle.example/robots.txt"] = moved("/robots.txt")
    for hop in range(4):
        web[f"far.example/{hop}"] = moved(f"/{hop + 1}")
    web["far.example/robots.txt"] = moved("/0")
    web["far.example/4"] = plain("User-agent: *\nDisallow: /secret\n")
    web["far.example"] = html("page")
    web["inside.example/robots.txt"] = moved("http://127.0.0.1/robots.txt")
    web["patient.example/robots.txt"] = plain("User-agent: *\nCrawl-delay: 120\n")
    web["drip.example/robots.txt"] = plain(SLOW * 20, drip=0.2)
    web["reset.example/robots.txt"] = plain(SLOW, cut=5)
    web["named.example/robots.txt"] = plain("User-agent: *\nDisallow: /\n\nUser-agent: Dossier\nDisallow: /x\n")
    web["named.example"] = html("page")
    filler = b"# " + b"x" * 1000 + b"\n"
    head = b"User-agent: *\nDisallow: /early\n"
    web["big.example/robots.txt"] = Reply(body=head + filler * 3_000 + b"Disallow: /late\n")
    web["big.example"] = html("page")
    web["packed.example/robots.txt"] = Reply(
        body=gzip.compress(head + b"Disallow: /late\n" * 1_000_000), headers=(("Content-Encoding", "gzip"),)
    )
    web["packed.example"] = html("page")


STEPS: list[dict[str, Any]] = [
    *(
        {"url": f"http://slow.example/{name}"}
        for name in ("a", "b", "old", "busy", "shut", "long", "private", "robots.txt")
    ),
    {"url": "https://slow.example/secure"},
    {"url": "http://SLOW.example.:80/spelt"},
    {"url": "http://from.example/there"},
    *({"url": f"http://brisk.example/{number}"} for number in range(6)),
    {"url": "http://upgrade.example/a"},
    {"url": "https://upgrade.example/b"},
    *({"url": f"http://{site}.example/a"} for site in ("trouble", "missing", "forbidden", "circle", "inside")),
    *({"url": f"http://far.example/{name}"} for name in ("a", "secret")),
    *({"url": f"http://patient.example/{name}"} for name in ("a", "robots.txt")),
    *({"url": f"http://{site}.example/a"} for site in ("drip", "reset")),
    *({"url": f"http://named.example/{name}"} for name in ("a", "x")),
    *({"url": f"http://{site}.example/{name}"} for site in ("big", "packed") for name in ("early", "late")),
    {"sleep": 3.8},
    {"gc": True},
    {"url": "http://slow.example/later"},
    {"url": "http://slow.example/latest"},
]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loopback, dict[str, Any]]]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with Loopback(authority.context) as web:
        script(web)
        environment = {**web.proxies(), "SSL_CERT_FILE": str(authority.pem)}
        results = crawl(
            STEPS,
            tmp_path_factory.mktemp("data"),
            environment=environment,
            USER_AGENT=AGENT,
            DOSSIER_ROBOTS_DEADLINE=1.0,
            DOWNLOAD_DELAY=0.05,
            AUTOTHROTTLE_ENABLED=True,
            AUTOTHROTTLE_START_DELAY=0.05,
        )
        yield web, results


@pytest.fixture
def web(played: tuple[Loopback, dict[str, Any]]) -> Loopback:
    return played[0]


@pytest.fixture
def results(played: tuple[Loopback, dict[str, Any]]) -> dict[str, Any]:
    return played[1]


Results = dict[str, Any]


def test_robots_txt_is_the_first_thing_that_a_host_is_asked(web: Loopback) -> None:
    first = {hit.host: hit.key for hit in reversed(web.log) if hit.method == "GET"}
    assert {key for key in first.values() if not key.endswith("/robots.txt")} == set()


def test_no_gap_is_shorter_than_the_crawl_delay_by_the_log_of_the_server(web: Loopback, results: Results) -> None:
    asked = [hit.key for hit in web.log if hit.host == "slow.example" and hit.method == "GET"]
    assert len([hit for hit in web.log if hit.key.endswith("/spelt")]) == 1, "and the host spelt in another way"
    assert asked.count("slow.example/busy") == 3, "retries are among them"
    assert asked.count("slow.example/shut") == 2, "and the one after a connection that was kept had been closed"
    assert {"slow.example/new", "slow.example/from-elsewhere", "slow.example/latest"} <= set(asked)
    assert any(hit.url == "https://slow.example/secure" for hit in web.log), "https is among them"
    assert min(web.gaps("slow.example")) >= DELAY - 0.005
    assert results["http://slow.example/latest"]["status"] == 200


def test_the_crawl_delay_counts_from_the_end_of_the_request_before(web: Loopback) -> None:
    hits = [hit for hit in web.log if hit.host == "slow.example" and hit.method == "GET"]
    long = next(number for number, hit in enumerate(hits) if hit.key.endswith("/long"))
    drip = 0.01 * len(html("x" * 30).body)
    assert hits[long + 1].time - hits[long].time >= DELAY + drip - 0.01


def test_a_host_without_a_crawl_delay_is_faster_but_keeps_its_floor(web: Loopback) -> None:
    gaps = web.gaps("brisk.example")
    assert len(gaps) == 6
    assert 6 * 0.05 - 0.02 <= sum(gaps) < 6 * DELAY


def test_a_robots_txt_that_moved_to_https_is_asked_once_and_holds_for_both(web: Loopback, results: Results) -> None:
    gets = [hit for hit in web.log if hit.host == "upgrade.example" and hit.method == "GET"]
    assert [hit.url for hit in gets[:2]] == ["http://upgrade.example/robots.txt", "https://upgrade.example/robots.txt"]
    assert sorted(hit.url for hit in gets[2:]) == ["http://upgrade.example/a", "https://upgrade.example/b"]
    times = [hit.time for hit in gets[1:]]
    assert min(later - earlier for earlier, later in pairwise(times)) >= DELAY - 0.005


@pytest.mark.parametrize(
    ("site", "why"),
    [
        ("trouble", "robots.txt could not be had: HTTP 500"),
        ("drip", "robots.txt could not be had: no whole answer within"),
        ("reset", "robots.txt could not be had"),
        ("inside", "robots.txt could not be had: 127.0.0.1 is not a public address"),
    ],
)
def test_a_host_whose_robots_txt_cannot_be_had_is_left_alone_this_run(
    site: str, why: str, web: Loopback, results: Results
) -> None:
    result = results[f"http://{site}.example/a"]
    assert result["by"] == "robots"
    assert result["reason"].startswith(why)
    assert result["until"], "it is asked again in a later run"
    assert not web.hits(f"{site}.example/a")


@pytest.mark.parametrize("site", ["missing", "forbidden", "circle"])
def test_a_robots_txt_that_is_not_there_forbids_nothing(site: str, results: Results) -> None:
    assert results[f"http://{site}.example/a"]["status"] == 200


def test_five_redirects_to_robots_txt_are_followed(web: Loopback, results: Results) -> None:
    assert web.hits("far.example/4")
    assert results["http://far.example/a"]["status"] == 200
    assert results["http://far.example/secret"]["reason"] == "robots.txt disallows it"


def test_a_crawl_delay_that_is_too_long_leaves_the_host_out_and_says_so(web: Loopback, results: Results) -> None:
    result = results["http://patient.example/a"]
    assert result["reason"] == "Crawl-delay 120 s is over 30 s"
    assert result["by"] == "robots"
    assert not web.hits("patient.example/a")


def test_robots_txt_itself_may_always_be_asked_for(results: Results) -> None:
    assert results["http://patient.example/robots.txt"]["status"] == 200
    assert results["http://slow.example/robots.txt"]["status"] == 200


def test_the_rules_for_our_own_name_hold(results: Results) -> None:
    assert results["http://named.example/a"]["status"] == 200
    assert results["http://named.example/x"]["by"] == "robots"


@pytest.mark.parametrize("site", ["big", "packed"])
def test_a_robots_txt_is_cut_at_500_kib_and_what_was_read_holds(site: str, results: Results) -> None:
    assert results[f"http://{site}.example/early"]["by"] == "robots"
    if site == "big":
        assert results["http://big.example/late"]["status"] == 200


def test_every_request_says_who_we_are(web: Loopback) -> None:
    assert {hit.headers.get("user-agent") for hit in web.log if hit.method == "GET"} == {AGENT}


def test_nothing_is_logged_that_is_no_fault_of_ours(results: Results) -> None:
    assert results["log"] == ""
