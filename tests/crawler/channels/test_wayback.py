"""The channel `wayback` against an archive that the tests play: all that it has of a window, each thing asked once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.ask import Answer, Ask
from crawler.channels.feeds import Feeds
from crawler.channels.past import Past, Question
from crawler.channels.sitemaps import Sitemaps
from crawler.channels.wayback import ENDPOINT, MAX_CAPTURES, MAX_QUESTIONS, Wayback
from pipelines.items import Candidate, Page
from pipelines.topic import Source, Term, Topic
from tests.loopback import Loopback
from tests.services.wayback import Archive, Taken, stamps

NOW = datetime(2019, 6, 5, 12, tzinfo=UTC)
WAYBACK = Source(channel="wayback", url="")
FEED = Source(channel="feeds", url="https://daily.example/feed.xml")
TOPIC = Topic(
    name="talks",
    terms=(Term(text="taliban", weight=5), Term(text="peace talks", weight=2), Term(text="envoy", weight=0.5)),
    since=date(2019, 1, 1),
    until=date(2019, 3, 31),
    sources=(FEED, WAYBACK),
)
OUTLETS_ALONE = replace(TOPIC, sources=(replace(WAYBACK, only=("daily.example",)),))
BASE = "https://web.archive.org/web/"


def channel() -> Wayback:
    return Wayback({"feeds": Feeds(), "sitemaps": Sitemaps()})


def rss(*items: str) -> bytes:
    listed = "".join(f"<item><title>{item}</title><link>/news/{item}</link></item>" for item in items)
    return f"<rss><channel>{listed}</channel></rss>".encode()


def feed(stamp: str, *items: str, url: str = FEED.url) -> Taken:
    return Taken(stamp=stamp, url=url, body=rss(*items), mimetype="application/rss+xml")


def story(stamp: str, name: str = "taliban-meet-us-envoy", host: str = "daily.example", **options: str) -> Taken:
    return Taken(stamp=stamp, url=f"https://{host}/{name}", **options)  # type: ignore[arg-type]  # any field


@dataclass
class Runs:
    """Runs of the channel against an archive: what was found, and what the ledger has of it."""

    archive: Archive
    topic: Topic = TOPIC
    now: datetime = NOW
    found: dict[str, Candidate] = field(default_factory=dict)
    ledger: dict[tuple[object, ...], Question] = field(default_factory=dict)
    answers: list[tuple[Ask, Answer]] = field(default_factory=list)

    def run(self, answers: int = 10_000) -> Runs:
        """One run: killed after so many answers, or ended by the first 429, or dry."""
        waiting = self.asks()
        for ask in islice(waiting, answers):
            page = self.fetched(ask.url)
            answer = channel().read(ask, page, self.topic, self.now)
            self.note(ask, answer)
            if page.status == 429:
                break
            self.further[0:0] = answer.asks
        self.now += timedelta(hours=2)
        return self

    def asks(self) -> Iterator[Ask]:
        self.further: list[Ask] = []
        first = iter(channel().asks(self.topic, self.now, Past(self.ledger.values())))
        asked: set[str] = set()
        while (ask := self.further.pop(0) if self.further else next(first, None)) is not None:
            assert ask.source.channel == "wayback"
            assert ask.is_last_word
            if ask.url not in asked:
                asked.add(ask.url)
                yield ask

    def fetched(self, url: str) -> Page:
        hops = [url]
        reply = self.archive.answer(url)
        while reply.status == 302:
            hops.append(dict(reply.headers)["Location"])
            reply = self.archive.answer(hops[-1])
        return Page(
            url=hops[-1],
            status=reply.status,
            headers=reply.headers,
            body=reply.body,
            fetched=self.now,
            redirects=tuple(hops[:-1]),
        )

    def note(self, ask: Ask, answer: Answer) -> None:
        self.answers.append((ask, answer))
        for candidate in answer.candidates:
            self.found.setdefault(candidate.url, candidate)
        self.ledger[ask.place, ask.query, ask.since, ask.until] = Question(
            place=ask.place,
            query=ask.query,
            status=answer.status,
            asked=self.now,
            since=ask.since,
            until=ask.until,
            resume=answer.resume,
        )

    def statuses(self, words: str = "") -> list[str]:
        return [question.status for question in self.ledger.values() if words in question.query]

    def reasons(self, words: str) -> list[str]:
        return [answer.reason for ask, answer in self.answers if words in ask.query]


def asked_of(ask: Ask) -> dict[str, list[str]]:
    return parse_qs(urlsplit(ask.url).query)


def first_ask(kind: str, topic: Topic = TOPIC) -> Ask:
    return next(ask for ask in channel().asks(topic, NOW) if ask.kind == kind)


# What is asked


def test_an_outlet_is_asked_month_by_month_newest_first() -> None:
    asks = [ask for ask in channel().asks(TOPIC, NOW) if ask.kind == "outlet"]
    assert [ask.since for ask in asks] == [datetime(2019, month, 1, tzinfo=UTC) for month in (3, 2, 1)]
    assert asks[0].until == datetime(2019, 4, 1, tzinfo=UTC)
    asked = asked_of(asks[0])
    assert asks[0].url.startswith(f"{ENDPOINT}?url=daily.example&matchType=domain&")
    assert (asked["from"], asked["to"]) == (["20190301000000"], ["20190331235959"])
    assert asked["filter"] == [
        "statuscode:200",
        "mimetype:text/html",
        "original:(?i).*(taliban|peace.{1,3}talk|envo).*",
    ]
    assert (asked["collapse"], asked["output"], asked["showResumeKey"]) == (["urlkey"], ["json"], ["true"])


def test_other_words_are_another_question_to_the_ledger() -> None:
    other = replace(TOPIC, terms=(*TOPIC.terms, Term(text="khalilzad", weight=4)))
    one, two = first_ask("outlet").query, first_ask("outlet", other).query
    assert one.startswith("pages of daily.example, words ")
    assert two.startswith("pages of daily.example, words ")
    assert one != two


def test_a_topic_without_plain_words_asks_for_every_page() -> None:
    ask = first_ask("outlet", replace(TOPIC, terms=(Term(text="талибан", weight=5),)))
    assert ask.query == "pages of daily.example"
    assert asked_of(ask)["filter"] == ["statuscode:200", "mimetype:text/html"]


def test_a_source_is_asked_for_its_captures_one_a_day() -> None:
    ask = first_ask("captures")
    asked = asked_of(ask)
    assert (asked["url"], asked["matchType"], asked["collapse"]) == ([FEED.url], ["exact"], ["timestamp:8"])
    assert asked["filter"] == ["statuscode:200"]
    assert ask.query == "captures of feeds https://daily.example/feed.xml"


def test_sources_and_outlets_are_asked_by_turns() -> None:
    kinds = [ask.kind for ask in channel().asks(TOPIC, NOW)]
    assert kinds == ["captures", "outlet", "outlet", "outlet"]


def test_services_and_carriers_of_feeds_are_no_outlets() -> None:
    urls = ("https://feeds.feedburner.com/daily", "https://news.google.com/rss", "https://daily.example/feed.xml")
    topic = replace(TOPIC, sources=(*(Source(channel="feeds", url=url) for url in urls), WAYBACK))
    asked = [asked_of(ask)["url"][0] for ask in channel().asks(topic, NOW) if ask.kind == "outlet"]
    assert set(asked) == {"daily.example"}


def test_a_line_may_name_the_outlets_that_it_is_about() -> None:
    weekly = Source(channel="feeds", url="https://weekly.example/feed")
    topic = replace(TOPIC, sources=(FEED, weekly, replace(WAYBACK, only=("weekly.example",))))
    asked = {asked_of(ask)["url"][0] for ask in channel().asks(topic, NOW)}
    assert asked == {"weekly.example", "https://weekly.example/feed"}


def test_an_archive_elsewhere_is_asked_there_and_nowhere_else() -> None:
    topic = replace(TOPIC, sources=(FEED, replace(WAYBACK, url="http://127.0.0.1:8099/cdx/search/cdx")))
    runs = Runs(Archive(captures=[feed("20190110000000", "a"), story("20190110000000")]), topic).run()
    assert all(url.startswith("http://127.0.0.1:8099/") for url in runs.archive.asked)
    assert {candidate.via.partition("/web/")[0] for candidate in runs.found.values()} == {"http://127.0.0.1:8099"}


def test_a_site_among_the_sitemaps_is_asked_for_its_robots() -> None:
    topic = replace(TOPIC, sources=(Source(channel="sitemaps", url="https://daily.example/"), WAYBACK))
    assert asked_of(first_ask("captures", topic))["url"] == ["https://daily.example/robots.txt"]


def test_the_front_page_of_a_section_is_read_too() -> None:
    class Sections(Feeds):
        name = "sections"

    topic = replace(TOPIC, sources=(Source(channel="sections", url="https://daily.example/world"), WAYBACK))
    asks = Wayback({"sections": Sections()}).asks(topic, NOW)
    assert [asked_of(ask)["url"][0] for ask in asks if ask.kind == "captures"] == [
        "https://daily.example/world",
        "https://daily.example/",
    ]


def test_the_current_week_is_left_to_a_later_run() -> None:
    topic = replace(OUTLETS_ALONE, since=date(2019, 6, 1), until=None)
    (ask,) = channel().asks(topic, NOW)  # a Wednesday
    assert ask.until == datetime(2019, 6, 3, tzinfo=UTC)
    assert list(channel().asks(replace(topic, since=date(2019, 6, 4)), NOW)) == []


def test_a_topic_without_a_beginning_is_asked_for_a_year() -> None:
    asks = list(channel().asks(replace(OUTLETS_ALONE, since=None), NOW))
    assert min(ask.since for ask in asks if ask.since) == datetime(2018, 4, 1, tzinfo=UTC)


def test_one_run_begins_with_a_bounded_number_of_questions() -> None:
    sources = tuple(Source(channel="feeds", url=f"https://d{number}.example/feed") for number in range(500))
    topic = replace(TOPIC, sources=(*sources, WAYBACK))
    asks = list(channel().asks(topic, NOW))
    assert len(asks) == MAX_QUESTIONS
    assert {ask.kind for ask in asks} == {"captures", "outlet"}
    assert channel().most(topic, NOW) >= MAX_QUESTIONS


def test_without_a_source_line_nothing_is_asked() -> None:
    topic = replace(TOPIC, sources=(FEED,))
    assert list(channel().asks(topic, NOW)) == []
    assert channel().most(topic, NOW) == 0


# The pages of an outlet


def test_a_page_of_the_index_is_a_candidate_with_its_capture() -> None:
    runs = Runs(Archive(captures=[story("20190129120000", "2019/01/28/taliban-talks?id=7&a=1")]), OUTLETS_ALONE).run()
    (found,) = runs.found.values()
    assert found.url == "https://daily.example/2019/01/28/taliban-talks?id=7&a=1"
    assert found.via == f"{BASE}20190129120000id_/{found.url}"
    assert found.published == datetime(2019, 1, 28, tzinfo=UTC)
    assert found.score > 0.5
    assert runs.statuses() == ["complete"] * 3


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("taliban-meet-us-envoy", datetime(2019, 1, 29, 12, tzinfo=UTC)),
        ("20190128/taliban", datetime(2019, 1, 28, tzinfo=UTC)),
        ("world/2019/jan/28/taliban", datetime(2019, 1, 28, tzinfo=UTC)),
        ("2019-01-28-taliban-talks", datetime(2019, 1, 28, tzinfo=UTC)),
        ("2019/13/41/taliban-meet-envoy", datetime(2019, 1, 29, 12, tzinfo=UTC)),
        ("2031/01/28/taliban-meet-envoy", datetime(2019, 1, 29, 12, tzinfo=UTC)),
        ("taliban-talks-1234567890123", datetime(2019, 1, 29, 12, tzinfo=UTC)),
    ],
)
def test_the_date_is_the_addresss_else_that_of_the_capture(name: str, published: datetime) -> None:
    runs = Runs(Archive(captures=[story("20190129120000", name)]), OUTLETS_ALONE).run()
    assert [found.published for found in runs.found.values()] == [published]


NO_CANDIDATES = {
    "a front page": story("20190129120000", ""),
    "a tag": story("20190129120000", "tag/taliban"),
    "an author": story("20190129120000", "author/peace-talks"),
    "a search": story("20190129120000", "search?q=taliban+talks+2019"),
    "a section": story("20190129120000", "world/taliban"),
    "an older page": story("20190129120000", "2015/01/29/taliban-meet-envoy"),
    "a picture": story("20190129120000", "2019/01/29/taliban.jpg"),
    "another matter": story("20190129120000", "2019/01/29/cricket-results-today"),
    "another outlet": story("20190129120000", host="notdaily.example"),
    "an answer of 404": story("20190129120000", status="404"),
    "a redirect": story("20190129120000", status="301"),
    "a PDF": story("20190129120000", mimetype="application/pdf"),
    "before the window": story("20181231235959"),
    "after the window": story("20190401000000"),
}


@pytest.mark.parametrize("taken", NO_CANDIDATES.values(), ids=NO_CANDIDATES.keys())
def test_what_promises_no_article_of_the_topic_is_left_out(taken: Taken) -> None:
    assert Runs(Archive(captures=[taken]), OUTLETS_ALONE).run().found == {}


def test_the_ledger_says_what_was_left_out() -> None:
    captures = [story("20190129120000", "tag/taliban"), story("20190129120000", "2015/01/29/taliban-meet-envoy")]
    runs = Runs(Archive(captures=captures), OUTLETS_ALONE).run()
    reason = next(reason for reason in runs.reasons("pages of") if reason)
    assert "1 capture of no article by the address" in reason
    assert "1 capture outside of the topic's window by the address" in reason


def test_a_page_captured_often_is_one_candidate_by_its_first_capture() -> None:
    url = "http://www.daily.example:80/2019/01/10/taliban-talks"
    captures = [
        story("20190112000000", "2019/01/10/taliban-talks"),
        Taken(stamp="20190111000000", url=url),
        Taken(stamp="20190220000000", url=url, body=b"another text"),
    ]
    runs = Runs(Archive(captures=captures), OUTLETS_ALONE).run()
    february, january = [answer.candidates for _, answer in runs.answers if answer.candidates]
    assert [found.via for found in january] == [f"{BASE}20190111000000id_/{url}"]
    assert [found.via for found in february] == [f"{BASE}20190220000000id_/{url}"]


def test_a_note_that_nothing_had_changed_is_a_capture_too() -> None:
    ask = first_ask("outlet")
    row = '["k","20190129120000","https://daily.example/taliban-meet-envoy","warc/revisit","-","D","1"]'
    answer = answered(ask, f'[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],{row}]')
    assert len(answer.candidates) == 1


def test_every_page_of_the_window_is_found_whatever_the_archives_bound() -> None:
    captures = [story(f"20190{1 + n % 3}15{n:06d}", f"taliban-talks-day-{n}") for n in range(45)]
    runs = Runs(Archive(captures=captures, most=4), OUTLETS_ALONE).run()
    assert len(runs.found) == 45
    assert set(runs.statuses()) == {"complete"}
    assert len(runs.archive.asked) == len(set(runs.archive.asked))


def test_a_long_answer_is_read_to_a_bound_and_gone_on_with_in_the_next_run() -> None:
    captures = [story(f"20190115{n:06d}", f"taliban-talks-day-{n}") for n in range(30)]
    runs = Runs(Archive(captures=captures, most=3), OUTLETS_ALONE).run()
    assert "saturated" in runs.statuses()
    assert len(runs.found) == 15
    runs.run().run()
    assert len(runs.found) == 30
    assert set(runs.statuses()) == {"complete"}
    assert len(runs.archive.asked) == len(set(runs.archive.asked))


@pytest.mark.parametrize("killed_after", range(1, 12))
def test_a_killed_run_goes_on_where_it_was(killed_after: int) -> None:
    captures = [story(f"20190{1 + n % 3}15{n:06d}", f"taliban-talks-day-{n}") for n in range(30)]
    captures += [feed(f"2019011{n}000000", f"item-{n}") for n in range(6)]
    runs = Runs(Archive(captures=captures, most=7)).run(killed_after).run()
    assert len(runs.found) == 36
    assert set(runs.statuses()) == {"complete"}
    assert len(runs.archive.asked) == len(set(runs.archive.asked))


@pytest.mark.parametrize("refused", range(1, 12))
def test_a_run_that_was_told_to_stop_goes_on_where_it_was(refused: int) -> None:
    captures = [story(f"20190{1 + n % 3}15{n:06d}", f"taliban-talks-day-{n}") for n in range(30)]
    captures += [feed(f"2019011{n}000000", f"item-{n}") for n in range(6)]
    archive = Archive(captures=captures, most=7, refuse_at=frozenset([refused]))
    runs = Runs(archive).run()
    assert len(archive.asked) == refused
    runs.run().run()
    assert len(runs.found) == 36
    assert set(runs.statuses()) == {"complete"}
    told = archive.asked[refused - 1]
    assert sorted(archive.asked) == sorted([*set(archive.asked), told])


def test_what_was_answered_is_not_asked_again() -> None:
    runs = Runs(Archive(captures=[feed("20190110000000", "a"), story("20190110000000")])).run()
    before = len(runs.archive.asked)
    assert len(runs.run().archive.asked) == before


def test_an_outlet_that_the_archive_shows_nobody_is_asked_once_a_run() -> None:
    runs = Runs(Archive(captures=[story("20190110000000")], blocked=frozenset(["daily.example"])), OUTLETS_ALONE).run()
    assert runs.statuses() == ["refused"] * 3
    assert set(runs.reasons("pages")) == {"blocked by the archive: AdministrativeAccessControlException"}
    assert len(runs.archive.asked) == 3
    assert len(runs.run().archive.asked) == 4


def test_an_index_that_goes_on_where_it_began_is_not_followed() -> None:
    ask = replace(first_ask("outlet"), resume="k 2019")
    answer = answered(ask, '[[],["k+2019"]]')
    assert (answer.status, answer.reason, answer.asks) == ("failed", "the index goes on where it began", ())


HEAD = '[["urlkey","timestamp","original","mimetype","statuscode","digest","length"],'


def test_rows_of_one_page_are_one_candidate_in_whatever_order_they_come() -> None:
    rows = [
        f'["k","{stamp}","{url}","text/html","200","{digest}","1"]'
        for stamp, url, digest in (
            ("20190320000000", "https://daily.example/taliban-meet-envoy", "A"),
            ("20190302000000", "http://www.daily.example/taliban-meet-envoy", "A"),
            ("20190310000000", "https://daily.example/taliban-meet-envoy", "B"),
        )
    ]
    (found,) = answered(first_ask("outlet"), f"{HEAD}{','.join(rows)}]").candidates
    assert found.via == f"{BASE}20190302000000id_/http://www.daily.example/taliban-meet-envoy"


def test_a_page_of_another_outlet_is_left_out_even_where_the_index_lists_it() -> None:
    row = '["k","20190320000000","https://evil.example/taliban-meet-envoy","text/html","200","A","1"]'
    answer = answered(first_ask("outlet"), f"{HEAD}{row}]")
    assert (answer.candidates, answer.reason) == ((), "1 capture of another outlet")


def test_a_refused_page_of_an_answer_is_asked_again_where_it_was() -> None:
    ask = replace(first_ask("outlet"), resume="k 2019")
    answer = answered(ask, "<html>Sorry")
    assert (answer.status, answer.resume) == ("refused", "k 2019")


# Captures of sources


def test_the_links_of_a_captured_feed_lead_to_their_captures() -> None:
    runs = Runs(Archive(captures=[feed("20190110081500", "a", "b")])).run()
    assert {found.via: found.title for found in runs.found.values()} == {
        f"{BASE}20190110081500id_/https://daily.example/news/a": "a",
        f"{BASE}20190110081500id_/https://daily.example/news/b": "b",
    }
    assert set(runs.statuses()) == {"complete"}


def test_a_capture_like_the_one_before_is_not_read_again() -> None:
    captures = [
        feed("20190110000000", "a"),
        feed("20190111000000", "a"),
        feed("20190112000000", "b"),
        feed("20190112100000", "c"),
        feed("20190113000000", "a"),
    ]
    runs = Runs(Archive(captures=captures)).run()
    assert sorted(stamps(runs.archive.asked)) == ["20190110000000", "20190112000000", "20190113000000"]


def test_a_robots_file_that_never_changes_leads_to_sitemaps_that_do() -> None:
    robots, sitemap = "https://daily.example/robots.txt", "https://daily.example/news.xml"
    body = f"Sitemap: {sitemap}".encode()
    captures = [Taken(stamp=f"2019011{n}000000", url=robots, body=body, mimetype="text/plain") for n in range(3)]
    captures += [
        Taken(stamp=f"2019011{n}003000", url=sitemap, body=f"<urlset><url><loc>/{n}</loc></url></urlset>".encode())
        for n in range(3)
    ]
    topic = replace(TOPIC, sources=(Source(channel="sitemaps", url="https://daily.example/"), WAYBACK))
    runs = Runs(Archive(captures=captures), topic).run()
    assert set(runs.found) == {f"https://daily.example/{n}" for n in range(3)}
    assert set(runs.statuses("captures")) == {"complete"}
    # The archive had none of the sitemap at that moment, and led to the nearest: that one's time counts.
    assert {found.via[:42] for found in runs.found.values()} == {f"{BASE}2019011{n}003000" for n in range(3)}


def test_a_captured_page_is_asked_for_the_feeds_that_it_names() -> None:
    page = b"<html><head><link rel=alternate type=application/rss+xml href=/feed.xml></head>"
    captures = [Taken(stamp="20190110000000", url="https://daily.example/", body=page), feed("20190110000100", "a")]
    topic = replace(TOPIC, sources=(Source(channel="feeds", url="https://daily.example/"), WAYBACK))
    runs = Runs(Archive(captures=captures), topic).run()
    assert set(runs.found) == {"https://daily.example/news/a"}
    assert set(runs.statuses("captures")) == {"complete"}


def test_pages_that_name_each_other_come_to_an_end() -> None:
    def page(url: str, feed: str) -> Taken:
        body = f"<html><head><link rel=alternate type=application/rss+xml href={feed}></head>".encode()
        return Taken(stamp="20190110000000", url=f"https://daily.example{url}", body=body)

    topic = replace(TOPIC, sources=(Source(channel="feeds", url="https://daily.example/"), WAYBACK))
    runs = Runs(Archive(captures=[page("/", "/a"), page("/a", "/b"), page("/b", "/c"), page("/c", "/d")]), topic).run()
    assert len(stamps(runs.archive.asked)) == 3
    assert set(runs.statuses("captures")) == {"complete"}


def test_one_run_reads_a_bounded_number_of_captures_spread_over_the_window() -> None:
    days = [datetime(2019, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(90)]
    captures = [feed(f"{day:%Y%m%d}000000", f"item-{day:%j}") for day in days]
    runs = Runs(Archive(captures=captures)).run()
    read = sorted(stamps(runs.archive.asked))
    assert len(read) == MAX_CAPTURES
    assert {stamp[:6] for stamp in read} == {"201901", "201902", "201903"}
    gaps = [int(b[6:8]) - int(a[6:8]) for a, b in pairwise(read) if a[:6] == b[:6]]
    assert max(gaps) <= 4
    assert runs.statuses("captures") == ["saturated"]
    assert runs.reasons("captures")[-1].endswith("60 captures left to read")
    runs.run().run()
    assert len(runs.found) == 90
    assert runs.statuses("captures") == ["complete"]
    assert len(runs.archive.asked) == len(set(runs.archive.asked))


def test_the_bound_of_a_source_is_shared_by_the_years_of_the_window() -> None:
    days = [datetime(2018, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(500)]
    captures = [feed(f"{day:%Y%m%d}000000", f"item-{day:%y%j}") for day in days]
    runs = Runs(Archive(captures=captures), replace(TOPIC, since=date(2018, 1, 1), until=date(2019, 5, 15))).run()
    read = stamps(runs.archive.asked)
    assert len(read) == MAX_CAPTURES
    assert {stamp[:4] for stamp in read} == {"2018", "2019"}


def test_an_index_of_indexes_is_followed_two_captures_deep() -> None:
    def index(number: int) -> Taken:
        child = f"<sitemap><loc>https://daily.example/{number + 1}.xml</loc></sitemap>"
        body = f"<sitemapindex>{child}</sitemapindex>".encode()
        return Taken(stamp="20190110000000", url=f"https://daily.example/{number}.xml", body=body)

    topic = replace(TOPIC, sources=(Source(channel="sitemaps", url="https://daily.example/0.xml"), WAYBACK))
    runs = Runs(Archive(captures=[index(number) for number in range(6)]), topic).run()
    read = [url.rpartition("/")[2] for url in runs.archive.asked if "/web/" in url]
    assert read == ["0.xml", "1.xml", "2.xml"]
    assert runs.statuses("captures") == ["complete"]


def test_links_published_outside_of_the_window_are_left_out() -> None:
    body = b"<rss><channel><item><link>/a</link><pubDate>Tue, 05 Jan 2016 00:00:00 GMT</pubDate></item></channel></rss>"
    assert Runs(Archive(captures=[Taken(stamp="20190110000000", url=FEED.url, body=body)])).run().found == {}


def test_a_capture_that_cannot_be_read_is_done_with() -> None:
    captures = [
        Taken(stamp="20190110000000", url=FEED.url, body=b"<html>Moved away"),
        feed("20190111000000", "a"),
    ]
    runs = Runs(Archive(captures=captures)).run()
    assert len(runs.found) == 1
    assert runs.statuses("captures") == ["complete"]
    assert "capture of 2019-01-10: refused: a page that names no feed of its outlet" in str(runs.reasons("captures"))


def answered(ask: Ask, body: str | bytes = b"", status: int = 200, **options: object) -> Answer:
    raw = body.encode() if isinstance(body, str) else body
    page = Page(url=ask.url, status=status, headers=(), body=raw, fetched=NOW)
    return channel().read(ask, replace(page, **options), TOPIC, NOW)  # type: ignore[arg-type]  # any field


def capture_question(resume: str = "20190110000000 20190111000000") -> Ask:
    ask = first_ask("captures")
    url = f"{BASE}20190110000000id_/{FEED.url}"
    return replace(ask, kind="capture:feeds", url=url, resume=resume, trail=("5",))


ROTATED = "20190111000000 20190110000000"
NOT_GIVEN = {
    "out of order": ({"status": 503}, "failed", ROTATED),
    "too many": ({"status": 429}, "refused", "20190110000000 20190111000000"),
    "its own page": ({"body": "<html>Wayback Machine"}, "refused", ROTATED),
    "forbidden": ({"status": 403}, "refused", ROTATED),
    "blocked": ({"status": 403, "body": "x.RobotAccessControlException: Blocked By Robots"}, "refused", ""),
    "from elsewhere": (
        {"url": "https://evil.example/", "headers": (("Memento-Datetime", "Tue, 29 Jan 2019 12:00:00 GMT"),)},
        "refused",
        ROTATED,
    ),
}


@pytest.mark.parametrize(("answer", "status", "resume"), NOT_GIVEN.values(), ids=NOT_GIVEN.keys())
def test_a_capture_that_was_not_given_waits_for_a_later_run(
    answer: dict[str, object], status: str, resume: str
) -> None:
    said = answered(capture_question(), **answer)  # type: ignore[arg-type]  # any field
    assert (said.status, said.resume, said.asks, said.candidates) == (status, resume, (), ())
    assert said.reason


def test_a_capture_that_is_not_there_is_passed_over() -> None:
    said = answered(capture_question(), status=404)
    assert (said.status, said.resume) == ("saturated", "20190111000000")
    assert [ask.url for ask in said.asks] == [f"{BASE}20190111000000id_/{FEED.url}"]
    last = answered(capture_question("20190110000000"), status=404)
    assert (last.status, last.reason, last.resume) == ("complete", "the archive has no capture of it", "")


def test_a_capture_that_broke_off_on_its_way_is_read_again_later() -> None:
    headers = (("Memento-Datetime", "Thu, 10 Jan 2019 00:00:00 GMT"),)
    said = answered(capture_question(), rss("a", "b")[:-40], headers=headers, is_whole=False)
    assert (said.status, said.resume, said.asks) == ("failed", ROTATED, ())
    assert len(said.candidates) == 1


def test_a_list_that_nobody_wrote_is_refused() -> None:
    assert answered(capture_question("what/is this"), rss("a")).status == "refused"
    assert answered(replace(first_ask("captures"), query="captures of nothing x"), "[]").status == "refused"


def test_a_source_that_was_never_captured_is_complete() -> None:
    runs = Runs(Archive()).run()
    assert runs.reasons("captures") == ["never captured then"]
    assert set(runs.statuses()) == {"complete"}


def test_an_index_that_is_cut_is_asked_again() -> None:
    assert answered(first_ask("captures"), '[["timestamp","original"],["2019').status == "failed"
    assert answered(first_ask("outlet"), '[["timestamp","original"],["2019').status == "failed"


def test_the_archive_of_the_tests_stands_on_loopback_too() -> None:
    archive = Archive(captures=[feed("20190110000000", "a")])
    with Loopback() as web:
        web["127.0.0.1"] = archive
        topic = replace(TOPIC, sources=(FEED, replace(WAYBACK, url=f"http://{web.address}/cdx/search/cdx")))
        ask = next(iter(channel().asks(topic, NOW)))
        with urlopen(ask.url) as response:
            page = Page(url=ask.url, status=200, headers=(), body=response.read(), fetched=NOW)
    (further,) = channel().read(ask, page, topic, NOW).asks
    assert further.url == f"http://{web.address}/web/20190110000000id_/{FEED.url}"


words = st.sampled_from([
    b'[["urlkey","timestamp","original","mimetype","statuscode","digest","length"]', b",", b"[]", b'["key"]', b"]",
    b'["k","20190129120000","https://daily.example/taliban-meet-envoy","text/html","200","D","1"]', b"<rss><channel>",
    b'["k","20190129120000","http://[","text/html","200","D","1"]', b"<item><link>/a</link></item>", b"\x1f\x8b", b'"',
])  # fmt: skip
documents = st.binary(max_size=200) | st.lists(words | st.binary(max_size=6), max_size=12).map(b"".join)
asks = st.sampled_from([first_ask("outlet"), first_ask("captures"), capture_question(), capture_question("x")])
MEMENTO = (("Memento-Datetime", "Thu, 10 Jan 2019 00:00:00 GMT"),)


@settings(max_examples=300, deadline=None)
@given(asks, documents, st.just(200) | st.integers(100, 599), st.sampled_from([(), MEMENTO]), st.booleans())
def test_any_bytes_are_an_answer(
    ask: Ask, body: bytes, status: int, headers: tuple[tuple[str, str], ...], is_whole: bool
) -> None:
    answer = answered(ask, body, status, headers=headers, is_whole=is_whole)
    assert answer.status in ("complete", "saturated", "refused", "failed")
    assert answer.status == "complete" or answer.reason
    assert all(one.is_last_word and one.source == ask.source and one.query == ask.query for one in answer.asks)
    assert all(one.url.startswith("https://web.archive.org/") and one.url != ask.url for one in answer.asks)
    assert [candidate.rank for candidate in answer.candidates] == list(range(len(answer.candidates)))
    assert all(candidate.via.startswith(BASE) for candidate in answer.candidates)
    assert bool(answer.asks) <= bool(answer.resume)
