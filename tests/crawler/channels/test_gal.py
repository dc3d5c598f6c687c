from __future__ import annotations

import gzip
import json
import random
import time
import tracemalloc
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.ask import Answer, Ask
from crawler.channels.gal import ENDPOINT, MAX_FAULTS, MAX_MISSING, MINUTES, Gal, after, slot_ask, slot_of
from crawler.channels.past import Past, Question
from crawler.channels.search.gallines import MAX_LINE, MAX_LINES
from pipelines.items import Page
from pipelines.relevance import link_score
from pipelines.topic import Source, Term, Topic
from tests.services import gdelt as service

NOW = datetime(2026, 4, 10, 12, 0, tzinfo=UTC)
SLOT = datetime(2026, 4, 9, 10, 16, tzinfo=UTC)
DAY = datetime(2026, 4, 9, tzinfo=UTC)
SOURCE = Source(channel="gal", url=ENDPOINT)
TOPIC = Topic(
    name="talks",
    terms=(Term(text="taliban", weight=5), Term(text="peace talks", weight=3), Term(text="envoy", weight=0.2)),
    since=date(2026, 4, 9),
    until=date(2026, 4, 9),
    sources=(Source(channel="gal", url=""),),
)
ASK = slot_ask(SOURCE, SLOT, DAY)


def page(body: str | bytes, *, status: int = 200, is_whole: bool = True, url: str = ASK.url) -> Page:
    raw = body.encode() if isinstance(body, str) else body
    return Page(url=url, status=status, headers=(), body=raw, fetched=NOW, is_whole=is_whole)


def read(
    body: str | bytes, *, ask: Ask = ASK, status: int = 200, is_whole: bool = True, topic: Topic = TOPIC
) -> Answer:
    return Gal().read(ask, page(body, status=status, is_whole=is_whole), topic, NOW)


def line(number: int = 1, **fields: object) -> str:
    usual: dict[str, object] = {
        "date": "2026-04-09T09:58:00Z",
        "url": f"https://daily.example/{number}",
        "domain": "daily.example",
        "outletName": "The Daily",
        "title": "Taliban open peace talks",
        "desc": "Envoys meet in Doha.",
        "lang": "en",
        "author": "A. Writer",
    }
    return json.dumps(usual | fields)


def urls(answer: Answer) -> list[str]:
    return [candidate.url for candidate in answer.candidates]


# Slots


def test_the_slots_of_a_day_tile_the_day() -> None:
    slot, spans = slot_of(DAY), []
    while slot < DAY + timedelta(days=1):
        spans.append((slot, after(slot)))
        slot = after(slot)
    assert len(spans) == 12 * 24 + 1
    assert spans[0] == (DAY - timedelta(minutes=12), DAY + timedelta(minutes=1))
    assert [end for _, end in spans[:-1]] == [begin for begin, _ in spans[1:]]
    assert spans[-1][1] > DAY + timedelta(days=1)
    assert {begin.minute for begin, _ in spans} == set(MINUTES)


@given(st.datetimes(datetime(2020, 1, 2), datetime(2029, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the strategy wants them naive
def test_every_moment_lies_in_one_slot(moment: datetime) -> None:
    slot = slot_of(moment)
    assert slot <= moment < after(slot)
    assert slot_of(slot) == slot
    assert slot_of(slot - timedelta(minutes=1)) < slot
    assert after(slot_of(slot - timedelta(minutes=1))) == slot


# What is asked


def test_the_newest_file_of_the_window_is_asked_first() -> None:
    (ask,) = Gal().asks(TOPIC, NOW)
    assert ask.url == "http://data.gdeltproject.org/gdeltv3/gal/20260409234800.gal.json.gz"
    assert (ask.since, ask.until) == (DAY + timedelta(hours=23, minutes=48), DAY + timedelta(days=1, minutes=1))
    assert (ask.place, ask.query, ask.kind) == (ENDPOINT, "", "file")


def test_a_source_may_name_another_place() -> None:
    topic = replace(TOPIC, sources=(Source(channel="gal", url="https://mirror.example/gal"),))
    (ask,) = Gal().asks(topic, NOW)
    assert ask.url == "https://mirror.example/gal/20260409234800.gal.json.gz"


def test_a_topic_without_a_window_is_asked_about_seven_days_up_to_an_hour_ago() -> None:
    (ask,) = Gal().asks(replace(TOPIC, since=None, until=None), NOW)
    assert (ask.since, ask.until) == (NOW - timedelta(minutes=72), NOW - timedelta(minutes=59))
    assert datetime.fromisoformat(ask.trail[0]) == NOW - timedelta(days=7, hours=1)


@pytest.mark.parametrize(
    ("since", "until"), [(date(2026, 4, 11), None), (date(2019, 1, 1), date(2019, 12, 31)), (date.max, date.max)]
)
def test_a_window_without_files_is_not_asked(since: date, until: date | None) -> None:
    topic = replace(TOPIC, since=since, until=until)
    assert Gal().asks(topic, NOW) == ()
    assert Gal().most(topic, NOW) == 0


def test_the_first_file_is_of_2020() -> None:
    (ask,) = Gal().asks(replace(TOPIC, since=date.min, until=date(2020, 1, 1)), NOW)
    assert datetime.fromisoformat(ask.trail[0]) == datetime(2020, 1, 1, tzinfo=UTC)


def test_each_open_part_is_a_chain_of_its_own_the_newest_first() -> None:
    def done(since: int, until: int) -> Question:
        return Question(
            place=ENDPOINT, query="", status="complete", asked=NOW,
            since=DAY + timedelta(hours=since), until=DAY + timedelta(hours=until),
        )  # fmt: skip

    asks = Gal().asks(TOPIC, NOW, Past([done(4, 8), done(20, 30)]))
    assert [(ask.since, datetime.fromisoformat(ask.trail[0])) for ask in asks] == [
        (DAY + timedelta(hours=19, minutes=48), DAY + timedelta(hours=8)),
        (DAY + timedelta(hours=3, minutes=48), DAY),
    ]


def test_most_is_one_question_for_each_file_and_feed() -> None:
    feed = Source(channel="gal", url="https://data.gdeltproject.org/gdeltv3/gal/feed.rss")
    assert Gal().most(TOPIC, NOW) == 288
    assert Gal().most(replace(TOPIC, sources=(*TOPIC.sources, feed)), NOW) == 289
    assert Gal().most(replace(TOPIC, sources=()), NOW) == 0


# Files


def test_promising_lines_become_candidates() -> None:
    answer = read(gzip.compress(f"{line(1)}\n{line(2, title='Rain &amp; peace talks', desc='<b>Doha</b>')}\n".encode()))
    assert [(c.url, c.title, c.summary, c.rank) for c in answer.candidates] == [
        ("https://daily.example/1", "Taliban open peace talks", "Envoys meet in Doha.", 0),
        ("https://daily.example/2", "Rain & peace talks", "Doha", 1),
    ]
    assert answer.candidates[0].published == datetime(2026, 4, 9, 9, 58, tzinfo=UTC)
    assert (answer.status, answer.reason) == ("complete", "")


def test_a_file_that_came_unzipped_is_read_too() -> None:
    assert len(read(line()).candidates) == 1


@pytest.mark.parametrize("missing", ["author", "desc", "lang", "date", "domain", "outletName"])
@pytest.mark.parametrize("how", ["missing", "null", "number"])
def test_fields_that_are_missing_cost_nothing_else(missing: str, how: str) -> None:
    fields = json.loads(line())
    del fields[missing]
    fields |= {"null": {missing: None}, "number": {missing: 7}}.get(how, {})
    answer = read(json.dumps(fields))
    assert (answer.status, len(answer.candidates)) == ("complete", 1)


def test_lines_off_the_topic_are_left_out_before_they_are_candidates() -> None:
    answer = read("\n".join([line(1), line(2, title="Cricket", desc="Rain"), line(3, title="An envoy", desc="")]))
    assert urls(answer) == ["https://daily.example/1"]
    assert answer.reason == "2 articles off the topic"


def test_the_description_counts_as_the_title_does() -> None:
    answer = read(line(title="What now?", desc="The Taliban want peace talks"))
    assert len(answer.candidates) == 1


def test_the_words_of_the_address_count() -> None:
    assert len(read(line(title="", desc="", url="https://daily.example/taliban-peace-talks")).candidates) == 1


def test_only_the_domains_that_the_source_names_are_kept() -> None:
    ask = slot_ask(replace(SOURCE, only=("herald.example",)), SLOT, DAY)
    answer = read(f"{line(1)}\n{line(2, url='https://www.herald.example/2')}", ask=ask)
    assert urls(answer) == ["https://www.herald.example/2"]
    assert answer.reason == "1 article of other domains"


@pytest.mark.parametrize("when", ["", "1601-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "soon"])
def test_a_date_that_cannot_be_is_none(when: str) -> None:
    assert read(line(date=when)).candidates[0].published is None


BROKEN = {
    "no JSON": "{'a': 1}",
    "cut": line()[:-5],
    "a list": "[1]",
    "a number": "7",
    "a word": "error",
    "depth": "[" * 20_000,
    "too long": json.dumps({"title": "taliban " * MAX_LINE}),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
@pytest.mark.parametrize("where", ["first", "between", "last"])
def test_a_broken_line_costs_only_itself(broken: str, where: str) -> None:
    lines = [line(1), line(2)]
    lines.insert({"first": 0, "between": 1, "last": 2}[where], broken)
    answer = read("\n".join(lines))
    assert urls(answer) == ["https://daily.example/1", "https://daily.example/2"]
    assert (answer.status, answer.reason) == ("complete", "1 line unreadable")


def test_blank_lines_and_windows_line_ends_are_no_lines() -> None:
    answer = read(f"\ufeff{line(1)}\r\n\r\n   \n{line(2)}\r\n")
    assert (len(answer.candidates), answer.reason) == (2, "")


def test_an_article_that_is_listed_twice_is_one_candidate() -> None:
    assert len(read(f"{line()}\n{line()}").candidates) == 1


@pytest.mark.parametrize("size", [1, 1 << 20, (1 << 20) - 7])
def test_it_does_not_matter_where_a_file_is_cut_into_pieces(size: int) -> None:
    filler = json.dumps({"title": "x" * 60_000})
    body = "\n".join([line(1), *[filler] * 40, line(2), "y" * size, line(3)])
    answer = read(body)
    assert [url[-1] for url in urls(answer)] == ["1", "2", "3"]
    assert "1 line unreadable" in answer.reason


NO_LISTS = {
    "a page": ("<html><p>Sorry</p></html>", "no list of articles"),
    "a word": ("AccessDenied", "no list of articles"),
    "lines of another kind": ("1\n2\n3", "no list of articles"),
    "no body": ("", "an empty body"),
    "an empty zip": (gzip.compress(b""), "a list without a line"),
    "blank lines": (gzip.compress(b"\n\n \n"), "a list without a line"),
    "no links": (line(url=""), "no usable link in 1 entry"),
}


@pytest.mark.parametrize(("body", "reason"), NO_LISTS.values(), ids=NO_LISTS.keys())
def test_what_is_no_list_is_refused_and_never_empty(body: str | bytes, reason: str) -> None:
    answer = read(body)
    assert (answer.status, answer.reason, answer.candidates) == ("refused", reason, ())
    assert len(answer.asks) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_is_not_there_is_complete(status: int) -> None:
    answer = read("<Error>NoSuchKey</Error>", status=status)
    assert (answer.status, answer.reason, answer.candidates) == ("complete", "no file for this minute", ())
    assert len(answer.asks) == 1


@pytest.mark.parametrize(("status", "said"), [(403, "refused"), (500, "failed"), (503, "failed"), (302, "failed")])
def test_an_http_error_is_told_and_the_file_before_is_asked(status: int, said: str) -> None:
    answer = read(line(), status=status)
    assert (answer.status, answer.reason, answer.candidates) == (said, f"HTTP {status}", ())
    assert answer.asks[0].trail[1] == "1"


def test_429_waits_a_minute_then_two_then_four_then_goes_on() -> None:
    answers = [read("", status=429, ask=replace(ASK, tries=tries)) for tries in range(4)]
    assert [(answer.wait, len(answer.asks)) for answer in answers] == [(60, 0), (120, 0), (240, 0), (0, 1)]


def test_a_zip_that_is_cut_keeps_what_stood_before() -> None:
    dice = random.Random(1)
    body = gzip.compress("\n".join(line(n, image=str(dice.random())) for n in range(900)).encode())
    answer = read(body[: len(body) // 2])
    assert answer.status == "failed"
    assert "cut short" in answer.reason
    assert 100 < len(answer.candidates) < 900


def test_a_body_that_was_not_received_whole_is_failed() -> None:
    assert read(line(), is_whole=False).status == "failed"


# The chain


def test_an_answer_leads_to_the_file_before() -> None:
    answer = read(line())
    (ask,) = answer.asks
    assert ask.url.endswith("/20260409100300.gal.json.gz")
    assert (ask.since, ask.until, ask.depth) == (SLOT - timedelta(minutes=13), SLOT, 0)
    assert ask.trail == ASK.trail


def test_the_chain_ends_where_its_part_begins() -> None:
    first = slot_ask(SOURCE, DAY - timedelta(minutes=12), DAY)
    assert read(line(), ask=first).asks == ()
    assert read(line(), ask=slot_ask(SOURCE, SLOT, SLOT)).asks == ()


def test_a_question_that_was_put_alone_leads_nowhere() -> None:
    assert read(line(), ask=Ask(url=ASK.url, source=SOURCE, kind="file")).asks == ()


def test_a_chain_ends_after_a_few_failures_in_a_row_and_begins_anew_after_each_answer() -> None:
    ask = ASK
    for _ in range(MAX_FAULTS - 1):
        (ask,) = read("", status=500, ask=ask).asks
    (fresh,) = read(line(), ask=ask).asks
    assert fresh.trail[1] == "0"
    last = read("", status=500, ask=ask)
    assert (last.asks, last.reason) == ((), f"HTTP 500, {MAX_FAULTS} in a row: the rest is left to the next run")


def test_a_chain_ends_after_a_day_without_any_file() -> None:
    ask = slot_ask(SOURCE, SLOT, DAY - timedelta(days=30))
    for _ in range(MAX_MISSING - 1):
        (ask,) = read("", status=404, ask=ask).asks
    last = read("", status=404, ask=ask)
    assert (last.asks, last.status) == ((), "complete")
    assert last.reason.endswith("the rest is left to the next run")


@dataclass
class Run:
    """The spider's part, and the ledger's."""

    stories: Sequence[service.Story]
    ledger: list[Question] = field(default_factory=list)
    found: set[str] = field(default_factory=set)

    def go(
        self, topic: Topic, now: datetime, stop_after: int = 10**9, broken: frozenset[int] = frozenset(),
        always: AbstractSet[datetime] = frozenset(),
    ) -> int:  # fmt: skip
        """How many requests one run makes; `broken` are those of them that fail, `always` the files that do."""
        channel, made = Gal(), 0
        waiting = list(channel.asks(topic, now, Past(self.ledger)))
        while waiting and made < stop_after:
            assert len(waiting) <= 10
            ask = waiting.pop(0)
            made += 1
            reply = service.gal_reply(ask.url, self.stories)
            is_broken = made in broken or ask.since in always
            answer = channel.read(ask, page(reply.body, status=500 if is_broken else reply.status), topic, now)
            waiting += answer.asks
            self.found |= set(urls(answer))
            self.ledger.append(
                Question(place=ask.place, query="", status=answer.status, asked=now, since=ask.since, until=ask.until)
            )
        return made


def stories(count: int) -> list[service.Story]:
    dice = random.Random(count)
    return [
        service.Story(
            url=f"https://daily.example/{n}",
            title="Taliban open peace talks",
            text="In Doha." if n % 10 else "",
            seen=DAY + timedelta(days=dice.random()),
        )
        for n in range(count)
    ]


def test_one_chain_finds_the_whole_day() -> None:
    run = Run(stories(600))
    assert run.go(TOPIC, NOW) == 289
    assert run.found == {story.url for story in run.stories}
    assert run.go(TOPIC, NOW) == 0


def test_a_killed_run_is_gone_on_with_and_asks_no_file_twice() -> None:
    run = Run(stories(600))
    made = [run.go(TOPIC, NOW, stop_after=kill) for kill in (1, 7, 50, 3, 100)]
    made.append(run.go(TOPIC, NOW))
    assert run.found == {story.url for story in run.stories}
    assert sum(made) == 289


def test_files_that_failed_are_asked_again_an_hour_later() -> None:
    run = Run(stories(600))
    assert run.go(TOPIC, NOW, broken=frozenset({5, 6, 200})) == 289
    assert len(run.found) < 600
    assert run.go(TOPIC, NOW) == 0
    assert run.go(TOPIC, NOW + timedelta(hours=2)) == 3
    assert run.found == {story.url for story in run.stories}


def test_files_that_always_fail_do_not_hide_those_before_them() -> None:
    run, always = Run(stories(600)), {slot_of(DAY + timedelta(hours=20))}
    while len(always) < MAX_FAULTS + 3:  # more in a row than one chain bears
        always.add(slot_of(min(always) - timedelta(minutes=1)))
    lost = {story.url for story in run.stories if slot_of(story.seen) in always}
    for hours in range(0, 12, 2):
        run.go(TOPIC, NOW + timedelta(hours=hours), always=always)
    assert run.found == {story.url for story in run.stories} - lost
    assert run.go(TOPIC, NOW + timedelta(hours=14), always=always) == len(always)


def test_an_hour_later_only_new_files_are_asked() -> None:
    topic = replace(TOPIC, until=None)
    run = Run(stories(100))
    run.go(topic, NOW)
    assert run.go(topic, NOW + timedelta(hours=1)) in (12, 13)


# The feed

FEED = Ask(url="https://data.gdeltproject.org/gdeltv3/gal/feed.rss", source=SOURCE, kind="feed")


def test_an_address_of_a_feed_is_asked_as_it_is() -> None:
    topic = replace(TOPIC, sources=(Source(channel="gal", url=FEED.url),))
    (ask,) = Gal().asks(topic, NOW)
    assert (ask.url, ask.kind, ask.since, ask.place) == (FEED.url, "feed", None, FEED.url)


def test_the_feed_is_filtered_as_the_files_are() -> None:
    some = stories(3)
    other = service.Story(url="https://daily.example/x", title="Cricket", seen=DAY + timedelta(days=2))
    reply = service.gal_reply(FEED.url, [*some, other])
    answer = read(reply.body, ask=FEED)
    assert set(urls(answer)) == {story.url for story in some}
    assert [c.rank for c in answer.candidates] == [0, 1, 2]
    assert (answer.status, answer.reason) == ("complete", "1 article off the topic")


FEEDS = {
    "a page": ("<html><p>no", 200, "refused", "not a feed"),
    "JSON": ("{}", 200, "refused", "JSON without items: no JSON Feed"),
    "not there": ("", 404, "failed", "HTTP 404"),
    "not modified": ("", 304, "complete", "not modified"),
    "too fast": ("", 429, "refused", "HTTP 429"),
    "cut": (
        "<rss><channel><item><title>Taliban</title><link>/a</link></item>",
        200,
        "failed",
        "the document is cut short",
    ),
}


@pytest.mark.parametrize(("body", "status", "said", "reason"), FEEDS.values(), ids=FEEDS.keys())
def test_a_feed_that_is_none_is_told(body: str, status: int, said: str, reason: str) -> None:
    answer = read(body, ask=FEED, status=status)
    assert (answer.status, answer.reason.partition(";")[0]) == (said, reason)
    assert answer.asks == ()


# Bounds

UNITS = ["{", "{}\n", "\n", "[", '{"url":"taliban"}\n', '"', "taliban peace talks ", "\\", "\x00", "1\n", " "]


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_ten_megabytes_of_anything_are_read_in_seconds(unit: str) -> None:
    body = page(unit * (10_000_000 // len(unit)))
    begin = time.process_time()
    answer = Gal().read(ASK, body, TOPIC, NOW)
    assert time.process_time() - begin < 6
    assert answer.status in ("refused", "saturated")
    assert answer.reason


def test_more_lines_than_a_file_can_have_are_left_unread() -> None:
    body = "\n".join([line(1), *["{}"] * MAX_LINES, line(2)])
    answer = read(body)
    assert (answer.status, urls(answer)) == ("saturated", ["https://daily.example/1"])
    assert answer.reason.startswith(f"more than {MAX_LINES:,} lines")


@pytest.mark.parametrize("unit", [b"\n", b"x", b"{}\n"], ids=repr)
def test_a_gzip_bomb_costs_bounded_time_and_memory(unit: bytes) -> None:
    bomb = page(gzip.compress(unit * (60_000_000 // len(unit)), 6))
    tracemalloc.start()
    answer = Gal().read(ASK, bomb, TOPIC, NOW)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status in ("refused", "saturated")
    assert peak < 100 << 20


PIECES = (
    '{|}|[|"url":|"https://daily.example/a"|"title":|"taliban peace talks"|,|"lang":|"en"|\n|\r\n|null|\x00|\\x|1e999|'
    "<rss>|<item>"
)
pieces = st.sampled_from([piece.encode() for piece in PIECES.split("|")]) | st.binary(max_size=5)
lines = st.fixed_dictionaries(
    {}, optional={key: st.text(max_size=20) | st.none() | st.integers() for key in json.loads(line())}
)
bodies = (
    st.binary(max_size=300)
    | st.lists(pieces, max_size=40).map(b"".join)
    | st.lists(lines, max_size=4).map(lambda some: "\n".join(map(json.dumps, some)).encode())
)


@settings(max_examples=300, deadline=None)
@given(bodies | bodies.map(gzip.compress), st.just(200) | st.integers(100, 599), st.sampled_from([ASK, FEED]))
def test_any_bytes_are_an_answer(body: bytes, status: int, ask: Ask) -> None:
    answer = read(body, status=status, ask=ask)
    assert answer.status in ("complete", "saturated", "refused", "failed")
    assert answer.status == "complete" or answer.reason
    assert [c.rank for c in answer.candidates] == list(range(len(answer.candidates)))
    assert all(link_score(f"{c.title} {c.summary}", c.url, TOPIC) > 0 for c in answer.candidates)
    assert answer == read(body, status=status, ask=ask)
