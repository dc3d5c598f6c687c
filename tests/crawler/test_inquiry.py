"""The bounds and the order of a run's questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from crawler.channels.ask import Answer, Ask
from crawler.channels.past import NOTHING_ASKED, Past
from crawler.inquiry import MAX_ASKS, MAX_ASKS_OF_SOURCE, OPEN, OPEN_WITH_GAP, Inquiry
from crawler.plan import Part
from pipelines.items import Page
from pipelines.topic import Source, Topic

SOURCE = Source(channel="feeds", url="https://daily.example/feed.xml")
TOPIC = Topic(name="talks", sources=(SOURCE,))
WHEN = datetime(2019, 1, 1, tzinfo=UTC)


@dataclass
class Listed:
    """A channel as far as an inquiry looks at it."""

    name: str = "feeds"
    gap: float = 0.0

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> Iterator[Ask]:
        return iter(())

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        return Answer()

    def most(self, topic: Topic, now: datetime) -> int:
        return 0


def ask(number: int, **more: object) -> Ask:
    return Ask(url=f"https://daily.example/{number}.xml", source=SOURCE, kind="feed", **more)  # type: ignore[arg-type]  # any field of an ask


def inquiry(first: Iterator[Ask] | list[Ask], *, gap: float = 0.0, budgets: dict[str, float] | None = None) -> Inquiry:
    made = Inquiry(budgets or {})
    made.add(Part(channel="feeds", topic=TOPIC, why=""), Listed(gap=gap), first)
    return made


def numbers(asks: Iterator[Ask]) -> list[int]:
    return [int(one.url.rsplit("/", 1)[1].split(".")[0]) for one in asks]


def test_questions_are_drawn_as_they_are_put() -> None:
    drawn = []

    def endless() -> Iterator[Ask]:
        for number in range(10_000):
            drawn.append(number)
            yield ask(number)

    made = inquiry(endless())
    assert len(list(made.next())) == OPEN
    assert len(drawn) == OPEN
    made.answered(ask(0), Answer(), 10)
    assert numbers(made.next()) == [OPEN]
    assert made.open == OPEN


def test_a_channel_with_a_distance_has_few_under_way() -> None:
    made = inquiry([ask(number) for number in range(9)], gap=5.0)
    assert numbers(made.next()) == list(range(OPEN_WITH_GAP))


def test_what_an_answer_leads_to_comes_first_in_its_own_order() -> None:
    made = inquiry([ask(number) for number in range(100)])
    assert len(list(made.next())) == OPEN
    made.answered(ask(0), Answer(asks=(ask(200, depth=1), ask(201, depth=1))), 10)
    made.answered(ask(1), Answer(), 10)
    assert numbers(made.next()) == [200, 201]


def test_each_question_is_put_once_a_run_whoever_leads_to_it() -> None:
    made = inquiry([ask(1), ask(1), ask(2)])
    assert numbers(made.next()) == [1, 2]
    made.answered(ask(1), Answer(asks=(ask(2),)), 10)
    assert numbers(made.next()) == []
    ranges = [ask(3, headers=(("Range", f"bytes={begin}-9"),)) for begin in (0, 5)]
    made.answered(ask(2), Answer(asks=tuple(ranges)), 10)
    assert numbers(made.next()) == [3, 3]


def test_a_source_that_names_thousands_is_bounded_and_a_window_is_not_taken_for_one() -> None:
    made = inquiry([ask(number) for number in range(1_000)])
    put = []
    while batch := list(made.next()):
        put += batch
        for one in batch:
            made.answered(one, Answer(), 1)
    assert len(put) == MAX_ASKS_OF_SOURCE
    windows = inquiry([ask(number, query="talks", since=WHEN) for number in range(MAX_ASKS + 100)])
    count = 0
    while batch := list(windows.next()):
        count += len(batch)
        for one in batch:
            windows.answered(one, Answer(), 1)
    assert count == MAX_ASKS


def test_a_question_is_put_again_where_the_service_says_not_now_three_times_at_most() -> None:
    made = inquiry([ask(1)])
    tries = []
    while batch := list(made.next()):
        tries += [one.tries for one in batch]
        for one in batch:
            made.answered(one, Answer(status="refused", wait=60), 1)
    assert tries == [0, 1, 2]


def test_a_budget_of_megabytes_ends_a_channel_and_says_so() -> None:
    made = inquiry([ask(number) for number in range(100)], gap=1.0, budgets={"feeds": 1})
    put = list(made.next())
    made.answered(put[0], Answer(), 600_000)
    put += made.next()
    made.answered(put[1], Answer(asks=(ask(500),)), 600_000)
    assert list(made.next()) == []
    assert "1 MB a run" in made.bitten["feeds"]


def test_a_file_of_ones_own_costs_no_budget_and_has_no_bound() -> None:
    own = Source(channel="feeds", url="warc://localhost/news.warc.gz")

    def chunk(at: int) -> Ask:
        return Ask(url=own.url, source=own, kind="records", headers=(("Range", f"bytes={at}-"),))

    made = inquiry([chunk(0)], budgets={"feeds": 1})
    at, count = 0, 0
    while batch := list(made.next()):
        at, count = at + 1, count + 1
        made.answered(batch[0], Answer(asks=(chunk(at),) if at < MAX_ASKS + 50 else ()), 8_000_000)
    assert count == MAX_ASKS + 50


def test_a_channel_that_is_asked_to_stay_away_puts_no_more_questions() -> None:
    made = inquiry([ask(number) for number in range(200)])
    first = list(made.next())
    made.bite("feeds", "asked to stay away")
    made.answered(first[0], Answer(asks=(ask(900),)), 1)
    assert list(made.next()) == []
    assert made.bitten == {"feeds": "asked to stay away"}


def test_what_an_index_names_beyond_the_bound_of_its_source_makes_it_no_complete_answer() -> None:
    made = inquiry([ask(0)])
    (first,) = made.next()
    named = tuple(ask(number, depth=1) for number in range(1, MAX_ASKS_OF_SOURCE + 6))
    told = made.admitted(first, Answer(asks=named, reason="an index"))
    assert (told.status, len(told.asks)) == ("saturated", MAX_ASKS_OF_SOURCE - 1)
    assert told.reason == "an index; 6 more were named than the 200 that are asked of one source"
    made.answered(first, told, 1)
    put = []
    while batch := list(made.next()):
        put += batch
        for one in batch:
            assert made.admitted(one, Answer(asks=named[:3])).status == "complete"  # these are asked anyway
            made.answered(one, Answer(), 1)
    assert len(put) == MAX_ASKS_OF_SOURCE - 1


def test_windows_have_no_bound_of_their_source() -> None:
    made = inquiry([ask(0, query="talks")])
    (first,) = made.next()
    further = tuple(ask(number, query="talks", since=WHEN) for number in range(1, MAX_ASKS_OF_SOURCE + 6))
    assert made.admitted(first, Answer(asks=further)) == Answer(asks=further)


def test_the_bound_of_a_run_is_said_and_is_each_channels_own() -> None:
    made = inquiry([ask(number, query="talks", since=WHEN) for number in range(MAX_ASKS + 100)])
    made.add(Part(channel="other", topic=TOPIC, why=""), Listed(name="other"), endless("other"))
    count: dict[str, int] = {"feeds": 0, "other": 0}
    while batch := list(made.next()):
        for one in batch:
            count[one.source.channel] += 1
            made.answered(one, Answer(), 1)
    assert count == {"feeds": MAX_ASKS, "other": 10}
    assert made.bitten == {"feeds": "feeds: 5,000 questions a run were reached; the next run goes on from there"}


def endless(channel: str) -> list[Ask]:
    source = Source(channel=channel, url="https://other.example/")
    return [Ask(url=f"https://other.example/{n}.xml", source=source, kind="feed", query=str(n)) for n in range(10)]


def test_a_service_that_says_not_now_to_the_last_is_left_alone_in_this_run() -> None:
    made = inquiry([ask(number, query=str(number)) for number in range(9)], gap=5.0)
    tries = 0
    while batch := list(made.next()):
        tries += len(batch)
        for one in batch:
            made.answered(one, Answer(status="refused", wait=60), 1)
    assert tries == 2 * 3
    assert made.bitten == {"feeds": 'feeds: said "not now" 3 times; the next run goes on from there'}
