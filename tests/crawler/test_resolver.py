"""Names that lead inside, and the proxy that may: crawls in which the system's resolver says what a test wants."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.crawling import crawl
from tests.loopback import Loopback, Reply, html

Results = dict[str, Any]
NAMES = {
    "rebound.news.com": ["127.0.0.1"],
    "mixed.news.com": ["192.0.2.7", "8.8.8.8"],
    "six.news.com": ["::1"],
    "mapped.news.com": ["::ffff:127.0.0.1"],
    "own.news.com": ["127.0.0.1"],
    "proxy.news.com": ["127.0.0.1"],
}


@pytest.fixture(scope="module")
def direct(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loopback, Results]]:
    """A crawl without a proxy: names are looked up, and judged by what they lead to."""
    with Loopback() as web:
        for host in ("own.news.com", "localhost"):
            web[f"{host}:{web.port}/robots.txt"] = Reply(status=404)
            web[f"{host}:{web.port}/"] = html("mine")
        names = ("rebound", "mixed", "six", "mapped", "own")
        steps = [
            *({"name": name, "url": f"http://{name}.news.com:{web.port}/"} for name in names),
            {"name": "localhost", "url": f"http://localhost:{web.port}/"},
            {"name": "localhost, another port", "url": "http://localhost/"},
            {"name": "own, another port", "url": "http://own.news.com/"},
            {"name": "gone", "url": f"http://gone.invalid.news.com:{web.port}/"},
        ]
        allowed = [f"own.news.com:{web.port}", f"localhost:{web.port}"]
        yield (
            web,
            crawl(
                steps,
                tmp_path_factory.mktemp("data"),
                names={**NAMES, "gone.invalid.news.com": []},
                DOSSIER_ALLOW_PRIVATE=allowed,
                DOSSIER_PORTS=[80, 443, web.port],
            ),
        )


@pytest.mark.parametrize("name", ["rebound", "mixed", "six", "mapped"])
def test_a_name_that_leads_inside_is_not_connected_to(name: str, direct: tuple[Loopback, Results]) -> None:
    web, results = direct
    assert results[name]["by"] == "guard"
    assert results[name]["reason"].startswith(f"{name}.news.com leads to")
    assert not web.hits(f"{name}.news.com")


@pytest.mark.parametrize("name", ["own", "localhost"])
def test_a_host_that_the_user_vouches_for_is_connected_to(name: str, direct: tuple[Loopback, Results]) -> None:
    assert direct[1][name]["status"] == 200


def test_a_port_that_the_user_did_not_vouch_for_is_not(direct: tuple[Loopback, Results]) -> None:
    assert direct[1]["localhost, another port"]["by"] == "guard"
    assert direct[1]["own, another port"]["reason"] == "own.news.com leads to 127.0.0.1, which is not a public address"


def test_a_name_that_leads_nowhere_fails(direct: tuple[Loopback, Results]) -> None:
    assert "could not be had" in direct[1]["gone"]["reason"]


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loopback, Results]]:
    """A crawl through a proxy with a name, a user and a password; one site is asked directly."""
    with Loopback() as web:
        for host in ("far.news.com", f"own.news.com:{web.port}"):
            web[f"{host}/robots.txt"] = Reply(status=404)
            web[f"{host}/"] = html("read")
        steps = [
            {"name": "far", "url": "http://far.news.com/"},
            {"name": "own", "url": f"http://own.news.com:{web.port}/"},
            {"name": "rebound", "url": f"http://rebound.news.com:{web.port}/"},
            {"name": "proxy", "url": f"http://proxy.news.com:{web.port}/"},
            {"name": "https proxy", "url": "https://proxy.news.com/"},
            {"name": "literal", "url": "http://127.0.0.1/"},
            {"name": "secure", "url": "https://far.news.com/"},
        ]
        proxy = f"http://reader:s%20cret@proxy.news.com:{web.port}"
        yield (
            web,
            crawl(
                steps,
                tmp_path_factory.mktemp("data"),
                names=NAMES,
                environment={"http_proxy": proxy, "https_proxy": proxy, "no_proxy": "own.news.com,rebound.news.com"},
                DOSSIER_ALLOW_PRIVATE=[f"own.news.com:{web.port}"],
                DOSSIER_PORTS=[80, 443, web.port],
            ),
        )


def test_the_proxy_may_be_inside_and_resolves_names_itself(proxied: tuple[Loopback, Results]) -> None:
    web, results = proxied
    assert results["far"]["status"] == 200, "although nobody here knows its address"
    assert web.hits("far.news.com/")[0].url == "http://far.news.com/"


def test_the_proxy_gets_the_password_and_nobody_else(proxied: tuple[Loopback, Results]) -> None:
    web, _ = proxied
    basic = "Basic cmVhZGVyOnMgY3JldA=="
    assert {hit.headers.get("proxy-authorization") for hit in web.hits("far.news.com")} == {basic}
    assert {hit.headers.get("proxy-authorization") for hit in web.log if hit.method == "CONNECT"} == {basic}
    assert {hit.headers.get("proxy-authorization") for hit in web.hits("own.news.com")} == {None}


def test_what_bypasses_the_proxy_is_judged_by_its_address(proxied: tuple[Loopback, Results]) -> None:
    web, results = proxied
    assert results["own"]["status"] == 200
    assert results["rebound"]["by"] == "guard"
    assert "leads to 127.0.0.1" in results["rebound"]["reason"]
    assert not web.hits("rebound.news.com")


@pytest.mark.parametrize("name", ["proxy", "https proxy", "literal"])
def test_no_page_leads_to_the_proxy_itself(name: str, proxied: tuple[Loopback, Results]) -> None:
    assert proxied[1][name]["by"] == "guard"
