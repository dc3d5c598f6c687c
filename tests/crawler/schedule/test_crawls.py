from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crawler.schedule.crawls import PATIENCE, next_crawl
from crawler.schedule.rules import Rules
from crawler.schedule.state import Last
from crawler.schedule.supply import Spring, Supply

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULES = Rules()


def spring(minutes: float | None, news: float = 0, **more: Any) -> Spring:
    due = None if minutes is None else NOW + minutes * MINUTE
    return Spring(due=due, news=news, **({"pause": 30 * MINUTE} | more))


def last(code: int | None = 0, failures: int = 0, took: float = 1, **more: Any) -> Last:
    started = NOW - took * MINUTE
    return Last(
        kind="crawl", topic="t", due=started, started=started, finished=NOW, code=code, failures=failures, **more
    )


def minutes(supply: Supply, before: Last | None, rules: Rules = RULES, jitter: float = 0.0) -> float:
    at, why = next_crawl(supply, before, rules, NOW, lambda *_: jitter)
    assert why
    return (at - NOW) / MINUTE


def topic(*springs: Spring, pages: tuple[float, ...] = (), **more: Any) -> Supply:
    waiting = tuple(NOW + page * MINUTE for page in pages)
    return Supply(topic="t", file="/t.toml", springs=springs, pages=waiting, **more)


def test_a_topic_that_was_never_crawled_is_due_at_once() -> None:
    assert minutes(topic(), None) == 0


def test_a_topic_is_due_when_the_sources_of_much_of_its_news_are() -> None:
    lively, quiet = spring(20, news=90), [spring(number, news=0) for number in (16, 17, 18, 400)]
    assert minutes(topic(lively, *quiet), last()) == 20


def test_the_less_is_due_the_longer_it_waits_for_more() -> None:
    assert minutes(topic(spring(600, news=8), spring(30, news=1), spring(40)), last()) == pytest.approx(40 + 72)
    assert minutes(topic(spring(600, news=8), spring(30, news=2)), last()) == pytest.approx(
        30 + PATIENCE / MINUTE * 1.2
    )
    assert minutes(topic(spring(600, news=98), spring(30)), last()) == 600


def test_never_sooner_than_the_shortest_pause_nor_later_than_the_longest() -> None:
    assert minutes(topic(spring(1, news=5)), last()) == 15
    assert minutes(topic(spring(100_000)), last()) == 24 * 60 - 1
    assert minutes(topic(spring(5), spring(7)), last(took=3 * 24 * 60)) == 15


def test_a_dead_source_holds_up_nobody_and_hurries_nobody() -> None:
    dead = [spring(3, news=1_000, fails=True) for _ in range(5)]
    assert minutes(topic(spring(40, news=10), *dead), last()) == 40
    assert minutes(topic(*dead), last()) == 15


def test_enough_pages_that_wait_are_worth_a_crawl() -> None:
    far = spring(10_000, news=9)
    assert minutes(topic(far, pages=(20,) * 15), last()) == 20
    assert minutes(topic(far, pages=(20,) * 10), last()) == pytest.approx(20 + 90)
    assert minutes(topic(far, pages=(-500,) * 60), last()) == 15
    assert minutes(topic(far, pages=(-500,)), last()) == pytest.approx(15 * 60)


def test_what_the_last_crawl_did_not_ask_does_not_hurry_the_next() -> None:
    stuck = spring(-600, news=100, pause=50 * MINUTE)
    assert minutes(topic(stuck, spring(800)), last()) == 49


def test_services_are_asked_at_their_own_pace_after_the_last_crawl() -> None:
    assert minutes(topic(spring(None, news=5, pause=60 * MINUTE)), last()) == 59


@pytest.mark.parametrize(
    ("code", "waits"),
    [
        (4, [15, 30, 60, 120, 240, 240, 240]),
        (3, [60, 120, 240, 480, 960, 24 * 60 - 1]),
        (1, [15, 30, 60, 120, 240, 480, 960, 24 * 60 - 1]),
        (-9, [15, 30, 60]),
        (None, [15]),
    ],
)
def test_a_crawl_that_failed_is_tried_again_ever_later(code: int | None, waits: list[int]) -> None:
    supply = topic(spring(0))
    assert [minutes(supply, last(code, number)) for number in range(1, len(waits) + 1)] == waits


def test_jitter_only_adds_and_is_bounded() -> None:
    near, far = topic(spring(59, news=1)), topic(spring(600, news=1))
    assert minutes(near, last(), jitter=0.99) == pytest.approx(59 + 0.99 * 6, abs=0.1)
    assert minutes(far, last(), jitter=0.99) == pytest.approx(600 + 9.9, abs=0.1)
    assert minutes(topic(spring(100_000)), last(), jitter=0.99) == 24 * 60 - 1


def test_jitter_is_of_the_topic_and_its_slot() -> None:
    slots: list[tuple[str, str]] = []

    def chance(name: str, slot: str) -> float:
        slots.append((name, slot))
        return 0.5

    before = last()
    next_crawl(topic(spring(20)), before, RULES, NOW, chance)
    next_crawl(topic(spring(90)), before, RULES, NOW + timedelta(minutes=5), chance)
    assert slots == [("t", before.started.isoformat())] * 2
