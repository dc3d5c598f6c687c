"""The older pages of a feed: back into the window, once, and no further."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer, Ask
from crawler.channels.past import Past, Question
from crawler.channels.steps.paging import MAX_PAGES, NEWER, OLDER, OLDER_OF_FEEDS, RESUMED, Way
from pipelines.items import Page
from pipelines.topic import Source, Topic
from tests.crawler.channels.conftest import NOW

FEED = "https://daily.example/feed"
SINCE = date(2018, 10, 1)
Web = Callable[[str], str | int]
Form = Callable[[list[datetime], str, str], str]


def atom(days: list[datetime], place: str, further: str) -> str:
    entries = "".join(
        f'<entry><title>Envoys meet</title><link href="/{place}/{at}"/><published>{day.isoformat()}</published></entry>'
        for at, day in enumerate(days)
    )
    link = f'<link rel="next" href="{further}"/>' if further else ""
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/x"/>{link}{entries}</feed>'


def rss(days: list[datetime], place: str, further: str) -> str:
    items = "".join(
        f"<item><link>/{place}/{at}</link><pubDate>{format_datetime(day)}</pubDate></item>"
        for at, day in enumerate(days)
    )
    link = f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="{further}"/>' if further else ""
    return f"<rss><channel><link>/</link>{items}{link}</channel></rss>"


def archived(days: list[datetime], place: str, further: str) -> str:
    return atom(days, place, further).replace('rel="next"', 'rel="prev-archive"')


def json_feed(days: list[datetime], place: str, further: str) -> str:
    items = [{"url": f"/{place}/{at}", "date_published": day.isoformat()} for at, day in enumerate(days)]
    return json.dumps({"items": items, **({"next_url": further} if further else {})})


FORMS: dict[str, Form] = {"atom": atom, "rss": rss, "archived atom": archived, "json feed": json_feed}


def page_url(number: int) -> str:
    return FEED if number == 1 else f"{FEED}?paged={number}"


def paged(pages: int, *, form: Form = atom, days: float = 10, newest: datetime = NOW, entries: int = 10) -> Web:
    """A feed of so many pages, each of ten entries that reach back so many days."""
    step = timedelta(days=days) / entries

    def answer(url: str) -> str | int:
        number = int(url.partition("paged=")[2] or 1)
        if not url.startswith(FEED) or number > pages:
            return 404
        first = newest - (number - 1) * timedelta(days=days)
        dates = [(first - at * step).replace(microsecond=0) for at in range(entries)]
        return form(dates, f"p{number}", page_url(number + 1) if number < pages else "")

    return answer


def walk(
    web: Web, past: Past | None = None, *, since: date | None = SINCE, until: date | None = None, source: str = FEED,
    now: datetime = NOW, headers: tuple[tuple[str, str], ...] = (), seen: list[Ask] | None = None,
) -> dict[str, Answer]:  # fmt: skip
    """Every URL that a run asks of a source, in order, with what the channel made of the answer."""
    topic = Topic(name="talks", since=since, until=until, sources=(Source(channel="feeds", url=source),))
    waiting = list(CHANNELS["feeds"].asks(topic, now, past or Past()))
    answers: dict[str, Answer] = {}
    while waiting:
        ask = waiting.pop(0)
        if ask.url in answers:
            continue
        if seen is not None:
            seen.append(ask)
        body = web(ask.url)
        status, text = (200, body) if isinstance(body, str) else (body, "none")
        page = Page(url=ask.url, status=status, headers=headers, body=text.encode(), fetched=now)
        answers[ask.url] = CHANNELS["feeds"].read(ask, page, topic, now)
        waiting += answers[ask.url].asks
        assert len(answers) < 100
    return answers


def remembered(asks: list[Ask], answers: dict[str, Answer], asked: datetime = NOW) -> Past:
    """What the ledger knows after a run: of each question the newest answer."""
    ledger = {}
    for ask in asks:
        answer = answers[ask.url]
        ledger[ask.place, ask.query, ask.since] = Question(
            place=ask.place, query=ask.query, since=ask.since, status=answer.status, asked=asked, resume=answer.resume
        )
    return Past(ledger.values())


def known(
    *, asked: datetime, older: datetime | None = None, status: str = "complete", resume: str = "",
    query: str = OLDER, since: date | None = SINCE, front: str = "complete",
) -> Past:  # fmt: skip
    begin = datetime.combine(since, datetime.min.time(), UTC) if since else None
    return Past([
        Question(place=FEED, query="", status=front, asked=asked),
        Question(place=FEED, query=query, status=status, asked=older or asked, since=begin, resume=resume),
    ])  # fmt: skip


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_every_form_of_feed_says_where_it_goes_on(form: Form) -> None:
    answers = walk(paged(3, form=form))
    assert list(answers) == [FEED, page_url(2), page_url(3)]
    assert [len(answer.candidates) for answer in answers.values()] == [10, 10, 10]
    assert {answer.status for answer in answers.values()} == {"complete"}


@pytest.mark.parametrize(
    "value", [f'<{FEED}?paged=2>; rel="next"', "</x>; rel=self, <?paged=2>; rel='last next'"], ids=["alone", "among"]
)
def test_a_header_says_where_a_feed_goes_on(value: str) -> None:
    answers = walk(paged(1), headers=(("Content-Type", "text/xml"), ("link", value)))
    assert list(answers) == [FEED, page_url(2)]


NOT_FOLLOWED = {
    "another outlet": "https://elsewhere.example/feed?paged=2",
    "another scheme": "file:///etc/passwd",
    "no address": "http://[daily",
    "itself": FEED,
    "itself, spelt otherwise": "HTTPS://DAILY.example:443/feed#top",
    "too long": "/" + "x" * 3_000,
}


@pytest.mark.parametrize("further", NOT_FOLLOWED.values(), ids=NOT_FOLLOWED.keys())
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_not_every_next_page_is_asked(form: Form, further: str) -> None:
    answers = walk(lambda _: form([NOW], "p1", further))
    assert list(answers) == [FEED]
    assert (answers[FEED].status, len(answers[FEED].candidates)) == ("complete", 1)


def test_a_link_of_an_entry_leads_nowhere() -> None:
    entry = f'<entry><link href="/a"/><link rel="next" href="/b"/><published>{NOW.isoformat()}</published></entry>'
    assert list(walk(lambda _: f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>')) == [FEED]


def test_pages_are_asked_until_one_lies_wholly_before_the_window() -> None:
    answers = walk(paged(100, days=60))
    assert list(answers) == [FEED, page_url(2), page_url(3), page_url(4)]
    assert min(c.published for c in answers[page_url(3)].candidates if c.published).date() < SINCE
    assert all(c.published and c.published.date() < SINCE for c in answers[page_url(4)].candidates)
    assert answers[page_url(4)].resume == ""


def test_a_feed_that_is_older_than_the_window_is_not_paged_at_all() -> None:
    assert list(walk(paged(100, newest=datetime(2018, 1, 1, tzinfo=UTC)))) == [FEED]


def test_a_feed_without_dates_is_not_paged_since_nothing_tells_where_that_leads() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/2"/><entry><link href="/a"/></entry></feed>'
    )
    assert list(walk(lambda _: body)) == [FEED]


def test_an_old_entry_that_is_pinned_to_the_top_keeps_no_page_unread() -> None:
    def pinned(url: str) -> str | int:
        body = paged(2)(url)
        old = '<entry><link href="/rules"/><published>2001-01-01T00:00:00Z</published></entry>'
        return body.replace("<entry>", f"{old}<entry>", 1) if isinstance(body, str) else body

    assert list(walk(pinned)) == [FEED, page_url(2)]
    assert list(walk(pinned, known(asked=NOW - timedelta(days=12)))) == [FEED, page_url(2)]


def test_a_topic_that_does_not_say_since_when_gets_one_page_more_once() -> None:
    asks: list[Ask] = []
    answers = walk(paged(100), since=None, seen=asks)
    assert list(answers) == [FEED, page_url(2)]
    last = answers[page_url(2)]
    assert (last.status, last.reason) == ("complete", "older pages are left: the topic has no `since`")
    assert list(walk(paged(100), remembered(asks, answers), since=None, now=NOW + timedelta(hours=1))) == [FEED]


def test_a_way_that_is_longer_than_a_run_is_saturated_and_goes_on_in_the_next_runs() -> None:
    now, past, runs = NOW, Past(), []
    for _ in range(4):
        asks: list[Ask] = []
        answers = walk(paged(20, days=1), past, seen=asks, now=now)
        past = remembered(asks, answers, now)
        runs.append([ask.url for ask in asks])
        now += timedelta(hours=1)
    assert runs[0] == [page_url(number) for number in range(1, MAX_PAGES + 1)]
    assert runs[1] == [FEED, *(page_url(number) for number in range(11, 11 + RESUMED))]
    assert runs[2] == [FEED, *(page_url(number) for number in range(16, 21))]
    assert runs[3] == [FEED]


def test_the_page_at_which_a_run_stops_says_so() -> None:
    answers = walk(paged(20, days=1))
    last = answers[page_url(MAX_PAGES)]
    assert (last.status, last.reason, last.resume, last.asks) == (
        "saturated",
        "more pages than are asked in one run",
        page_url(MAX_PAGES + 1),
        (),
    )


def test_a_run_that_is_killed_on_the_way_goes_on_where_it_was() -> None:
    asks: list[Ask] = []
    answers = walk(paged(8, days=1), seen=asks)
    half = remembered(asks[:4], answers)
    assert list(walk(paged(8, days=1), half, now=NOW + timedelta(hours=1))) == [
        FEED,
        *(page_url(number) for number in range(5, 9)),
    ]


def test_a_feed_that_is_known_is_paged_back_to_the_last_look_only() -> None:
    hourly = known(asked=NOW - timedelta(hours=1))
    assert list(walk(paged(100), hourly)) == [FEED]
    weekly = known(asked=NOW - timedelta(days=7))
    asks: list[Ask] = []
    assert list(walk(paged(100, days=2), weekly, seen=asks)) == [page_url(number) for number in range(1, 5)]
    assert {ask.query for ask in asks[1:]} == {NEWER}
    monthly = known(asked=NOW - timedelta(days=30))
    answers = walk(paged(100, days=2), monthly)
    last = answers[page_url(MAX_PAGES)]
    assert (len(answers), last.status, last.resume) == (MAX_PAGES, "saturated", "")


def test_once_the_window_is_over_and_read_nothing_is_paged_any_more() -> None:
    past = known(asked=NOW - timedelta(days=7))
    assert list(walk(paged(100, days=2), past, until=date(2019, 1, 10))) == [FEED]
    assert len(walk(paged(100, days=2), past, until=date(2019, 1, 28))) > 1


def test_a_window_that_grows_backwards_is_read_anew() -> None:
    past = known(asked=NOW - timedelta(hours=1))
    assert len(walk(paged(100), past, since=date(2018, 1, 1))) == MAX_PAGES
    assert list(walk(paged(100), past, since=date(2018, 12, 1))) == [FEED]
    assert len(walk(paged(100), known(asked=NOW, since=None))) == MAX_PAGES


@pytest.mark.parametrize("status", ["failed", "refused"])
def test_after_a_page_that_failed_the_way_back_rests_for_a_day(status: str) -> None:
    recent = known(asked=NOW - timedelta(hours=1), status=status)
    assert list(walk(paged(5), recent)) == [FEED]
    old = known(asked=NOW - timedelta(hours=1), older=NOW - timedelta(days=2), status=status)
    assert len(walk(paged(5), old)) == 5
    broken_off = known(asked=NOW - timedelta(hours=1), older=NOW - timedelta(days=2), status=status, resume=page_url(4))
    assert list(walk(paged(5), broken_off)) == [FEED, page_url(4), page_url(5)]


def test_a_front_that_failed_last_time_is_paged_back_to_the_look_before() -> None:
    past = known(asked=NOW - timedelta(hours=1), older=NOW - timedelta(days=4), front="failed")
    assert list(walk(paged(100, days=2), past)) == [FEED, page_url(2), page_url(3)]


@pytest.mark.parametrize(("status", "told"), [(403, "refused"), (500, "failed")])
def test_a_page_that_does_not_answer_is_where_the_way_goes_on(status: int, told: str) -> None:
    answers = walk(lambda url: status if url == page_url(3) else paged(9, days=1)(url))
    last = answers[page_url(3)]
    assert (len(answers), last.status, last.reason, last.resume) == (3, told, f"HTTP {status}", page_url(3))


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_behind_the_last_is_the_end_and_no_failure(status: int) -> None:
    answers = walk(lambda url: status if url == page_url(3) else paged(9)(url))
    last = answers[page_url(3)]
    assert (last.status, last.reason, last.resume) == ("complete", f"no further page (HTTP {status})", "")


def test_a_web_page_in_place_of_a_further_page_is_refused() -> None:
    page = '<html><link rel="alternate" type="application/rss+xml" href="/other.xml"></html>'
    answers = walk(lambda url: page if url == page_url(2) else paged(9)(url))
    assert list(answers) == [FEED, page_url(2)]
    assert (answers[page_url(2)].status, answers[page_url(2)].asks) == ("refused", ())


def test_an_unchanged_front_leads_nowhere() -> None:
    answers = walk(lambda _: 304)
    assert (list(answers), answers[FEED].reason) == ([FEED], "not modified")


def test_a_page_that_is_cut_is_not_followed() -> None:
    answers = walk(lambda url: str(paged(9, form=atom)(url))[:-20])
    assert (list(answers), answers[FEED].status) == ([FEED], "failed")


def test_two_pages_that_name_each_other_come_to_an_end() -> None:
    other = f"{FEED}?paged=2"
    answers = walk(lambda url: atom([NOW], url[-1], FEED if url == other else other))
    assert list(answers) == [FEED, other]
    assert answers[other].reason == "its next page is one that was read before"


def test_a_feed_that_answers_every_page_with_the_first_comes_to_an_end() -> None:
    def same(url: str) -> str:
        number = int(url.partition("paged=")[2] or 1)
        return atom([NOW - timedelta(days=1)], "same", page_url(number + 1))

    assert list(walk(same)) == [FEED, page_url(2)]


def test_the_feeds_of_a_page_share_the_pages_of_one_source() -> None:
    home, count = "https://daily.example/", 3
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="/feed{number}">' for number in range(count)
    )

    def web(url: str) -> str:
        name, _, number = url.removeprefix(home).partition("?paged=")
        if not name:
            return f"<html>{links}</html>"
        day = NOW - timedelta(days=int(number or 1))
        return atom([day], f"{name}/{number}", f"/{name}?paged={int(number or 1) + 1}")

    asks: list[Ask] = []
    answers = walk(web, source=home, seen=asks)
    assert len(answers) == 1 + count + count * 3
    further = [ask for ask in asks if ask.kind == "page"]
    assert {(ask.place, ask.query) for ask in further} == {(home, OLDER_OF_FEEDS)}
    assert {answers[ask.url].resume for ask in further} == {""}
    again = walk(web, remembered(asks, answers), source=home, now=NOW + timedelta(hours=1))
    assert len(again) == 1 + count


def test_the_ledger_knows_further_pages_by_their_feed() -> None:
    asks: list[Ask] = []
    walk(paged(3), seen=asks)
    begin = datetime(2018, 10, 1, tzinfo=UTC)
    assert [(ask.kind, ask.place, ask.query, ask.since) for ask in asks] == [
        ("feed", FEED, "", None),
        ("page", FEED, OLDER, begin),
        ("page", FEED, OLDER, begin),
    ]


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 40),
    st.floats(0.01, 200),
    st.none() | st.dates(date(2017, 1, 1), date(2019, 3, 1)),
    st.none() | st.dates(date(2017, 1, 1), date(2019, 3, 1)),
    st.none() | st.floats(0, 1_000),
    st.sampled_from(["complete", "saturated", "refused", "failed"]),
    st.sampled_from(["", page_url(7), "https://daily.example/feed?other=1"]),
)
def test_no_source_is_asked_for_more_pages_than_the_bound(
    pages: int, days: float, since: date | None, until: date | None, ago: float | None, status: str, resume: str
) -> None:
    past = None if ago is None else known(asked=NOW - timedelta(hours=ago), status=status, resume=resume)
    answers = walk(paged(pages, days=days), past, since=since, until=until)
    assert len(answers) <= MAX_PAGES
    assert next(iter(answers)) == FEED


@given(st.integers(0, 99), st.none() | st.datetimes(timezones=st.just(UTC)), st.lists(st.from_regex(r"[0-9a-f]{16}")))
def test_a_way_is_read_back_as_it_was_written(left: int, at: datetime | None, seen: list[str]) -> None:
    way = Way(left=left, known=at, seen=tuple(mark.strip() for mark in seen))
    ask = Ask(url=FEED, source=Source(channel="feeds", url=FEED), kind="page", trail=way.trail)
    assert Way.of(ask) == way
