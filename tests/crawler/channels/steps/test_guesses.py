"""The usual places of feeds and sitemaps: in turn, until one answers well, and not again within the month."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer, Ask
from crawler.channels.feeds import USUAL as FEEDS
from crawler.channels.past import Past, Question
from crawler.channels.sitemaps import USUAL as SITEMAPS
from crawler.channels.steps.guesses import NOT_THERE, is_front
from pipelines.items import Page
from pipelines.topic import Source, Topic
from tests.crawler.channels.conftest import NOW

SITE = "https://daily.example/"
FEED = b"<rss><channel><item><title>Envoys meet</title><link>/a</link></item></channel></rss>"
SITEMAP = b"<urlset><url><loc>https://daily.example/a</loc></url></urlset>"
PLAIN_PAGE = b"<html><title>Daily</title></html>"
Web = Callable[[str], tuple[int, bytes]]


def walk(channel: str, web: Web, past: Past | None = None, source: str = SITE) -> dict[str, Answer]:
    """Every URL that a run asks of a source, in order, with what the channel made of the answer."""
    topic = Topic(name="talks", sources=(Source(channel=channel, url=source),))
    waiting: list[Ask] = list(CHANNELS[channel].asks(topic, NOW, past or Past()))
    answers: dict[str, Answer] = {}
    while waiting:
        ask = waiting.pop(0)
        status, body = web(ask.url)
        page = Page(url=ask.url, status=status, headers=(), body=body, fetched=NOW)
        answers[ask.url] = CHANNELS[channel].read(ask, page, topic, NOW)
        waiting += answers[ask.url].asks
        assert len(answers) < 100
    return answers


def site(where: str, body: bytes, front: bytes = b"", otherwise: int = 404) -> Web:
    """A site with its document in one place; its front page and robots.txt say nothing of it."""
    pages = {SITE: (200, front or PLAIN_PAGE), f"{SITE}robots.txt": (200, b"User-agent: *\n")}
    return lambda url: pages.get(url) or ((200, body) if url == where else (otherwise, b"none"))


CASES = {"feeds": (FEEDS, FEED, SITE), "sitemaps": (SITEMAPS, SITEMAP, f"{SITE}robots.txt")}


@pytest.mark.parametrize(
    ("channel", "place"),
    [(channel, place) for channel, (usual, *_) in CASES.items() for place in range(len(usual.paths))],
)
def test_the_usual_places_are_asked_in_turn_until_one_answers_well(channel: str, place: int) -> None:
    usual, body, first = CASES[channel]
    urls = [SITE.rstrip("/") + path for path in usual.paths]
    answers = walk(channel, site(urls[place], body))
    assert list(answers) == [first, *urls[: place + 1]]
    assert [candidate.url for candidate in answers[urls[place]].candidates] == [f"{SITE}a"]
    assert answers[first].reason.endswith("asking the usual places")


@pytest.mark.parametrize("channel", CASES)
def test_where_there_is_nothing_each_place_is_asked_once_and_that_is_no_failure(channel: str) -> None:
    usual, _, first = CASES[channel]
    answers = walk(channel, site("", b""))
    assert len(answers) == 1 + len(usual.paths)
    del answers[first]
    assert {(answer.status, answer.resume) for answer in answers.values()} == {("complete", NOT_THERE)}
    assert {answer.reason for answer in answers.values()} == {f"no {usual.what} at this usual place (HTTP 404)"}


@pytest.mark.parametrize("channel", CASES)
@pytest.mark.parametrize(
    ("status", "goes_on"), [(200, True), (403, True), (401, False), (429, False), (451, False), (500, False)]
)
def test_a_site_that_keeps_us_out_or_is_in_trouble_is_not_asked_further(
    channel: str, status: int, goes_on: bool
) -> None:
    answers = walk(channel, site("", b"", otherwise=status))
    assert len(answers) == (1 + len(CASES[channel][0].paths) if goes_on else 2)


@pytest.mark.parametrize("channel", CASES)
@pytest.mark.parametrize(
    ("status", "resume", "days", "is_asked"),
    [
        ("complete", NOT_THERE, 29, False),
        ("complete", NOT_THERE, 31, True),
        ("complete", "", 1, True),
        ("refused", "", 29, False),
        ("refused", "", 31, True),
        ("failed", "", 0.5, False),
        ("failed", "", 2, True),
    ],
)
def test_a_place_where_nothing_was_is_left_alone_for_a_month(
    channel: str, status: str, resume: str, days: float, is_asked: bool
) -> None:
    usual, body, _ = CASES[channel]
    urls = [SITE.rstrip("/") + path for path in usual.paths]
    asked = NOW - timedelta(days=days)
    past = Past([Question(place=urls[0], query="", status=status, asked=asked, resume=resume)])
    answers = walk(channel, site(urls[1], body), past)
    assert list(answers)[1:] == [*urls[:1], urls[1]][0 if is_asked else 1 :]


@pytest.mark.parametrize("channel", CASES)
def test_where_all_places_rest_none_is_asked_and_the_answer_says_so(channel: str) -> None:
    usual, _, first = CASES[channel]
    questions = [
        Question(place=SITE.rstrip("/") + path, query="", status="complete", asked=NOW, resume=NOT_THERE)
        for path in usual.paths
    ]
    answers = walk(channel, site("", b""), Past(questions))
    assert list(answers) == [first]
    assert answers[first].reason.endswith("and there is none at the usual places")


def test_only_a_front_page_without_feeds_is_worth_a_guess() -> None:
    named = b'<html><link rel="alternate" type="application/rss+xml" href="/world.xml"></html>'
    assert list(walk("feeds", site(f"{SITE}world.xml", FEED, front=named))) == [SITE, f"{SITE}world.xml"]
    section = f"{SITE}world/"
    answers = walk("feeds", lambda _: (200, PLAIN_PAGE), source=section)
    assert (list(answers), answers[section].status) == ([section], "refused")


def test_where_robots_names_a_sitemap_nothing_is_guessed() -> None:
    robots = {f"{SITE}robots.txt": (200, f"Sitemap: {SITE}gone.xml".encode())}
    assert list(walk("sitemaps", lambda url: robots.get(url, (404, b"")))) == [f"{SITE}robots.txt", f"{SITE}gone.xml"]


def test_a_guess_may_find_an_index_whose_sitemaps_are_then_asked() -> None:
    index = f"<sitemapindex><sitemap><loc>{SITE}b.xml</loc></sitemap></sitemapindex>".encode()
    pages = {f"{SITE}sitemap-news.xml": (200, index), f"{SITE}b.xml": (200, SITEMAP)}
    answers = walk("sitemaps", lambda url: pages.get(url, (404, b"")))
    assert list(answers) == [f"{SITE}robots.txt", f"{SITE}sitemap-news.xml", f"{SITE}b.xml"]


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://daily.example", True),
        ("https://daily.example/", True),
        ("https://daily.example/?p=1", False),
        ("https://daily.example/news", False),
    ],
)
def test_a_front_page_has_no_path(url: str, front: bool) -> None:
    assert is_front(url) == front
