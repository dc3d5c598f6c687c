"""Which channels a run asks, about which days."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crawler.channels import CHANNELS, UnknownChannelError
from crawler.plan import REACHES, moments, parts, reached, with_window
from crawler.plan_text import plan_lines
from pipelines.topic import CHANNELS as NAMED
from pipelines.topic import Source, Topic, TopicError

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ALL = tuple(Source(channel=name, url="https://daily.example/" if name == "feeds" else "") for name in NAMED)
PAST = Topic(name="talks", since=date(2018, 8, 2), until=date(2019, 7, 28), sources=ALL)
LIVE = Topic(name="heat", since=date(2026, 10, 1), sources=ALL)


def asked(topic: Topic, verb: str, *names: str) -> list[str]:
    return [part.channel for part in parts(topic, NOW, verb, names) if part.topic]  # type: ignore[arg-type]  # a verb


def test_every_channel_that_a_topic_may_name_has_a_reach() -> None:
    assert set(REACHES) == set(NAMED) == set(CHANNELS)


def test_a_crawl_asks_what_can_be_reached_now() -> None:
    assert asked(PAST, "crawl") == ["feeds", "sitemaps", "sections", "outlinks"]
    assert asked(LIVE, "crawl") == ["feeds", "sitemaps", "sections", "google_news", "bing_news", "gdelt", "outlinks"]


def test_a_backfill_asks_what_remembers_the_window() -> None:
    assert asked(PAST, "backfill") == ["gdelt", "wayback", "ccnews", "outlinks"]
    assert asked(LIVE, "backfill") == ["gdelt", "gal", "wayback", "ccnews", "outlinks"]


@pytest.mark.parametrize(
    ("channel", "verb", "topic", "days"),
    [
        ("gdelt", "crawl", PAST, None),
        ("gdelt", "crawl", LIVE, (date(2026, 10, 1), None)),
        ("gdelt", "crawl", Topic(name="t", since=date(2020, 1, 1)), (date(2026, 8, 27), None)),
        ("gdelt", "backfill", PAST, (date(2018, 8, 2), date(2019, 7, 28))),
        ("gal", "backfill", PAST, None),
        ("gal", "backfill", Topic(name="t", since=date(2019, 6, 1)), (date(2020, 1, 1), None)),
        ("ccnews", "backfill", Topic(name="t", since=date(2010, 1, 1), until=date(2016, 8, 1)), None),
        ("wayback", "backfill", Topic(name="t", since=date(2027, 1, 1)), None),
        ("google_news", "crawl", LIVE, (date(2026, 10, 11), None)),
    ],
)
def test_each_channel_is_asked_about_the_days_that_it_reaches(
    channel: str, verb: str, topic: Topic, days: tuple[date | None, date | None] | None
) -> None:
    assert reached(channel, topic, NOW, verb) == days  # type: ignore[arg-type]  # a verb


def test_a_topic_asks_only_whom_it_names_unless_a_service_is_asked_for_by_name() -> None:
    bare = Topic(name="talks", since=PAST.since, until=PAST.until, sources=ALL[:1])
    assert asked(bare, "backfill") == []
    assert asked(bare, "backfill", "wayback", "gdelt") == ["wayback", "gdelt"]
    assert asked(bare, "crawl", "sections") == []


def test_a_backfill_without_a_beginning_asks_nothing_and_says_why() -> None:
    told = {part.channel: part.why for part in parts(Topic(name="t", sources=ALL), NOW, "backfill")}
    assert "give --since" in told["wayback"]


def test_a_channel_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(UnknownChannelError, match="'feed' is unknown"):
        parts(PAST, NOW, "crawl", ["feed"])


def test_a_window_may_be_narrowed_but_not_turned_round() -> None:
    narrowed = with_window(PAST, date(2019, 1, 1), None)
    assert (narrowed.since, narrowed.until) == (date(2019, 1, 1), PAST.until)
    with pytest.raises(TopicError, match="before it begins"):
        with_window(PAST, date(2020, 1, 1), None)


def test_a_window_as_moments_leaves_its_end_out_and_ends_now() -> None:
    assert moments(PAST, NOW) == (datetime(2018, 8, 2, tzinfo=UTC), datetime(2019, 7, 29, tzinfo=UTC))
    assert moments(LIVE, NOW)[1] == NOW
    assert (
        moments(Topic(name="t", since=date(2030, 1, 1)), NOW)[0]
        == moments(Topic(name="t", since=date(2030, 1, 1)), NOW)[1]
    )


def test_the_plan_tells_the_megabytes_that_this_run_may_bring() -> None:
    topic = Topic(
        name="talks", since=date(2020, 1, 1), until=date(2020, 2, 1), sources=(Source(channel="gal", url=""),)
    )
    planned = parts(topic, NOW, "backfill")
    assert "5,000 requests and 200 MB a run" in next(plan_lines(topic, NOW, planned))
    assert "5,000 requests and 1.5 MB a run" in next(plan_lines(topic, NOW, planned, {"gal": 1.5}))
