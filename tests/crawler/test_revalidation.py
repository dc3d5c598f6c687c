"""Conditional requests: three crawls over one archive, and what the server was asked each time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from archive.rows import ValidatorRow
from archive.store import Archive
from crawler.middlewares.revalidation import POLLS, RevalidationMiddleware, asked
from tests.crawling import crawl
from tests.loopback import Hit, Loopback, Reply, html, moved

Results = dict[str, Any]
TAG, DATE = '"v1"', "Wed, 01 May 2024 12:00:45 GMT"


def tagged(hit: Hit) -> Reply:
    """A page with both validators, that answers 304 to either."""
    headers = (("Content-Type", "text/html"), ("ETag", TAG), ("Last-Modified", DATE))
    if hit.headers.get("if-none-match") == TAG or hit.headers.get("if-modified-since") == DATE:
        return Reply(status=304, headers=headers)
    return Reply(body=b"<title>t</title>", headers=headers)


def script(web: Loopback) -> None:
    for host in ("a.example", "b.example"):
        web[f"{host}/robots.txt"] = Reply(status=404)
    for name in ("feed", "article", "forced", "unremembered", "new", "target"):
        web[f"a.example/{name}"] = tagged
    web["b.example/moved"] = moved("http://a.example/target?utm_source=b", 301, ("ETag", '"of the redirect"'))
    web["a.example/target?utm_source=b"] = tagged
    web["a.example/silent"] = html("no validators")
    web["a.example/liar"] = Reply(status=304)
    web["a.example/hostile"] = Reply(
        body=b"x", headers=(("ETag", "x" * 5000), ("Last-Modified", "caf\xe9"), ("Content-Type", "text/html"))
    )
    web["a.example/plain"] = tagged


def steps(known: bool) -> list[dict[str, Any]]:
    article = {"kind": "article", "known": known, "remember": True}
    site = "http://a.example"
    return [
        {"name": "feed", "url": f"{site}/feed", "kind": "ask", "remember": True},
        {"name": "article", "url": f"{site}/article", **article},
        {"name": "forced", "url": f"{site}/forced", **article, "meta": {"dossier_unconditional": True}},
        {"name": "unremembered", "url": f"{site}/unremembered", **article, "remember": False},
        {"name": "new", "url": f"{site}/new", **article, "known": False},
        {"name": "moved", "url": "http://b.example/moved", **article},
        {"name": "silent", "url": f"{site}/silent", **article},
        {"name": "liar", "url": f"{site}/liar", **article},
        {"name": "hostile", "url": f"{site}/hostile", **article},
        {"name": "plain", "url": f"{site}/plain"},
    ]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[list[Hit], list[Hit], Results, Results, Path]]:
    data = tmp_path_factory.mktemp("data")
    with Loopback() as web:
        script(web)
        first = crawl(steps(False), data, environment=web.proxies())
        hits = list(web.log)
        web.log.clear()
        second = crawl(steps(True), data, environment=web.proxies())
        yield hits, list(web.log), first, second, data


@pytest.fixture
def first(played: tuple[list[Hit], list[Hit], Results, Results, Path]) -> Results:
    return played[2]


@pytest.fixture
def second(played: tuple[list[Hit], list[Hit], Results, Results, Path]) -> Results:
    return played[3]


def conditional(hits: list[Hit]) -> set[str]:
    return {hit.key for hit in hits if "if-none-match" in hit.headers or "if-modified-since" in hit.headers}


def test_the_first_crawl_asks_nothing_conditionally(played: Any, first: Results) -> None:
    assert conditional(played[0]) == set()
    assert first["article"]["validator"] == ["http://a.example/article", TAG, DATE, 0]


def test_the_second_crawl_asks_what_it_knows_conditionally_and_nothing_else(played: Any) -> None:
    assert conditional(played[1]) == {"a.example/feed", "a.example/article", "a.example/target?utm_source=b"}


def test_both_validators_are_sent_as_they_came(played: Any) -> None:
    (hit,) = (hit for hit in played[1] if hit.key == "a.example/article")
    assert hit.headers["if-none-match"] == TAG
    assert hit.headers["if-modified-since"] == DATE


@pytest.mark.parametrize("name", ["feed", "article", "moved"])
def test_not_modified_counts_one_more_poll(name: str, second: Results) -> None:
    assert second[name]["status"] == 304
    assert second[name]["validator"][3] == 1


def test_the_validators_of_a_redirected_page_belong_to_the_url_that_answered(first: Results, second: Results) -> None:
    assert first["moved"]["validator"][0] == second["moved"]["validator"][0] == "http://a.example/target"


def test_an_article_that_was_never_stored_is_never_asked_conditionally(second: Results) -> None:
    assert second["unremembered"]["status"] == 200
    assert second["new"]["status"] == 200


def test_a_forced_request_is_unconditional(second: Results) -> None:
    assert second["forced"]["status"] == 200
    assert second["forced"]["validator"][3] == 0


def test_a_304_that_nobody_asked_for_is_a_fault(first: Results, second: Results) -> None:
    for results in (first, second):
        assert results["liar"]["error"] == "BadAnswer"
        assert results["liar"]["reason"] == "HTTP 304, although it was asked unconditionally"


def test_validators_that_cannot_be_sent_back_are_none(first: Results) -> None:
    assert first["hostile"]["validator"] is None
    assert first["silent"]["validator"] is None


def test_a_request_of_nobody_leaves_nothing_to_remember(first: Results) -> None:
    assert first["plain"]["validator"] is None


def test_every_tenth_poll_is_unconditional(tmp_path: Path) -> None:
    from crawler.channels.ask import Ask
    from pipelines.topic import Source

    url = "http://a.example/feed"
    archive = Archive.open(tmp_path)
    middleware = RevalidationMiddleware(archive)
    sent = []
    for _ in range(2 * (POLLS + 1) + 1):
        ask = Ask(url=url, source=Source(channel="feeds", url=url), kind="feed")
        request = Request(url, meta={"dossier_ask": ask})
        middleware.process_request(request)
        sent.append("If-None-Match" in request.headers)
        status = 304 if sent[-1] else 200
        middleware.process_response(request, Response(url, status=status, headers={"ETag": TAG}))
        archive.validators.put(request.meta["dossier_validator"])
    archive.close()
    assert sent == [False, *([True] * POLLS + [False]) * 2]


def test_a_full_answer_without_validators_forgets_the_old_ones(tmp_path: Path) -> None:
    from crawler.channels.ask import Ask
    from pipelines.topic import Source

    url = "http://a.example/feed"
    archive = Archive.open(tmp_path)
    archive.validators.put(ValidatorRow(url=url, etag=TAG, last_modified=None, body_hash="x", polls=0))
    request = Request(url, meta={"dossier_ask": Ask(url=url, source=Source(channel="feeds", url=url), kind="feed")})
    middleware = RevalidationMiddleware(archive)
    middleware.process_request(request)
    middleware.process_response(request, Response(url, status=200))
    archive.close()
    assert request.meta["dossier_validator"].etag is None


def test_only_sources_and_articles_have_validators() -> None:
    assert asked(Request("http://a.example/")) == ""
