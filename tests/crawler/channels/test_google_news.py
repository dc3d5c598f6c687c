from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.ask import Answer, Ask
from crawler.channels.google_news import (
    CONSENT,
    ENDPOINT,
    MOST_FIRST,
    MOST_OF_ONE,
    UNSUPPORTED,
    GoogleNews,
)
from crawler.channels.past import HALVED, Past, Question
from crawler.channels.search.google_items import MAX_CLUSTER
from crawler.channels.search.newsfeed import MAX_ITEMS
from pipelines.items import Candidate, Page
from pipelines.topic import Source, Topic
from tests.loopback import Hit, Reply
from tests.services import news_search
from tests.services.news_search import Story, google_item, google_rss, link, old_token, sealed_token

CHANNEL = GoogleNews()
NOW = datetime(2019, 2, 1, 15, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SOURCE = Source(channel="google_news", url=ENDPOINT)
STORY = Story(url="https://www.daily.example/doha")
SEALED = Story(
    url="https://www.courier.example/b", publisher="Courier", site="https://news.courier.example", is_sealed=True
)


def at(day: int, hour: int = 0, month: int = 1) -> datetime:
    return datetime(2019, month, day, hour, tzinfo=UTC)


def topic(
    *queries: str,
    sources: Sequence[Source] = (Source(channel="google_news", url=""),),
    language: str = "en",
    since: date | None = None,
    until: date | None = None,
) -> Topic:
    return Topic(
        name="talks", queries=queries or ("talks",), sources=tuple(sources), language=language, since=since, until=until
    )


def words(ask: Ask) -> str:
    return parse_qs(urlsplit(ask.url).query)["q"][0]


def spans(asks: Iterable[Ask]) -> list[tuple[datetime, datetime]]:
    return [(ask.since, ask.until) for ask in asks if ask.since and ask.until]


def read(
    body: str | bytes,
    *,
    ask: Ask | None = None,
    status: int = 200,
    url: str = "",
    is_whole: bool = True,
    content_type: str = "application/xml; charset=utf-8",
    about: Topic | None = None,
) -> Answer:
    ask = ask or Ask(url=f"{ENDPOINT}?q=talks", source=SOURCE, kind="search", query="talks", since=at(1), until=at(9))
    page = Page(
        url=url or ask.url,
        status=status,
        headers=(("Content-Type", content_type),),
        body=body.encode() if isinstance(body, str) else body,
        fetched=NOW,
        redirects=(ask.url,) if url else (),
        is_whole=is_whole,
    )
    return CHANNEL.read(ask, page, about or topic(), NOW)


def found(answer: Answer) -> list[str]:
    return [candidate.url for candidate in answer.candidates]


# What is asked


def test_a_topic_without_a_source_line_asks_nothing() -> None:
    assert CHANNEL.asks(topic(sources=()), NOW) == ()
    assert CHANNEL.most(topic(sources=()), NOW) == 0


def test_a_query_is_asked_about_days_in_its_own_words_and_in_the_topics_language() -> None:
    query = '"peace talks" OR withdrawal -cricket'
    (ask,) = CHANNEL.asks(topic(query, since=date(2019, 1, 29), language="de"), NOW)
    assert ask.url == (
        "https://news.google.com/rss/search?q=%22peace%20talks%22%20OR%20withdrawal%20-cricket%20"
        "after%3A2019-01-28%20before%3A2019-02-02&hl=de&gl=DE&ceid=DE%3Ade"
    )
    assert (ask.query, ask.since, ask.until) == (query, at(29), NOW)
    assert (ask.place, ask.is_last_word) == (ENDPOINT, True)


def test_each_question_begins_a_day_early_and_names_the_first_day_that_it_leaves_out() -> None:
    asks = CHANNEL.asks(topic(since=date(2019, 1, 1), until=date(2019, 1, 16)), NOW)
    assert [words(ask) for ask in asks] == [
        "talks after:2019-01-08 before:2019-01-17",
        "talks after:2018-12-31 before:2019-01-09",
    ]
    assert spans(asks) == [(at(9), at(17)), (at(1), at(9))]


def test_a_topic_without_a_beginning_is_asked_about_the_last_month() -> None:
    asks = CHANNEL.asks(topic(), NOW)
    assert [(asks[-1].since, asks[0].until)] == [(NOW - 30 * DAY, NOW)]
    assert [earlier.until for earlier in asks[1:]] == [later.since for later in asks[:-1]]


@pytest.mark.parametrize(
    ("since", "until"),
    [
        pytest.param(date(2019, 3, 1), None, id="all of it is still to come"),
        pytest.param(date(2019, 1, 5), date(2019, 1, 1), id="it ends before it begins"),
        pytest.param(date(1990, 1, 1), date(1999, 1, 1), id="before there was Google News"),
    ],
)
def test_of_a_window_that_holds_nothing_nothing_is_asked(since: date, until: date | None) -> None:
    about = topic(since=since, until=until)
    assert (CHANNEL.asks(about, NOW), CHANNEL.most(about, NOW)) == ((), 0)


def test_days_before_there_was_google_news_are_not_asked_about() -> None:
    asks = CHANNEL.asks(topic(since=date(1, 1, 1), until=date(2000, 1, 5)), NOW)
    assert spans(asks) == [(datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 6, tzinfo=UTC))]


def test_what_was_answered_is_not_asked_again() -> None:
    past = Past([Question(place=ENDPOINT, query="talks", status="complete", asked=at(31), since=at(1), until=at(31))])
    about = topic("talks", "withdrawal", since=date(2019, 1, 1))
    asks = CHANNEL.asks(about, NOW, past)
    assert [(ask.since, ask.until) for ask in asks if ask.query == "talks"] == [(at(31), NOW)]
    assert sum(ask.query == "withdrawal" for ask in asks) == 4


def test_of_several_open_parts_the_newest_is_asked_first() -> None:
    done = Question(place=ENDPOINT, query="talks", status="complete", asked=at(31), since=at(10), until=at(20))
    asks = CHANNEL.asks(topic(since=date(2019, 1, 5), until=date(2019, 1, 24)), NOW, Past([done]))
    assert spans(asks) == [(at(20), at(25)), (at(5), at(10))]


def test_halves_that_were_not_asked_are_asked_by_the_next_run() -> None:
    whole = Question(
        place=ENDPOINT, query="talks", status="saturated", asked=at(20), since=at(1), until=at(9), resume=HALVED
    )
    half = Question(place=ENDPOINT, query="talks", status="complete", asked=at(20), since=at(5), until=at(9))
    asks = CHANNEL.asks(topic(since=date(2019, 1, 1), until=date(2019, 1, 8)), NOW, Past([whole, half]))
    assert spans(asks) == [(at(1), at(5))]


def test_many_queries_take_turns_from_the_newest_days_on_and_a_run_is_bounded() -> None:
    queries = [f"talks {number}" for number in range(20)]
    about = topic(*queries, since=date(2018, 1, 1))
    asks = CHANNEL.asks(about, NOW)
    assert len(asks) == MOST_FIRST
    assert [ask.query for ask in asks[:20]] == queries
    assert {ask.until for ask in asks[:20]} == {NOW}
    assert {ask.until for ask in asks[20:]} == {asks[0].since}
    assert CHANNEL.most(about, NOW) == MOST_FIRST * MOST_OF_ONE


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        pytest.param(
            f"{ENDPOINT}?hl=fr&gl=CA&ceid=CA:fr", "hl=fr&gl=CA&ceid=CA%3Afr", id="an edition of its own is kept"
        ),
        pytest.param(f"{ENDPOINT}?gl=GB", "gl=GB", id="and not mixed with ours"),
        pytest.param(f"{ENDPOINT}?x=1", "x=1&hl=en-US&gl=US&ceid=US%3Aen", id="other parameters are kept"),
        pytest.param(f"{ENDPOINT}?q=old#top", "hl=en-US&gl=US&ceid=US%3Aen", id="the query is ours"),
    ],
)
def test_a_source_may_name_its_own_edition(url: str, asked: str) -> None:
    (ask,) = CHANNEL.asks(topic(sources=[Source(channel="google_news", url=url)], since=date(2019, 1, 31)), NOW)
    assert ask.url == f"{ENDPOINT}?q=talks%20after%3A2019-01-30%20before%3A2019-02-02&{asked}"
    assert ask.source.url == url


def test_a_listing_is_asked_as_it_stands() -> None:
    url = "https://news.google.com/rss/topics/CAAqab?hl=en-US&gl=US&ceid=US:en"
    about = topic(sources=[Source(channel="google_news", url=url)])
    (ask,) = CHANNEL.asks(about, NOW)
    assert (ask.url, ask.kind, ask.query, ask.since, ask.place) == (url, "listing", "", None, url)
    assert CHANNEL.most(about, NOW) == 1
    full = read(google_rss(*map(google_item, news_search.crowd(100, at(5)))), ask=ask, about=about)
    assert (full.status, full.asks, full.resume) == ("saturated", (), "")


@pytest.mark.parametrize(
    ("only", "asked"),
    [
        pytest.param(("a.example",), "talks site:a.example", id="one"),
        pytest.param(("a.example", "b.example"), "talks (site:a.example OR site:b.example)", id="two"),
        pytest.param(tuple(f"h{n}.example" for n in range(11)), "talks", id="too many to name"),
    ],
)
def test_a_search_can_be_asked_about_some_outlets_only(only: tuple[str, ...], asked: str) -> None:
    about = topic(sources=[Source(channel="google_news", url="", only=only)], since=date(2019, 1, 31))
    (ask,) = CHANNEL.asks(about, NOW)
    assert ask.query == asked
    assert words(ask).startswith(f"{asked} after:")
    answer = read(google_rss(google_item(STORY)), ask=ask, about=about)
    assert (found(answer), answer.reason) == ([], "1 entry of outlets that were not asked about")


# What is read


def test_an_old_link_is_its_page_and_the_title_loses_its_publisher() -> None:
    answer = read(google_rss(google_item(STORY)))
    assert answer == Answer(candidates=(Candidate(url=STORY.url, title=STORY.title, published=STORY.published),))


def test_a_link_that_only_google_can_read_stays_unresolved_with_its_publisher() -> None:
    (candidate,) = read(google_rss(google_item(SEALED))).candidates
    assert candidate == Candidate(
        url=f"https://news.google.com/rss/articles/{SEALED.token}",
        title=SEALED.title,
        published=SEALED.published,
        outlet="courier.example",
        is_unresolved=True,
    )


@pytest.mark.parametrize(
    ("title", "publisher", "kept"),
    [
        pytest.param("Talks - a chance", "The Post", "Talks - a chance", id="a dash of its own"),
        pytest.param("Talks go on", "Le Monde - Live", "Talks go on", id="a publisher with a dash"),
        pytest.param("Talks at AT&T", "AT&T News", "Talks at AT&T", id="signs that are escaped"),
        pytest.param("News - News", "News", "News - News", id="once only"),
    ],
)
def test_only_the_publisher_is_taken_off_a_title(title: str, publisher: str, kept: str) -> None:
    story = Story(url="https://www.daily.example/a", title=title, publisher=publisher)
    assert [c.title for c in read(google_rss(google_item(story))).candidates] == [kept]


def test_a_title_without_a_source_stays_as_it_is() -> None:
    item = f"<item><title>Talks - The Post</title><link>{link(sealed_token('a'))}</link></item>"
    (candidate,) = read(google_rss(item)).candidates
    assert (candidate.title, candidate.outlet, candidate.is_unresolved) == ("Talks - The Post", "", True)


def test_a_cluster_gives_each_of_its_pages_once_and_knows_publishers_by_the_other_items() -> None:
    beside = Story(url="https://www.courier.example/c", title="Courier on Doha", publisher="Courier", is_sealed=True)
    stranger = Story(url="https://www.stranger.example/d", title="Doha again", publisher="Nobody", is_sealed=True)
    plain = Story(url="https://www.gazette.example/e", title="Gazette & Doha", publisher="Gazette")
    answer = read(google_rss(google_item(STORY, beside, stranger, plain), google_item(SEALED)))
    assert [(c.url.rpartition("/")[2], c.title, c.outlet, c.published, c.rank) for c in answer.candidates] == [
        ("doha", STORY.title, "", STORY.published, 0),
        (beside.token, "Courier on Doha", "courier.example", None, 1),
        (stranger.token, "Doha again", "", None, 2),
        ("e", "Gazette & Doha", "", None, 3),
        (SEALED.token, SEALED.title, "courier.example", SEALED.published, 4),
    ]
    assert (answer.status, answer.reason) == ("complete", "")


def test_a_publishers_name_that_two_outlets_share_tells_nothing() -> None:
    one, two = (
        replace(SEALED, url="https://x.example/1"),
        replace(SEALED, url="https://x.example/2", site="https://b.example"),
    )
    beside = replace(SEALED, url="https://x.example/3")
    answer = read(google_rss(google_item(one), google_item(two), google_item(STORY, beside)))
    assert [c.outlet for c in answer.candidates] == ["courier.example", "b.example", "", ""]


def test_a_cluster_counts_where_its_own_link_leads_nowhere() -> None:
    description = f"&lt;a href='{STORY.url}'&gt;Doha&lt;/a&gt;"
    answer = read(google_rss(f"<item><title>Talks</title><description>{description}</description></item>"))
    assert (answer.status, found(answer), answer.reason) == ("complete", [STORY.url], "1 entry without a usable link")


def test_of_a_cluster_only_so_many_links_are_taken() -> None:
    beside = news_search.crowd(300, at(5))
    assert len(read(google_rss(google_item(STORY, *beside))).candidates) == MAX_CLUSTER


def test_links_that_are_no_articles_are_left_beside_a_cluster() -> None:
    item = google_item(STORY).replace(
        "</description>",
        "&lt;a href='https://news.google.com/stories/CAAq'&gt;View Full Coverage&lt;/a&gt;&lt;a&gt;&lt;/a&gt;"
        "</description>",
    )
    answer = read(google_rss(item))
    assert (found(answer), answer.reason) == ([STORY.url], "")


@pytest.mark.parametrize(
    ("item", "url"),
    [
        pytest.param(f"<link>{link(old_token(STORY.url), 'articles')}</link>", STORY.url, id="without rss"),
        pytest.param(f"<link>{link(old_token(STORY.url), 'read')}</link>", STORY.url, id="read"),
        pytest.param(
            f"<link>{link(sealed_token('a'), 'read')}&amp;hl=en</link>",
            f"https://news.google.com/read/{sealed_token('a')}",
            id="unresolved, without parameters",
        ),
        pytest.param(f"<link>/rss/articles/{old_token(STORY.url)}?oc=5</link>", STORY.url, id="relative"),
        pytest.param(f"<guid isPermaLink='false'>{old_token(STORY.url)}</guid>", STORY.url, id="identifier only"),
        pytest.param(
            "<link>https://daily.example/a?utm_source=x</link>", "https://daily.example/a", id="the publisher's own"
        ),
    ],
)
def test_links_are_read_wherever_they_stand(item: str, url: str) -> None:
    assert found(read(google_rss(f"<item><title>Talks</title>{item}</item>"))) == [url]


NO_LINKS = {
    "no link": "",
    "no article": "<link>https://news.google.com/stories/CAAq</link>",
    "front page": "<link>https://news.google.com/</link>",
    "other site of Google's": "<link>https://accounts.google.com/signin</link>",
    "decoded to Google": f"<link>{link(old_token('https://news.google.com/articles/CBMi'))}</link>",
    "no address": "<link>javascript:alert(1)</link>",
    "no token": "<guid isPermaLink='false'>https://news.google.com/rss/articles/CBMi</guid>",
    "longer than any address": f"<link>https://news.google.com/rss/articles/{'a' * 20_000}</link>",
    "cut where an address could end": f"<link>https://daily.example/{'a/' * 20_000}</link>",
}


@pytest.mark.parametrize("item", NO_LINKS.values(), ids=NO_LINKS.keys())
def test_items_of_which_none_leads_to_a_page_are_refused_and_one_among_others_is_counted(item: str) -> None:
    useless = f"<item><title>Talks</title>{item}</item>"
    assert read(google_rss(useless)) == Answer(status="refused", reason="no usable link in 1 entry")
    answer = read(google_rss(google_item(STORY), useless))
    assert (answer.status, found(answer), answer.reason) == (
        "complete",
        [STORY.url],
        "1 entry without a usable link",
    )


def test_no_items_are_no_fault() -> None:
    assert read(google_rss()) == Answer()


def test_what_lies_outside_of_the_window_is_left_out() -> None:
    about = topic(since=date(2019, 2, 20))
    answer = read(google_rss(google_item(STORY)), about=about)
    assert (answer.status, found(answer), answer.reason) == ("complete", [], "1 entry outside of the topic's window")


# A hundred items


def full(day: datetime, count: int = 100) -> str:
    return google_rss(*map(google_item, news_search.crowd(count, day)))


def test_a_full_answer_is_saturated_and_its_halves_are_asked_newest_first() -> None:
    answer = read(full(at(5)))
    assert (answer.status, answer.resume, len(answer.candidates)) == ("saturated", HALVED, 100)
    assert answer.reason == "100 items, and Google lists no more"
    assert spans(answer.asks) == [(at(5), at(9)), (at(1), at(5))]
    assert [words(ask) for ask in answer.asks] == [
        "talks after:2019-01-04 before:2019-01-09",
        "talks after:2018-12-31 before:2019-01-05",
    ]
    assert {(ask.query, ask.kind, ask.depth, ask.place) for ask in answer.asks} == {("talks", "search", 1, ENDPOINT)}
    assert read(full(at(5), 99)).status == "complete"


@pytest.mark.parametrize(
    ("since", "until", "middle"),
    [
        pytest.param(at(1), at(3), at(2), id="two days"),
        pytest.param(at(1, 23), at(2, 1), at(2), id="two hours of two days"),
        pytest.param(at(1, 12), at(4), at(2), id="three days"),
    ],
)
def test_days_are_halved(since: datetime, until: datetime, middle: datetime) -> None:
    ask = Ask(url=ENDPOINT, source=SOURCE, kind="search", query="talks", since=since, until=until)
    answer = read(full(since), ask=ask)
    assert (answer.status, answer.resume) == ("saturated", HALVED)
    assert spans(answer.asks) == [(middle, until), (since, middle)]


@pytest.mark.parametrize(("since", "until"), [(at(2), at(3)), (at(2, 6), at(2, 18))], ids=["a day", "half a day"])
def test_a_full_day_is_asked_once_more_without_the_day_before_and_then_no_more(
    since: datetime, until: datetime
) -> None:
    ask = Ask(url=ENDPOINT, source=SOURCE, kind="search", query="talks", since=since, until=until)
    answer = read(full(since), ask=ask)
    assert (answer.status, answer.resume, len(answer.candidates)) == ("saturated", HALVED, 100)
    (alone,) = answer.asks
    assert (words(alone), alone.kind) == ("talks after:2019-01-02 before:2019-01-03", "day")
    assert (alone.query, alone.since, alone.until, alone.depth) == ("talks", since, until, 1)
    assert read(full(since, 99), ask=alone).status == "complete"
    again = read(full(since), ask=alone)
    assert (again.status, again.asks, again.resume) == ("saturated", (), "")


def test_a_full_day_that_is_empty_by_itself_is_not_believed() -> None:
    alone = Ask(url=ENDPOINT, source=SOURCE, kind="day", query="talks", since=at(2), until=at(3))
    assert read(google_rss(), ask=alone) == Answer(
        status="saturated", reason="a hundred items with the day before, and none for the day alone"
    )


def test_where_google_does_not_heed_the_days_fewer_days_are_not_asked() -> None:
    answer = read(full(at(20)))
    assert (answer.status, answer.asks, answer.resume) == ("saturated", (), "")
    assert "none of these days" in answer.reason


def test_a_full_answer_that_is_cut_is_failed_and_asked_again_whole() -> None:
    answer = read(full(at(5)).encode()[:-50])
    assert (answer.status, answer.asks, len(answer.candidates)) == ("failed", (), 99)
    whole = read(full(at(5)), is_whole=False)
    assert (whole.status, whole.asks, len(whole.candidates)) == ("failed", (), 100)


def test_every_page_of_a_crowded_week_is_found_within_the_bound_that_was_told() -> None:
    before = news_search.crowd(60, at(31, 12, month=12).replace(year=2018), "before")
    stories = [one for day in range(1, 9) for one in news_search.crowd(60, at(day, 12), f"day{day}")]
    search = news_search.google([*before, *stories])
    about = topic(since=date(2019, 1, 1), until=date(2019, 1, 8))
    waiting, asked, urls = list(CHANNEL.asks(about, NOW)), 0, set()
    while waiting:
        ask, asked = waiting.pop(), asked + 1
        answer = read(search(Hit(time=0, method="GET", url=ask.url, headers={})).body, ask=ask, about=about)
        urls |= set(found(answer))
        waiting += answer.asks
    assert urls >= {story.url for story in stories}
    assert asked == MOST_OF_ONE == CHANNEL.most(about, NOW)


# Odd answers


def location(reply: Reply) -> str:
    return dict(reply.headers)["Location"]


@pytest.mark.parametrize(
    ("reply", "url", "reason"),
    [
        pytest.param(
            news_search.consent_page(),
            location(news_search.consent_redirect()),
            CONSENT,
            id="consent, redirected",
        ),
        pytest.param(
            news_search.consent_page(), "https://consent.youtube.com/m", CONSENT, id="consent, at another of its sites"
        ),
        pytest.param(news_search.consent_page(), "", CONSENT, id="consent, by its content"),
        pytest.param(
            news_search.unsupported_feed(),
            location(news_search.unsupported_locale()),
            UNSUPPORTED,
            id="unsupported edition",
        ),
        pytest.param(
            news_search.too_many(),
            "https://www.google.com/sorry/index?continue=x",
            "Google asks for a rest: too many questions came from here",
            id="sorry page",
        ),
        pytest.param(news_search.too_many(), "", "HTTP 429", id="429"),
        pytest.param(news_search.page_instead(), "", "a page where RSS was asked", id="page"),
        pytest.param(news_search.rss('{"items": []}'), "", "not RSS", id="JSON"),
        pytest.param(news_search.rss("<feed xmlns='http://www.w3.org/2005/Atom'/>"), "", "not RSS", id="Atom"),
        pytest.param(news_search.rss("https://daily.example/a"), "", "not RSS", id="text"),
        pytest.param(news_search.rss(" \n"), "", "an empty body", id="nothing"),
    ],
)
def test_an_answer_that_is_none_is_refused(reply: Reply, url: str, reason: str) -> None:
    answer = read(reply.body, url=url, status=reply.status)
    assert answer == Answer(status="refused", reason=reason)


def test_a_redirect_to_the_same_search_is_no_refusal() -> None:
    answer = read(google_rss(google_item(STORY)), url=f"{ENDPOINT}?q=talks&hl=en-US&gl=US&ceid=US:en")
    assert found(answer) == [STORY.url]


def test_a_fault_of_the_service_is_failed() -> None:
    assert read("", status=503) == Answer(status="failed", reason="HTTP 503")


def test_rss_is_read_whatever_the_content_type_says() -> None:
    assert found(read(google_rss(google_item(STORY)), content_type="text/html")) == [STORY.url]


PIECES = (
    "<rss>|<channel>|<item>|</item>|<link>|</link>|<title>|</title>|<guid>|<source url='|'>|</source>|<description>|"
    "</description>|&lt;a href='|&lt;/a&gt;|&lt;li&gt;|<a href=|<font>|</font>|<![CDATA[|]]>|<html>|//consent.google."
    "com/|https://["
    f"https://news.google.com/rss/articles/{old_token('https://daily.example/a')}|https://news.google.com/articles/CBMi|"
    "<pubDate>Tue, 29 Jan 2019 07:00:00 GMT</pubDate>|https://[|&amp;|{|?oc=5| - Post"
)
pieces = st.sampled_from([piece.encode() for piece in PIECES.split("|")])
bodies = st.binary(max_size=300) | st.lists(pieces | st.binary(max_size=5), max_size=40).map(b"".join)


@settings(max_examples=300, deadline=None)
@given(
    bodies | bodies.map(b"<rss><channel><item>".__add__) | bodies.map(gzip.compress),
    st.just(200) | st.integers(100, 599),
)
def test_any_bytes_are_an_answer(body: bytes, status: int) -> None:
    answer = read(body, status=status)
    assert answer.status in ("complete", "saturated", "refused", "failed")
    assert answer.status == "complete" or answer.reason
    assert [c.rank for c in answer.candidates] == list(range(len(answer.candidates)))
    assert len(set(found(answer))) == len(answer.candidates)
    assert all(c.is_unresolved == c.url.startswith("https://news.google.com/") for c in answer.candidates)


MALICE = {
    "links": "&lt;a href='/articles/CBMi'&gt;x&lt;/a&gt;",
    "links without end": "&lt;a ",
    "links in links": "&lt;a&gt;&lt;b&gt;",
    "elements in one link": "&lt;b&gt;",
    "blanks after a link": "&lt;a&gt;&lt;/a&gt;" + " " * 1000,
    "attributes": "&lt;a " + "href='" * 500,
}


def malice(unit: str, size: int) -> bytes:
    item = f"<item><description>&lt;a&gt;{unit * (20_000 // len(unit))}</description></item>"
    return ("<rss><channel>" + item * (size // len(item)) + "</channel></rss>").encode()


@pytest.mark.parametrize("unit", MALICE.values(), ids=MALICE.keys())
def test_malice_in_descriptions_takes_little_memory(unit: str) -> None:
    body = malice(unit, 1_000_000)
    tracemalloc.start()
    try:
        answer = read(body)
        peak = tracemalloc.get_traced_memory()[1] >> 20
    finally:
        tracemalloc.stop()
    assert len(answer.candidates) <= 1
    assert answer.candidates or answer.status == "refused"
    assert peak < 20


@pytest.mark.soak
@pytest.mark.parametrize("unit", MALICE.values(), ids=MALICE.keys())
def test_ten_megabytes_of_malice_end_within_seconds(unit: str) -> None:
    body = malice(unit, 10_000_000)
    begin = perf_counter()
    answer = read(body)
    assert perf_counter() - begin < 15
    assert len(answer.candidates) <= 1


def test_a_thousand_clustered_items_are_read_and_no_more() -> None:
    description = "".join(f"&lt;a href='https://daily.example/{n}'&gt;x&lt;/a&gt;" for n in range(30))
    body = google_rss(
        f"<item><link>https://daily.example/a</link><description>{description}</description></item>" * 1_100
    )
    answer = read(body)
    assert (answer.status, answer.reason) == ("saturated", f"more than {MAX_ITEMS:,} items; the rest is left unread")
    assert answer.asks == ()
