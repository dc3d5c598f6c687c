"""Redirects, refreshes and the cookies on the way: one crawl through many chains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.authority import Authority
from tests.crawling import crawl
from tests.loopback import Hit, Loopback, Reply, html, moved, plain

Results = dict[str, Any]


def refreshing(content: str, *, before: str = "", charset: str = "utf-8") -> Reply:
    page = f'<!doctype html><head>{before}<meta http-equiv="Refresh" content="{content}"><title>t</title></head>'
    return Reply(body=page.encode(charset), headers=(("Content-Type", f"text/html; charset={charset}"),))


def walled(hit: Hit) -> Reply:
    """A page that leads in circles until its cookie comes back."""
    if "pass=yes" in hit.headers.get("cookie", ""):
        return html("inside")
    return moved("http://gate.wall.example/check", 302, ("Set-Cookie", "wanted=1"))


def gate(hit: Hit) -> Reply:
    return moved("http://www.wall.example/", 302, ("Set-Cookie", "pass=yes; Domain=wall.example; Path=/"))


def flood(hit: Hit) -> Reply:
    many = tuple(("Set-Cookie", f"c{number}={'x' * 100}") for number in range(200))
    return moved("/flooded", 302, *many, ("Set-Cookie", f"big={'x' * 5000}"))


def script(web: Loopback) -> None:
    for host in ("a.example", "b.example", "www.wall.example", "gate.wall.example", "thief.example", "flood.example"):
        web[f"{host}/robots.txt"] = Reply(status=404)
    web["a.example"] = html("target")
    for number in range(7):
        web[f"a.example/chain{number}"] = moved(f"/chain{number + 1}", (301, 302, 303, 307, 308)[number % 5])
    web["a.example/three"] = moved("/chain4")
    web["a.example/circle"] = moved("/circle")
    web["a.example/down"] = moved("http://b.example/plain")
    web["a.example/nowhere"] = Reply(status=302)
    web["a.example/mail"] = moved("mailto:me@a.example")
    web["a.example/broken"] = moved("http://[bad/")
    web["a.example/long"] = moved("/" + "x" * 3000)
    for name, target in INSIDE.items():
        web[f"a.example/{name}"] = moved(target)
        web[f"a.example/refresh-{name}"] = refreshing(f"0; url={target}")
    web["b.example"] = html("elsewhere")
    web["b.example/robots.txt"] = plain("User-agent: *\nDisallow: /closed\n")
    web["a.example/to-closed"] = moved("http://b.example/closed")
    web["a.example/refresh"] = refreshing("0; url=http://b.example/refreshed")
    web["a.example/refresh5"] = refreshing("5;URL='/refreshed5'")
    web["a.example/refresh6"] = refreshing("6; url=/refreshed6")
    web["a.example/refresh-self"] = refreshing("0; url=/refresh-self")
    web["a.example/refresh-circle"] = refreshing("0; url=/refresh-circle2")
    web["a.example/refresh-circle2"] = refreshing("0; url=/refresh-circle")
    web["a.example/refresh-late"] = refreshing("0; url=/refreshed-late", before="<!--" + "x" * 5000 + "-->")
    web["a.example/refresh-gone"] = replace(refreshing("0; url=/"), status=404)
    web["a.example/refresh-hidden"] = Reply(
        body=b'<noscript><meta http-equiv="refresh" content="0; url=/hidden"></noscript><!--<meta http-equiv=refresh '
        b'content="0; url=/hidden">--><title>t</title>'
    )
    web["www.wall.example"] = walled
    web["gate.wall.example"] = gate
    web["thief.example/set"] = moved("http://a.example/cookies", 302, ("Set-Cookie", "id=7; Domain=example"))
    web["thief.example"] = html("read")
    web["flood.example"] = flood
    web["flood.example/flooded"] = html("dry")


INSIDE = {"loopback": "http://127.0.0.1/", "decimal": "//2130706433/x", "metadata": "http://169.254.169.254/latest",
          "port": "http://b.example:8080/", "user": "http://me:pw@b.example/", "name": "http://localhost/",
          "six": "http://[::ffff:127.0.0.1]/"}  # fmt: skip
NAMES = ("chain1", "chain2", "three", "circle", "nowhere", "mail", "broken", "long", "to-closed", "refresh", "refresh5",
         "refresh6", "refresh-self", "refresh-circle", "refresh-late", "refresh-hidden",
         "refresh-gone")  # fmt: skip


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Loopback, Results]]:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with Loopback(authority.context) as web:
        script(web)
        conditional = {"If-None-Match": '"mine"', "If-Modified-Since": "Wed, 01 May 2024 12:00:45 GMT"}
        steps = [
            *({"name": name, "url": f"http://a.example/{name}"} for name in (*NAMES, *INSIDE)),
            *({"name": f"refresh-{name}", "url": f"http://a.example/refresh-{name}"} for name in INSIDE),
            {"name": "file", "url": "file:///etc/hostname"},
            {"name": "down", "url": "https://a.example/down"},
            {"name": "stripped", "url": "http://a.example/chain4", "kind": "article", "headers": conditional},
            {
                "name": "wall",
                "url": "http://www.wall.example/",
                "then": [{"name": "wall 2", "url": "http://www.wall.example/"}],
            },
            {
                "name": "thief",
                "url": "http://thief.example/set",
                "then": [{"name": "thief 2", "url": "http://thief.example/b"}],
            },
            {"name": "flood", "url": "http://flood.example/"},
        ]
        environment = {**web.proxies(), "SSL_CERT_FILE": str(authority.pem)}
        yield web, crawl(steps, tmp_path_factory.mktemp("data"), environment=environment)


@pytest.fixture
def web(played: tuple[Loopback, Results]) -> Loopback:
    return played[0]


@pytest.fixture
def results(played: tuple[Loopback, Results]) -> Results:
    return played[1]


def test_five_redirects_are_followed_and_a_sixth_is_not(web: Loopback, results: Results) -> None:
    assert results["chain2"]["url"] == "http://a.example/chain7"
    assert len(results["chain2"]["redirects"]) == 5
    assert results["chain1"]["reason"] == "more than 5 redirects"
    assert results["chain1"]["by"] == "redirects"


def test_every_kind_of_redirect_leads_on(results: Results) -> None:
    assert results["three"]["redirects"] == [
        f"http://a.example/{name}" for name in ("three", "chain4", "chain5", "chain6")
    ]
    assert results["three"]["url"] == "http://a.example/chain7"


def test_a_circle_ends(web: Loopback, results: Results) -> None:
    assert results["circle"]["by"] == results["refresh-circle"]["by"] == "redirects"
    assert len(web.hits("a.example/circle")) == 6


@pytest.mark.parametrize("name", INSIDE)
@pytest.mark.parametrize("kind", ["", "refresh-"], ids=["redirect", "refresh"])
def test_no_hop_leads_inside(kind: str, name: str, web: Loopback, results: Results) -> None:
    assert results[f"{kind}{name}"]["by"] == "guard"
    assert not [hit for hit in web.log if "127.0.0.1" in hit.url or "8080" in hit.url or "169.254" in hit.url]


def test_a_redirect_to_what_is_no_page_ends_there(results: Results) -> None:
    assert results["nowhere"]["status"] == 302
    assert results["mail"]["by"] == "redirects"
    assert results["broken"]["by"] in ("redirects", "guard")
    assert results["long"]["reason"].startswith("a URL of 30")


def test_an_error_page_that_refreshes_is_still_an_error(results: Results) -> None:
    assert results["refresh-gone"]["status"] == 404


def test_no_file_is_read(results: Results) -> None:
    assert results["file"]["by"] == "guard"


def test_robots_txt_of_the_host_that_a_redirect_leads_to_holds(web: Loopback, results: Results) -> None:
    assert results["to-closed"]["reason"] == "robots.txt disallows it"
    assert not web.hits("b.example/closed")


def test_a_redirect_from_https_to_http_is_followed_and_noted(results: Results) -> None:
    assert results["down"]["url"] == "http://b.example/plain"
    assert results["stats"]["dossier/downgraded"] == 1


def test_validators_do_not_travel(web: Loopback) -> None:
    hits = [hit for hit in web.log if hit.headers.get("if-none-match") or hit.headers.get("if-modified-since")]
    assert hits == []


@pytest.mark.parametrize(
    ("name", "target"), [("refresh", "http://b.example/refreshed"), ("refresh5", "http://a.example/refreshed5")]
)
def test_a_refresh_that_comes_at_once_is_followed(name: str, target: str, results: Results) -> None:
    assert results[name]["url"] == target


@pytest.mark.parametrize("name", ["refresh6", "refresh-self", "refresh-late", "refresh-hidden"])
def test_a_page_that_is_meant_to_be_read_stays(name: str, results: Results) -> None:
    assert results[name]["url"] == f"http://a.example/{name}"
    assert results[name]["status"] == 200


def test_a_site_that_leads_in_circles_until_its_cookie_comes_back_is_read(web: Loopback, results: Results) -> None:
    assert results["wall"]["status"] == 200
    assert results["wall"]["url"] == "http://www.wall.example/"
    cookies = [hit.headers.get("cookie", "") for hit in web.hits("www.wall.example/")]
    assert cookies[0] == ""
    assert sorted(cookies[1].split("; ")) == ["pass=yes", "wanted=1"]


def test_a_cookie_ends_with_its_chain(web: Loopback, results: Results) -> None:
    assert results["wall 2"]["status"] == 200
    assert web.hits("www.wall.example/")[2].headers.get("cookie", "") == ""
    assert web.hits("thief.example/b")[0].headers.get("cookie", "") == ""


def test_no_cookie_goes_to_another_outlet(web: Loopback) -> None:
    assert "cookie" not in web.hits("a.example/cookies")[0].headers


def test_a_flood_of_cookies_is_not_carried(web: Loopback) -> None:
    sent = web.hits("flood.example/flooded")[0].headers.get("cookie", "")
    assert sent.count("=") <= 50
    assert "big=" not in sent


def test_no_page_is_told_where_we_came_from(web: Loopback) -> None:
    assert not [hit for hit in web.log if "referer" in hit.headers]


def test_the_log_is_quiet(results: Results) -> None:
    assert results["log"] == ""
