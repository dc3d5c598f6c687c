from __future__ import annotations

import gzip
import json
import random
import time
import tracemalloc
import urllib.error
import urllib.request
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.ask import Answer, Ask
from crawler.channels.gdelt import ENDPOINT, MAX_ASKS, MAX_FIRST, Gdelt
from crawler.channels.past import HALVED, Past, Question
from crawler.channels.search.artlist import MAX_BROKEN
from crawler.channels.search.gdelt_windows import SLOT, Window
from pipelines.items import Page
from pipelines.topic import Source, Term, Topic
from tests.loopback import Loopback
from tests.services import gdelt as service

NOW = datetime(2019, 9, 18, 12, 7, tzinfo=UTC)
SINCE = datetime(2019, 9, 1, tzinfo=UTC)
UNTIL = datetime(2019, 9, 8, tzinfo=UTC)
SOURCE = Source(channel="gdelt", url=ENDPOINT)
TOPIC = Topic(
    name="talks",
    terms=(Term(text="taliban", weight=1),),
    language="en",
    since=date(2019, 9, 1),
    until=date(2019, 9, 7),
    sources=(Source(channel="gdelt", url=""),),
)
QUERY = "taliban sourcelang:english"
ASK = Window(source=SOURCE, query=QUERY, since=SINCE, until=UNTIL).ask(100)


def page(body: str | bytes, *, status: int = 200, is_whole: bool = True, url: str = ENDPOINT) -> Page:
    headers = (("Content-Type", "text/html"),)
    raw = body.encode() if isinstance(body, str) else body
    return Page(url=url, status=status, headers=headers, body=raw, fetched=NOW, is_whole=is_whole)


def read(body: str | bytes, *, ask: Ask = ASK, status: int = 200, is_whole: bool = True, url: str = ENDPOINT) -> Answer:
    return Gdelt().read(ask, page(body, status=status, is_whole=is_whole, url=url), TOPIC, NOW)


def article(number: int = 1, **fields: str) -> dict[str, str]:
    usual = {
        "url": f"https://daily.example/{number}",
        "title": "Talks in Doha , again",
        "seendate": "20190903T031500Z",
        "domain": "daily.example",
        "language": "English",
    }
    return usual | fields


def listed(*articles: object) -> str:
    return json.dumps({"articles": articles})


def many(count: int) -> str:
    return listed(*(article(number) for number in range(count)))


# What is asked


def test_a_window_is_asked_with_its_last_second_counted_in() -> None:
    (ask,) = Gdelt().asks(TOPIC, NOW)
    assert (ask.since, ask.until, ask.query, ask.kind) == (SINCE, UNTIL, QUERY, "artlist")
    assert ask.place == ENDPOINT
    assert ask.url.startswith(f"{ENDPOINT}?query=taliban+sourcelang%3Aenglish&")
    assert dict(parse_qsl(urlsplit(ask.url).query)) == {
        "query": QUERY,
        "mode": "artlist",
        "format": "json",
        "maxrecords": "250",
        "sort": "datedesc",
        "startdatetime": "20190901000000",
        "enddatetime": "20190907235959",
    }


def test_a_source_may_name_another_endpoint() -> None:
    topic = replace(TOPIC, sources=(Source(channel="gdelt", url="https://mirror.example/doc?key=1"),))
    (ask,) = Gdelt().asks(topic, NOW)
    assert ask.url.startswith("https://mirror.example/doc?key=1&query=taliban")


def test_a_topic_without_a_window_is_asked_about_ninety_days_to_the_last_slot_that_is_over() -> None:
    asks = Gdelt().asks(replace(TOPIC, since=None, until=None), NOW)
    assert asks[0].until == datetime(2019, 9, 18, 11, 45, tzinfo=UTC)
    assert asks[-1].since == datetime(2019, 6, 20, 12, 0, tzinfo=UTC)
    assert [ask.until for ask in asks[1:]] == [ask.since for ask in asks[:-1]]
    assert [ask.until - ask.since for ask in asks if ask.since and ask.until][:3] == [timedelta(days=28)] * 3


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2020, 1, 1), None), (date(2000, 1, 1), date(2001, 1, 1)), (date(2019, 9, 9), date(2019, 9, 8))],
    ids=["in the future", "before GDELT", "the wrong way round"],
)
def test_a_window_of_which_gdelt_knows_nothing_is_not_asked(since: date, until: date | None) -> None:
    assert Gdelt().asks(replace(TOPIC, since=since, until=until), NOW) == ()


def test_days_at_both_ends_of_the_calendar_are_no_fault() -> None:
    asks = Gdelt().asks(replace(TOPIC, since=date.min, until=date.max), NOW)
    assert asks[-1].since == datetime(2017, 1, 1, tzinfo=UTC)


def test_the_newest_windows_of_all_queries_come_first() -> None:
    topic = replace(TOPIC, queries=("Taliban Doha", "Taliban Moscow"), terms=(), since=date(2019, 7, 1))
    asks = Gdelt().asks(topic, NOW)
    assert [ask.query.split()[1] for ask in asks] == ["doha", "moscow"] * 3
    assert [ask.until for ask in asks] == sorted((ask.until for ask in asks if ask.until), reverse=True)


def test_what_was_answered_before_is_not_asked_again() -> None:
    done = Question(
        place=ENDPOINT, query=QUERY, status="complete", asked=NOW - timedelta(days=1), since=SINCE, until=UNTIL
    )
    assert Gdelt().asks(TOPIC, NOW, Past([done])) == ()
    refused = replace(done, status="refused")
    assert len(Gdelt().asks(TOPIC, NOW, Past([refused]))) == 1
    halved = replace(done, status="saturated", resume=HALVED)
    half = replace(done, since=SINCE, until=SINCE + timedelta(days=3))
    (ask,) = Gdelt().asks(TOPIC, NOW, Past([halved, half]))
    assert (ask.since, ask.until) == (SINCE + timedelta(days=3), UNTIL)


def test_a_gap_that_begins_within_a_slot_is_asked_from_the_slot_on() -> None:
    done = Question(
        place=ENDPOINT, query=QUERY, status="complete", asked=NOW, since=SINCE, until=SINCE + timedelta(minutes=20)
    )
    (ask,) = Gdelt().asks(TOPIC, NOW, Past([done]))
    assert ask.since == SINCE + timedelta(minutes=15)


def test_a_topic_of_many_queries_and_years_is_asked_within_the_bounds() -> None:
    topic = replace(TOPIC, queries=tuple(f"Taliban place{n}" for n in range(20)), terms=(), since=date(2017, 1, 1))
    asks = Gdelt().asks(topic, NOW)
    assert len(asks) == MAX_FIRST
    assert sum(1 + int(ask.trail[0]) for ask in asks) <= MAX_ASKS == Gdelt().most(topic, NOW)


def test_no_source_or_no_query_is_no_question() -> None:
    assert Gdelt().asks(replace(TOPIC, sources=()), NOW) == ()
    assert Gdelt().asks(replace(TOPIC, terms=()), NOW) == ()
    assert Gdelt().most(replace(TOPIC, terms=()), NOW) == 0


# Answers as they should be


def test_articles_become_candidates_in_their_order() -> None:
    answer = read(listed(article(1), article(2, url="HTTPS://Daily.example:443/2?utm_source=x", title="Envoy leaves")))
    assert [(c.url, c.title, c.rank) for c in answer.candidates] == [
        ("https://daily.example/1", "Talks in Doha, again", 0),
        ("https://daily.example/2", "Envoy leaves", 1),
    ]
    assert answer.candidates[0].published == datetime(2019, 9, 3, 3, 15, tzinfo=UTC)
    assert (answer.status, answer.reason, answer.asks, answer.wait) == ("complete", "", (), 0)


@pytest.mark.parametrize("body", ["{}", "\ufeff{}", ' {"articles": []}', '{"articles":\n[ ]\n}', '{"timeline": []}'])
def test_no_articles_are_an_answer(body: str) -> None:
    answer = read(body)
    assert (answer.status, answer.candidates, answer.reason) == ("complete", (), "")


def test_only_the_domains_that_the_source_names_are_kept() -> None:
    source = replace(SOURCE, only=("daily.example", "news.herald.example"))
    ask = Window(source=source, query=QUERY, since=SINCE, until=UNTIL).ask(0)
    urls = ["https://www.daily.example/1", "https://news.herald.example/2", "https://herald.example/3"]
    answer = read(listed(*(article(url=url) for url in urls)), ask=ask)
    assert [c.url for c in answer.candidates] == urls[:2]
    assert (answer.status, answer.reason) == ("complete", "1 article of other domains")


# Answers as they sometimes are


@pytest.mark.parametrize(
    ("broken", "title"),
    [(r"It\'s on", "It's on"), (r"\x41 \q", "x41 q"), ("tab\there\x02", "tab here"), (r"a\\ \"b\" é", 'a\\ "b" é')],
    ids=["escaped apostrophe", "unknown escapes", "control characters", "true escapes stay"],
)
def test_json_with_illegal_characters_is_repaired(broken: str, title: str) -> None:
    answer = read(listed(article(title="TITLE"), article(2)).replace("TITLE", broken))
    assert [c.title for c in answer.candidates] == [title, "Talks in Doha, again"]
    assert answer.status == "complete"


def test_an_article_that_cannot_be_read_costs_only_itself() -> None:
    answer = read(listed(article(1), article(2, title="TITLE"), article(3)).replace("TITLE", 'the "deal" is off'))
    assert [c.url for c in answer.candidates] == ["https://daily.example/1", "https://daily.example/3"]
    assert (answer.status, answer.reason) == ("complete", "1 article unreadable")


def test_articles_that_are_no_objects_are_counted() -> None:
    answer = read(listed(article(1), None, 7, "x", []))
    assert len(answer.candidates) == 1
    assert answer.reason == "4 articles unreadable"


def test_articles_without_usable_links_are_told_and_none_is_refused() -> None:
    assert read(listed(article(1), article(url="javascript:1"))).reason == "1 entry without a usable link"
    assert read(listed(article(url=""), {})).status == "refused"


def test_fields_that_are_no_text_are_as_if_missing() -> None:
    answer = read(listed({"url": "https://daily.example/1", "title": None, "seendate": 20190903}))
    assert [(c.title, c.published) for c in answer.candidates] == [("", None)]


@pytest.mark.parametrize("cut", [-1, -3, -60, -200])
def test_an_answer_that_is_cut_keeps_what_stood_before(cut: int) -> None:
    answer = read(listed(*(article(n) for n in range(5)))[:cut])
    assert answer.status == "failed"
    assert "cut short" in answer.reason
    assert len(answer.candidates) in (3, 4, 5)


def test_a_body_that_was_not_received_whole_is_failed() -> None:
    assert read(many(250), is_whole=False).status == "failed"


def test_a_zipped_answer_is_unzipped() -> None:
    assert len(read(gzip.compress(many(3).encode())).candidates) == 3


REFUSALS = [*service.REFUSALS, "Timespan is too short.", "Invalid mode.", "ERROR", "[]", "null", "<!doctype html><p>no"]


@pytest.mark.parametrize("text", REFUSALS)
def test_whatever_else_gdelt_says_is_a_refusal_in_its_own_words(text: str) -> None:
    answer = read(f"\n{text}\n")
    assert (answer.status, answer.candidates, answer.asks, answer.wait) == ("refused", (), (), 0)
    assert answer.reason == ("no" if text.startswith("<!") else text)


def test_the_words_of_a_refusal_are_one_short_line_of_print() -> None:
    answer = read("no\x1b[31m\r\nway \x00" + "x" * 1000)
    assert answer.reason.startswith("no[31m way xxx")
    assert len(answer.reason) == 200


JSON = {
    "an error": ('{"error": "no such\\nmode"}', "no such mode"),
    "errors": ('{"errors": ["a"]}', "['a']"),
    "articles of another kind": ('{"articles": {"a": 1}}', "JSON whose articles are no list"),
    "no JSON": ('{"articles', "JSON that cannot be read"),
    "no JSON at all": ("{{{{", "JSON that cannot be read"),
    "depth": ('{"a":' * 9_000, "JSON that cannot be read"),
    "nothing readable": (listed(1, 2), "no readable article among 2"),
    "too many values": ('{"articles":[' + "[]," * 30_000, "JSON larger than an article list can be"),
    "too many characters": ('{"a":"' + "x" * 5_000_000 + '"}', "JSON larger than an article list can be"),
}


@pytest.mark.parametrize(("body", "reason"), JSON.values(), ids=JSON.keys())
def test_json_that_is_no_article_list_is_refused(body: str, reason: str) -> None:
    answer = read(body)
    assert (answer.status, answer.reason) == ("refused", reason)


@pytest.mark.parametrize("status", [200, 429, 503])
@pytest.mark.parametrize("text", [service.TOO_FAST, "please  limit requests\nto one every 5 seconds"])
def test_asked_too_fast_waits_a_minute_then_two_then_four(text: str, status: int) -> None:
    answers = [read(text, status=status, ask=replace(ASK, tries=tries)) for tries in range(4)]
    assert [answer.wait for answer in answers] == [60, 120, 240, 0]
    assert {answer.status for answer in answers} == {"refused"}


def test_429_is_too_fast_whatever_it_says() -> None:
    assert read("", status=429).wait == 60
    assert read("{}", status=429).status == "refused"


def test_an_article_about_a_rate_limit_is_no_rate_limit() -> None:
    answer = read(listed(article(title="Banks: limit requests to one every month")))
    assert (answer.status, len(answer.candidates)) == ("complete", 1)


STATUSES = {
    304: "complete",
    401: "refused",
    403: "refused",
    404: "failed",
    451: "refused",
    500: "failed",
    503: "failed",
}


@pytest.mark.parametrize(("status", "said"), STATUSES.items())
def test_an_http_error_is_never_empty(status: int, said: str) -> None:
    answer = read(many(2), status=status)
    assert (answer.status, answer.candidates) == (said, ())


def test_an_empty_body_or_a_consent_page_is_refused() -> None:
    assert (read(" ").status, read(" ").reason) == ("refused", "an empty body")
    assert read("{}", url="https://consent.example/").status == "refused"


# Halves


def test_a_full_answer_is_halved_and_the_newer_half_asked_first() -> None:
    answer = read(many(250))
    middle = datetime(2019, 9, 4, 12, 0, tzinfo=UTC)
    assert (answer.status, answer.resume, len(answer.candidates)) == ("saturated", HALVED, 250)
    assert answer.reason == "250 articles, which is all that GDELT shows; asking both halves of the window"
    assert [(ask.since, ask.until) for ask in answer.asks] == [(middle, UNTIL), (SINCE, middle)]
    assert {(ask.query, ask.source, ask.kind, ask.depth) for ask in answer.asks} == {(QUERY, SOURCE, "artlist", 1)}
    assert "enddatetime=20190904115959" in answer.asks[1].url


def test_249_articles_are_complete() -> None:
    assert read(many(249)).status == "complete"


def test_unreadable_articles_count_as_articles() -> None:
    assert read(listed(*(article(n) for n in range(249)), None)).resume == HALVED


def test_articles_of_other_domains_count_as_articles() -> None:
    ask = Window(source=replace(SOURCE, only=("herald.example",)), query=QUERY, since=SINCE, until=UNTIL).ask(9)
    answer = read(many(250), ask=ask)
    assert (answer.candidates, answer.resume, len(answer.asks)) == ((), HALVED, 2)


def test_a_slot_is_not_halved() -> None:
    ask = Window(source=SOURCE, query=QUERY, since=SINCE, until=SINCE + SLOT).ask(9)
    answer = read(many(250), ask=ask)
    assert (answer.status, answer.resume, answer.asks) == ("saturated", "", ())


def test_a_window_without_questions_left_stays_open_for_the_next_run() -> None:
    answer = read(many(250), ask=replace(ASK, trail=("1",)))
    assert (answer.status, answer.resume, answer.asks) == ("saturated", HALVED, ())
    assert answer.reason.endswith("the halves of the window are left to the next run")


# Whole runs against a GDELT of so many articles


@dataclass
class Run:
    """The spider's part, and the ledger's: asks are put, answers written down, also when the run is killed."""

    times: Sequence[datetime]
    ledger: list[Question] = field(default_factory=list)
    found: set[str] = field(default_factory=set)
    saturated: list[tuple[datetime, datetime]] = field(default_factory=list)
    requests: int = 0

    def __post_init__(self) -> None:
        self.times = sorted(self.times)

    @property
    def urls(self) -> set[str]:
        return {f"https://daily.example/{number}" for number in range(len(self.times))}

    def reply(self, ask: Ask) -> str:
        """The newest 250 of the window, as GDELT shows them."""
        assert ask.since
        assert ask.until
        begin, end = bisect_left(self.times, ask.since), bisect_left(self.times, ask.until)
        shown = range(end - 1, max(begin, end - 250) - 1, -1)
        return listed(*(article(n, seendate=f"{service.slot(self.times[n]):%Y%m%dT%H%M%SZ}") for n in shown))

    def go(self, topic: Topic, now: datetime, stop_after: int = 10**9) -> int:
        """How many requests one run makes."""
        channel, made = Gdelt(), 0
        waiting = list(channel.asks(topic, now, Past(self.ledger)))
        while waiting and made < stop_after:
            ask = waiting.pop(0)
            made += 1
            answer = channel.read(ask, page(self.reply(ask)), topic, now)
            assert answer.status in ("complete", "saturated"), answer.reason
            waiting[:0] = answer.asks
            self.found |= {candidate.url for candidate in answer.candidates}
            if answer.status == "saturated" and not answer.resume and ask.since and ask.until:
                self.saturated.append((ask.since, ask.until))
            self.ledger.append(
                Question(
                    place=ask.place, query=ask.query, status=answer.status, asked=now,
                    since=ask.since, until=ask.until, resume=answer.resume,
                )
            )  # fmt: skip
        self.requests += made
        return made


def stories(times: Iterable[datetime]) -> list[service.Story]:
    return [
        service.Story(url=f"https://daily.example/{number}", title=f"Taliban talks, part {number}", seen=seen)
        for number, seen in enumerate(times)
    ]


def at_random(count: int, seed: int, since: datetime = SINCE, days: float = 7) -> list[datetime]:
    dice = random.Random(seed)
    return [since + timedelta(days=days) * dice.random() for _ in range(count)]


@pytest.mark.parametrize("count", [0, 1, 249, 250, 251, 2_000, 9_000])
def test_all_articles_are_found_in_a_bounded_number_of_requests(count: int) -> None:
    run = Run(at_random(count, count))
    run.go(TOPIC, NOW)
    assert run.found == run.urls
    assert run.saturated == []
    assert run.requests <= 1 + 4 * count / 250 + 2 * (count >= 250)


def test_a_slot_of_more_articles_than_are_shown_is_marked_and_the_others_are_found() -> None:
    begin = SINCE + timedelta(days=3, hours=2)
    run = Run([*[begin + timedelta(minutes=3)] * 400, *at_random(300, 1)])
    run.go(TOPIC, NOW)
    assert run.saturated == [(begin, begin + SLOT)]
    crowd = {f"https://daily.example/{n}" for n, seen in enumerate(run.times) if begin <= seen < begin + SLOT}
    missing = run.urls - run.found
    assert missing < crowd
    assert len(missing) == len(crowd) - 250
    assert run.requests < 30


def test_a_killed_run_is_gone_on_with_and_nothing_is_lost() -> None:
    run = Run(at_random(3_000, 5))
    for kill in (1, 2, 3, 5, 7, 1, 4):
        run.go(TOPIC, NOW, stop_after=kill)
    before = len(run.found)
    run.go(TOPIC, NOW)
    assert before < len(run.found) == 3_000
    assert run.go(TOPIC, NOW) == 0
    assert run.requests <= 2 * 4 * 3_000 / 250


@pytest.mark.parametrize(("count", "runs"), [(5_000, 1), (12_000, 2), pytest.param(30_000, 4, marks=pytest.mark.soak)])
def test_more_than_one_run_can_ask_is_finished_by_the_next_ones(count: int, runs: int) -> None:
    topic = replace(TOPIC, since=date(2019, 6, 20), until=date(2019, 9, 10))
    run = Run(at_random(count, 9, datetime(2019, 6, 20, tzinfo=UTC), 83))
    made = []
    while not made or made[-1]:
        known = len(run.ledger)
        made.append(run.go(topic, NOW))
        assert made[-1] <= MAX_ASKS
        assert not made[-1] or any(one.status == "complete" for one in run.ledger[known:])
    assert run.found == run.urls
    assert len(made) - 1 <= runs


def test_tomorrow_only_what_is_new_is_asked() -> None:
    topic = replace(TOPIC, until=None)
    run = Run(at_random(500, 2, days=16))
    run.go(topic, NOW)
    assert run.go(topic, NOW) == 0
    assert run.go(topic, NOW + timedelta(days=1)) == 1
    last = run.ledger[-1]
    assert (last.since, last.until) == (
        datetime(2019, 9, 18, 11, 45, tzinfo=UTC),
        datetime(2019, 9, 19, 11, 45, tzinfo=UTC),
    )


def asked_over(web: Loopback, ask: Ask) -> Answer:
    """The answer to a question that went over a real connection."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": f"http://{web.address}"}))
    try:
        with opener.open(ask.url, timeout=10) as response:
            return read(response.read(), status=response.status, ask=ask)
    except urllib.error.HTTPError as error:
        with error:
            return read(error.read(), status=error.code, ask=ask)


def test_the_service_on_loopback_answers_and_limits() -> None:
    doc = service.Doc(stories(at_random(3, 1)), gap=0.5, odd_every=1)
    source = replace(SOURCE, url="http://api.gdeltproject.org/api/v2/doc/doc")
    ask = Window(source=source, query=QUERY, since=SINCE, until=UNTIL).ask(0)
    with Loopback() as web:
        web["api.gdeltproject.org"] = doc
        answers = [asked_over(web, ask), asked_over(web, ask), asked_over(web, ask)]
        time.sleep(0.6)
        answers.append(asked_over(web, ask))
    assert [(answer.status, len(answer.candidates), answer.wait) for answer in answers] == [
        ("complete", 3, 0), ("refused", 0, 60), ("refused", 0, 60), ("complete", 3, 0)
    ]  # fmt: skip
    assert answers[0].candidates[0].title.startswith("It's x odd")


# Malice

UNITS = [
    "{",
    '{"url":',
    '{"url":"',
    '{"articles":[',
    "\\",
    '\\u"',
    '"',
    "[",
    " ",
    "1,",
    '{"url":"a"},',
    "\x00",
    "&",
    "<a ",
]


@pytest.mark.parametrize("unit", UNITS, ids=repr)
@pytest.mark.parametrize("head", ["", '{"articles":['], ids=["bare", "in a list"])
def test_ten_megabytes_of_anything_are_read_in_seconds(head: str, unit: str) -> None:
    body = page(head + unit * (10_000_000 // len(unit)))
    begin = time.process_time()
    answer = Gdelt().read(ASK, body, TOPIC, NOW)
    assert time.process_time() - begin < 5
    assert answer.status in ("refused", "failed", "saturated")
    assert answer.reason


@pytest.mark.parametrize("unit", ['{"url":"', '{"url":"\\x', '{"url":"a","b":"c"}x', "{}  "], ids=repr)
def test_four_megabytes_of_broken_articles_are_given_up(unit: str) -> None:
    small = 15_000 * unit
    body = '{"articles":[' + small + " " * (4_000_000 - len(small) - 20)
    begin = time.process_time()
    answer = read(body)
    assert time.process_time() - begin < 5
    assert answer.status in ("refused", "failed")


def test_broken_articles_are_counted_only_so_far() -> None:
    answer = read('{"articles":[' + json.dumps(article()) + ',{"url":x}' * (MAX_BROKEN + 50) + "]}")
    assert answer.status == "failed"
    assert f"{MAX_BROKEN + 1} articles unreadable" in answer.reason


def test_a_large_answer_costs_bounded_memory() -> None:
    body = page(listed(*(article(n, title="word " * 2_000) for n in range(250))))
    tracemalloc.start()
    Gdelt().read(ASK, body, TOPIC, NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40 << 20


PIECES = (
    '{|}|[|]|"articles"|:|,|"url"|"https://daily.example/a"|"title"|"seendate"|"20190903T031500Z"|\\x|\\u12|\\|"|null|1e999|'
    "NaN|error|limit requests to one|<html>|\ufeff|\x00|OR"
)
pieces = st.sampled_from([piece.encode() for piece in PIECES.split("|")]) | st.binary(max_size=5)
bodies = st.binary(max_size=300) | st.lists(pieces, max_size=40).map(b"".join)
lists = st.lists(
    st.fixed_dictionaries({}, optional={key: st.text(max_size=20) | st.none() | st.integers() for key in article()}),
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(
    bodies | bodies.map(gzip.compress) | lists.map(lambda some: listed(*some).encode()),
    st.just(200) | st.integers(100, 599),
    st.integers(0, 5),
)
def test_any_bytes_are_an_answer(body: bytes, status: int, tries: int) -> None:
    answer = read(body, status=status, ask=replace(ASK, tries=tries))
    assert answer.status in ("complete", "saturated", "refused", "failed")
    assert answer.status == "complete" or answer.reason
    assert answer.wait in (0, 60, 120, 240)
    assert [c.rank for c in answer.candidates] == list(range(len(answer.candidates)))
    assert answer == read(body, status=status, ask=replace(ASK, tries=tries))
