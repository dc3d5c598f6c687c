"""One crawl with little room: what waits for its turn must not take it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.crawling import crawl
from tests.loopback import Loopback, html, plain

ROOM = 2


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loopback, dict[str, Any]]]:
    with Loopback() as web:
        web["slow.example/robots.txt"] = plain("User-agent: *\nCrawl-delay: 0.2\n")
        web["slow.example"] = html("slow")
        for number in range(6):
            web[f"quick{number}.example"] = html("quick", wait=0.03)
        steps = [
            *({"url": f"http://slow.example/{number}"} for number in range(6)),
            {"sleep": 0.3},
            *({"url": f"http://quick{site}.example/{number}"} for number in range(4) for site in range(6)),
        ]
        data = tmp_path_factory.mktemp("data")
        results = crawl(steps, data, environment=web.proxies(), CONCURRENT_REQUESTS=ROOM, DOWNLOAD_DELAY_JITTER=0.5)
        yield web, results


def test_no_more_than_so_many_requests_are_under_way(played: tuple[Loopback, dict[str, Any]]) -> None:
    assert played[0].most_open == ROOM


def test_a_slow_host_keeps_nobody_waiting(played: tuple[Loopback, dict[str, Any]]) -> None:
    order = [hit.host for hit in played[0].log]
    last_quick = max(number for number, host in enumerate(order) if host != "slow.example")
    assert order[last_quick:].count("slow.example") >= 2, "six slow pages were asked for before the first quick one"


def test_everything_comes_in_the_end(played: tuple[Loopback, dict[str, Any]]) -> None:
    web, results = played
    assert {result["status"] for key, result in results.items() if key.startswith("http")} == {200}
    assert min(web.gaps("slow.example")) >= 0.2 - 0.005
