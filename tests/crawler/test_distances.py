"""The distance that a service keeps of its own, and its last word: the server's log is the proof."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.crawling import crawl
from tests.loopback import Loopback, Reply, html, plain

GAP = 0.4
SLACK = 0.01  # between our clock and the server's


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loopback, dict[str, Any]]]:
    """One crawl of all sites."""
    with Loopback() as web:
        web["service.example"] = html("answer", wait=0.1)
        web["service.example/robots.txt"] = plain("User-agent: *\nAllow: /\n", wait=0.1)
        web["mixed.example"] = html("answer")
        web["firm.example/cdx"] = Reply(status=429)
        web["firm.example"] = html("answer")
        web["mild.example/api"] = [Reply(status=429, headers=(("Retry-After", "0"),)), html("answer")]
        steps = [{"url": f"http://service.example/{number}", "meta": {"dossier_gap": GAP}} for number in range(4)]
        steps += [{"url": f"http://mixed.example/page{number}"} for number in range(3)]
        steps += [{"url": f"http://mixed.example/api{number}", "meta": {"dossier_gap": GAP}} for number in range(2)]
        last = {"url": "http://firm.example/page", "name": "after"}
        steps += [{"url": "http://firm.example/cdx", "meta": {"dossier_last_word": True}, "then": [last]}]
        steps += [{"url": "http://mild.example/api"}]
        web["weak.example"] = html("answer")
        web["weak.example/robots.txt"] = [Reply(status=503), plain("User-agent: *\nAllow: /\n")]
        web["strict.example/robots.txt"] = Reply(status=429)
        steps += [{"url": "http://weak.example/api", "meta": {"dossier_gap": GAP}}]
        steps += [{"url": "http://strict.example/cdx", "meta": {"dossier_gap": GAP, "dossier_last_word": True}}]
        yield web, crawl(steps, tmp_path_factory.mktemp("data"), environment=web.proxies())


def test_a_distance_is_kept_from_the_end_of_whatever_came_before(run: tuple[Loopback, dict[str, Any]]) -> None:
    web, _ = run
    times = [hit.time for hit in web.log if hit.host == "service.example"]
    assert len(times) == 5  # robots.txt and four questions
    assert all(gap >= 0.1 + GAP - SLACK for gap in web.gaps("service.example"))


def test_other_requests_of_the_host_need_not_keep_it(run: tuple[Loopback, dict[str, Any]]) -> None:
    web, _ = run
    pages = [hit.time for hit in web.log if hit.key.startswith("mixed.example/page")]
    assert len(pages) == 3
    assert pages[-1] - pages[0] < GAP
    before = [hit.time for hit in web.log if hit.host == "mixed.example"]
    for hit in web.log:
        if hit.key.startswith("mixed.example/api"):
            earlier = [time for time in before if time < hit.time]
            assert hit.time - max(earlier) >= GAP - SLACK


def test_a_last_word_is_heard_at_once_and_for_an_hour(run: tuple[Loopback, dict[str, Any]]) -> None:
    web, results = run
    refused = results["http://firm.example/cdx"]
    assert (refused["error"], refused["by"]) == ("FetchRefused", "retry-after")
    assert datetime.fromisoformat(refused["until"]) > datetime.now(UTC) + timedelta(minutes=50)
    assert results["after"]["by"] == "retry-after"
    assert [hit.key for hit in web.log if hit.host == "firm.example"] == ["firm.example/robots.txt", "firm.example/cdx"]


def test_any_other_refusal_is_waited_out(run: tuple[Loopback, dict[str, Any]]) -> None:
    web, results = run
    assert results["http://mild.example/api"]["status"] == 200
    assert len(web.hits("mild.example/api")) == 2


def test_the_rest_is_remembered(run: tuple[Loopback, dict[str, Any]], tmp_path: Path) -> None:
    web, _ = run
    data = tmp_path / "data"
    step = {"url": "http://firm.example/cdx", "meta": {"dossier_last_word": True}}
    crawl([step], data, environment=web.proxies())
    asked = len(web.hits("firm.example/cdx"))
    again = crawl([step], data, environment=web.proxies())
    assert again["http://firm.example/cdx"]["by"] == "retry-after"
    assert len(web.hits("firm.example/cdx")) == asked


def test_robots_txt_and_its_retries_keep_the_distance_too(run: tuple[Loopback, dict[str, Any]]) -> None:
    web, results = run
    assert results["http://weak.example/api"]["status"] == 200
    assert len(web.hits("weak.example")) == 3
    assert all(gap >= GAP - SLACK for gap in web.gaps("weak.example"))


def test_a_last_word_is_heard_at_robots_txt_already(run: tuple[Loopback, dict[str, Any]]) -> None:
    web, results = run
    assert results["http://strict.example/cdx"]["by"] == "retry-after"
    assert [hit.key for hit in web.log if hit.host == "strict.example"] == ["strict.example/robots.txt"]
