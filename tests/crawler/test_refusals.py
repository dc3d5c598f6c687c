"""Servers that say "not now": in seconds, in dates, in nonsense, again and again; and the run after."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from archive.store import Archive
from tests.crawling import crawl
from tests.loopback import Hit, Loopback, Reply, html

Results = dict[str, Any]


def refused(status: int, value: str | None) -> Reply:
    return Reply(status=status, headers=(("Retry-After", value),) if value is not None else ())


def at_a_date(hit: Hit) -> Reply:
    """Refuse once, until about a second from now."""
    if not at_a_date.until:
        at_a_date.until = time.time() + 2
        return refused(503, formatdate(at_a_date.until, usegmt=True))
    return html("open")


at_a_date.until = 0.0  # type: ignore[attr-defined]  # a function that remembers

SITES: dict[str, Any] = {
    "seconds": [refused(429, "1"), html("open")],
    "date": at_a_date,
    "hour": refused(429, "3600"),
    "far": refused(503, "Fri, 31 Dec 9999 23:59:59 GMT"),
    "huge": refused(429, "9" * 40),
    "again": refused(429, "0"),
    "mute": refused(503, None),
    "other": html("open"),
}
FEW = [{"name": f"{site} {number}", "url": f"http://{site}.example/{number}"} for site in SITES for number in range(3)]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loopback, Results, Results, Path]]:
    data = tmp_path_factory.mktemp("data")
    with Loopback() as web:
        for site, reaction in SITES.items():
            web[f"{site}.example/robots.txt"] = Reply(status=404)
            web[f"{site}.example"] = reaction
        web["closed.example/robots.txt"] = refused(429, "7200")
        web["mum.example/robots.txt"] = html("late", wait=30)
        web["stuck.example/robots.txt"] = Reply(status=404)
        web["stuck.example"] = html("late", wait=30)
        web["bare.example"] = refused(429, None)
        web["bare.example/robots.txt"] = Reply(status=404)
        steps = [
            *FEW,
            {"name": "closed", "url": "http://closed.example/a"},
            *({"name": site, "url": f"http://{site}.example/a"} for site in ("bare", "stuck", "mum")),
            {"sleep": 2.6},
            {"name": "hour later", "url": "http://hour.example/later"},
            {"hurry": True},
        ]
        first = crawl(steps, data, environment=web.proxies())
        web.log.clear()
        second = crawl([*FEW[6:9], *FEW[-3:]], data, environment=web.proxies())
        yield web, first, second, data


@pytest.fixture
def first(played: tuple[Loopback, Results, Results, Path]) -> Results:
    return played[1]


def days(result: Results) -> float:
    return (datetime.fromisoformat(result["until"]) - datetime.now(UTC)) / timedelta(days=1)


@pytest.mark.parametrize("site", ["seconds", "date"])
def test_a_short_wait_is_waited_out_and_everything_comes(site: str, first: Results) -> None:
    assert [first[f"{site} {number}"].get("status") for number in range(3)] == [200, 200, 200]


def test_a_host_that_asks_for_long_rests_with_all_that_waits_for_it(first: Results) -> None:
    for name in ("hour 0", "hour 1", "hour 2", "hour later"):
        assert first[name]["by"] == "retry-after"
        assert 0.03 < days(first[name]) < 0.05
        assert first[name]["reason"].startswith("HTTP 429, asked to stay away until ")


@pytest.mark.parametrize("site", ["far", "huge"])
def test_no_host_rests_for_longer_than_a_week(site: str, first: Results) -> None:
    assert 6.9 < days(first[f"{site} 0"]) <= 7


def test_a_host_that_refuses_again_and_again_rests_however_short_its_waits(first: Results) -> None:
    assert {first[f"again {number}"]["by"] for number in range(3)} == {"retry-after"}
    assert days(first["again 0"]) * 24 * 60 > 2


def test_a_refusal_of_robots_txt_lets_the_whole_host_rest(first: Results) -> None:
    assert first["closed"]["by"] == "retry-after"
    assert 0.08 < days(first["closed"]) < 0.09


def test_a_503_without_a_wait_is_a_server_in_trouble(first: Results) -> None:
    assert {first[f"mute {number}"]["status"] for number in range(3)} == {503}


def test_a_429_without_a_wait_holds_the_host(first: Results) -> None:
    assert first["stats"]["dossier/held"] >= 3
    assert "status" not in first["bare"]


@pytest.mark.parametrize(
    "name", ["bare", "stuck", "mum"], ids=["waits its turn", "is under way", "waits for robots.txt"]
)
def test_a_run_in_a_hurry_gives_up_what(name: str, first: Results) -> None:
    assert first[name]["error"] == "Hurried"


def test_the_run_goes_on_with_the_other_hosts(first: Results) -> None:
    assert {first[f"other {number}"]["status"] for number in range(3)} == {200}


def test_the_figures_say_what_happened(first: Results) -> None:
    assert first["stats"]["dossier/resting"] == 5
    assert first["stats"]["dossier/refused/retry-after"] >= 4 + 3 + 3 + 3 + 1


def test_the_archive_remembers_who_rests(played: tuple[Loopback, Results, Results, Path]) -> None:
    archive = Archive.open(played[3])
    assert set(archive.hosts.resting("2000-01-01T00:00:00Z")) == {
        f"{site}.example" for site in ("hour", "far", "huge", "again", "closed")
    }
    archive.close()


def test_the_next_run_does_not_ask_a_host_that_rests(played: tuple[Loopback, Results, Results, Path]) -> None:
    web, _, second, _ = played
    assert second["hour 0"]["by"] == "retry-after"
    assert second["other 0"]["status"] == 200
    assert {hit.host for hit in web.log} == {"other.example"}
