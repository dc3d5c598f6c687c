from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from crawler.schedule.backfills import fitted, next_backfill
from crawler.schedule.rules import Rules
from crawler.schedule.state import Last
from crawler.schedule.supply import Supply

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
RULES = Rules()
LEFT = Supply(topic="t", file="/t.toml", gaps="2019")


def last(kind: Any = "backfill", **more: Any) -> Last:
    return Last(**({"kind": kind, "topic": "t", "due": NOW, "started": NOW, "finished": NOW, "code": 0} | more))


CRAWLED = last("crawl", finished=NOW + HOUR / 2)


def test_the_past_is_asked_about_once_the_present_was() -> None:
    assert next_backfill(LEFT, None, None, RULES) is None
    assert next_backfill(LEFT, None, CRAWLED, RULES) == CRAWLED.finished


def test_a_topic_with_nothing_left_to_ask_is_left_alone() -> None:
    assert next_backfill(Supply(topic="t", file=""), None, CRAWLED, RULES) is None
    assert next_backfill(LEFT, None, CRAWLED, Rules(backfill=False)) is None


def test_it_goes_on_hourly_while_gaps_close_and_daily_in_the_end_where_they_do_not() -> None:
    assert next_backfill(LEFT, last(left="2018"), CRAWLED, RULES) == NOW + HOUR
    waits = [next_backfill(LEFT, last(left="2019", idle=idle), CRAWLED, RULES) for idle in range(7)]
    assert waits == [NOW + hours * HOUR for hours in (2, 4, 8, 16, 24, 24, 24)]
    assert next_backfill(LEFT, last(left="2018", failures=3), CRAWLED, RULES) == NOW + 8 * HOUR


def test_it_waits_until_no_other_job_is_due_for_a_while() -> None:
    before = last(finished=NOW - 2 * HOUR)
    assert fitted(NOW, NOW, [NOW + HOUR], before) == NOW
    crowd = [NOW + number * HOUR / 3 for number in (1, 2, 3)]
    assert fitted(NOW, NOW, crowd, before) == NOW + HOUR + timedelta(seconds=1)


def test_one_that_found_no_room_for_a_day_is_due_all_the_same() -> None:
    crowd = [NOW + number * HOUR / 6 for number in range(100)]
    assert fitted(NOW, NOW, crowd, last(finished=NOW - 26 * HOUR)) == NOW
    assert fitted(NOW, NOW, crowd, None) == NOW
