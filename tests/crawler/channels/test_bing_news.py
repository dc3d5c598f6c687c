from __future__ import annotations

import gzip
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.ask import Answer, Ask
from crawler.channels.bing_news import ENDPOINT, MOST, BingNews
from crawler.channels.past import Past, Question
from pipelines.items import Candidate, Page
from pipelines.topic import Source, Topic
from tests.loopback import Hit, Reply
from tests.services import news_search
from tests.services.news_search import Story, bing_item, bing_link, bing_rss

CHANNEL = BingNews()
NOW = datetime(2019, 2, 1, 15, 30, tzinfo=UTC)
STORY = Story(url="https://www.daily.example/doha?id=7&page=2")
ASK = Ask(
    url=f"{ENDPOINT}?q=talks&format=rss", source=Source(channel="bing_news", url=ENDPOINT), kind="search", query="talks"
)


def topic(
    *queries: str,
    sources: Sequence[Source] = (Source(channel="bing_news", url=""),),
    language: str = "en",
    since: date | None = None,
) -> Topic:
    return Topic(name="talks", queries=queries or ("talks",), sources=tuple(sources), language=language, since=since)


def read(
    body: str | bytes,
    *,
    ask: Ask = ASK,
    status: int = 200,
    url: str = "",
    is_whole: bool = True,
    about: Topic | None = None,
) -> Answer:
    page = Page(
        url=url or ask.url,
        status=status,
        headers=(("Content-Type", "text/xml; charset=utf-8"),),
        body=body.encode() if isinstance(body, str) else body,
        fetched=NOW,
        is_whole=is_whole,
    )
    return CHANNEL.read(ask, page, about or topic(), NOW)


def found(answer: Answer) -> list[str]:
    return [candidate.url for candidate in answer.candidates]


# What is asked


def test_each_query_is_asked_once_in_its_own_words_and_in_the_topics_language() -> None:
    queries = ('"peace talks" OR withdrawal -cricket', "Doha")
    asks = CHANNEL.asks(topic(*queries, language="de-AT"), NOW)
    assert [ask.url for ask in asks] == [
        f"{ENDPOINT}?q=%22peace%20talks%22%20OR%20withdrawal%20-cricket&setlang=de&cc=AT&format=rss",
        f"{ENDPOINT}?q=Doha&setlang=de&cc=AT&format=rss",
    ]
    assert [(ask.query, ask.since, ask.until, ask.place, ask.is_last_word) for ask in asks] == [
        (query, None, None, ENDPOINT, True) for query in queries
    ]
    assert CHANNEL.most(topic(*queries), NOW) == 2


def test_a_topic_without_a_source_line_asks_nothing() -> None:
    assert CHANNEL.asks(topic(sources=()), NOW) == ()
    assert CHANNEL.most(topic(sources=()), NOW) == 0


def test_a_run_is_bounded() -> None:
    about = topic(*(f"talks {number}" for number in range(100)))
    assert len(CHANNEL.asks(about, NOW)) == MOST == CHANNEL.most(about, NOW)


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        pytest.param(f"{ENDPOINT}?mkt=de-DE", "q=talks&mkt=de-DE&setlang=en&cc=US&format=rss", id="another parameter"),
        pytest.param(f"{ENDPOINT}?cc=GB", "q=talks&cc=GB&format=rss", id="a country of its own"),
        pytest.param(f"{ENDPOINT}?format=rss", "q=talks&format=rss&setlang=en&cc=US", id="format said already"),
    ],
)
def test_a_source_may_name_its_own_parameters(url: str, asked: str) -> None:
    (ask,) = CHANNEL.asks(topic(sources=[Source(channel="bing_news", url=url)]), NOW)
    assert ask.url == f"{ENDPOINT}?{asked}"


@pytest.mark.parametrize(
    ("status", "minutes", "is_asked"),
    [
        ("complete", 1, True),
        ("refused", 59, False),
        ("refused", 60, True),
        ("failed", 59, False),
        ("failed", 60, True),
    ],
)
def test_after_a_refusal_bing_is_left_alone_for_an_hour(status: str, minutes: int, is_asked: bool) -> None:
    past = Past(
        [
            Question(place=ENDPOINT, query="talks", status="refused", asked=NOW - timedelta(days=9)),
            Question(place=ENDPOINT, query="talks", status=status, asked=NOW - timedelta(minutes=minutes)),
        ]
    )
    asks = CHANNEL.asks(topic("talks", "Doha"), NOW, past)
    assert [ask.query for ask in asks] == (["talks", "Doha"] if is_asked else ["Doha"])


def test_a_search_can_be_asked_about_some_outlets_only() -> None:
    about = topic(sources=[Source(channel="bing_news", url="", only=("courier.example", "daily.example"))])
    (ask,) = CHANNEL.asks(about, NOW)
    assert ask.query == "talks (site:courier.example OR site:daily.example)"
    other = Story(url="https://gazette.example/a")
    answer = read(bing_rss(bing_item(STORY), bing_item(other)), ask=ask, about=about)
    assert (found(answer), answer.reason) == ([STORY.url], "1 entry of outlets that were not asked about")


# What is read


def test_the_publishers_page_is_taken_out_of_bings_link() -> None:
    answer = read(bing_rss(bing_item(STORY)))
    candidate = Candidate(
        url=STORY.url, title=STORY.title, published=STORY.published, summary="Envoys & ministers met again."
    )
    assert answer == Answer(candidates=(candidate,))


def test_bings_link_is_no_identity_as_it_changes_with_every_answer() -> None:
    search = news_search.bing([STORY])
    hit = Hit(time=0, method="GET", url=ASK.url, headers={})
    one, two = search(hit).body, search(hit).body
    assert one != two
    assert read(one) == read(two)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        pytest.param(bing_link("https://a.example/x?b=1&c=2"), "https://a.example/x?b=1&c=2", id="with parameters"),
        pytest.param(
            bing_link("https://a.example/x%20y?q=a%2Bb"), "https://a.example/x%20y?q=a%2Bb", id="escaped twice"
        ),
        pytest.param(bing_link("https://a.example/wörter"), "https://a.example/w%C3%B6rter", id="not ASCII"),
        pytest.param(bing_link("https://a.example/x?utm_source=bing"), "https://a.example/x", id="made canonical"),
        pytest.param(bing_link(STORY.url).replace("http:", "https:"), STORY.url, id="over TLS"),
        pytest.param(bing_link(STORY.url).replace("www.bing", "cn.bing"), STORY.url, id="another host of Bing's"),
        pytest.param(f"/news/apiclick.aspx?url={quote(STORY.url, safe='')}", STORY.url, id="relative"),
        pytest.param("https://a.example/x?url=https%3A%2F%2Fb.example", None, id="the publisher's own link"),
        pytest.param(
            "https://www.msn.com/en-us/news/a", "https://www.msn.com/en-us/news/a", id="another site of theirs"
        ),
    ],
)
def test_links_are_read_as_bing_writes_them(href: str, url: str | None) -> None:
    assert found(read(bing_rss(bing_item(STORY, href)))) == [url or href]


NO_LINKS = {
    "no url": f"http://{news_search.BING}/news/apiclick.aspx?ref=FexRss&aid=&tid=1",
    "empty url": f"http://{news_search.BING}/news/apiclick.aspx?url=&c=1",
    "Bing's own page": f"https://{news_search.BING}/news/search?q=more",
    "a link to a link": bing_link(bing_link(STORY.url)),
    "no address": bing_link("javascript:alert(1)"),
    "a user name": bing_link("https://user@daily.example/"),
    "countless parameters": f"http://{news_search.BING}/news/apiclick.aspx?{'a=1&' * 200}url=https://daily.example/",
    "longer than any": bing_link("https://daily.example/" + "a" * 3_000),
    "cut where an address could end": "https://daily.example/" + "a/" * 20_000,
    "none": "",
}


@pytest.mark.parametrize("href", NO_LINKS.values(), ids=NO_LINKS.keys())
def test_items_of_which_none_leads_to_a_publisher_are_refused_and_one_among_others_is_counted(href: str) -> None:
    useless = bing_item(STORY, href)
    assert read(bing_rss(useless, useless)) == Answer(status="refused", reason="no usable link in 2 entries")
    answer = read(bing_rss(useless, bing_item(STORY)))
    assert (answer.status, found(answer), answer.reason) == (
        "complete",
        [STORY.url],
        "1 entry without a usable link",
    )


def test_no_items_are_no_fault() -> None:
    assert read(bing_rss()) == Answer()


def test_a_page_is_taken_once() -> None:
    again = bing_item(STORY, bing_link(STORY.url, 9))
    assert found(read(bing_rss(bing_item(STORY), again))) == [STORY.url]


def test_what_lies_outside_of_the_window_is_left_out() -> None:
    answer = read(bing_rss(bing_item(STORY)), about=topic(since=date(2019, 2, 20)))
    assert (answer.status, found(answer), answer.reason) == ("complete", [], "1 entry outside of the topic's window")


def test_of_an_answer_that_is_cut_the_whole_items_are_kept() -> None:
    answer = read(bing_rss(bing_item(STORY), bing_item(STORY))[:-60])
    assert (answer.status, found(answer)) == ("failed", [STORY.url])


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        pytest.param(news_search.page_instead(), "a page where RSS was asked", id="page"),
        pytest.param(news_search.too_many(), "HTTP 429", id="429"),
        pytest.param(news_search.rss('{"_type": "News"}'), "not RSS", id="JSON"),
        pytest.param(news_search.rss("<feed xmlns='http://www.w3.org/2005/Atom'/>"), "not RSS", id="Atom"),
        pytest.param(news_search.rss("busy"), "not RSS", id="text"),
        pytest.param(news_search.rss(""), "an empty body", id="nothing"),
    ],
)
def test_an_answer_that_is_none_is_refused(reply: Reply, reason: str) -> None:
    assert read(reply.body, status=reply.status) == Answer(status="refused", reason=reason)


def test_a_consent_page_is_refused() -> None:
    answer = read(news_search.consent_page().body, url="https://consent.bing.example/?next=x")
    assert answer == Answer(status="refused", reason="a consent page")


PIECES = (
    "<rss>|<channel>|<item>|</item>|<link>|</link>|<title>|</title>|<description>|</description>|<![CDATA[|]]>|<html>|"
    "http://www.bing.com/news/apiclick.aspx?url=|https%3a%2f%2fdaily.example%2f|&amp;|https://[|%|%ff|;|&c=1|"
    "<pubDate>Tue, 29 Jan 2019 07:00:00 GMT</pubDate>|<News:Source>|{"
)
pieces = st.sampled_from([piece.encode() for piece in PIECES.split("|")])
bodies = st.binary(max_size=300) | st.lists(pieces | st.binary(max_size=5), max_size=40).map(b"".join)
statuses = st.just(200) | st.integers(100, 599)


@settings(max_examples=300, deadline=None)
@given(bodies | bodies.map(b"<rss><channel><item><link>".__add__) | bodies.map(gzip.compress), statuses)
def test_any_bytes_are_an_answer(body: bytes, status: int) -> None:
    answer = read(body, status=status)
    assert answer.status in ("complete", "saturated", "refused", "failed")
    assert answer.status == "complete" or answer.reason
    assert answer.asks == ()
    assert [c.rank for c in answer.candidates] == list(range(len(answer.candidates)))
    assert not any("bing.com/" in url.partition("?")[0] for url in found(answer))
