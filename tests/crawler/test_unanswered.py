"""Questions that brought no answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.channels.ask import Answer, Ask
from crawler.channels.gal import slot_ask
from crawler.guards import FetchRefused
from crawler.local_warcs import WarcUnreadable
from crawler.unanswered import instead_of_answer, instead_of_reading
from pipelines.topic import Source

NOW = datetime(2020, 2, 1, 12, 1, tzinfo=UTC)
FEED = Ask(url="https://a.example/feed", source=Source(channel="feeds", url="https://a.example/feed"), kind="feed")
INDEX = Source(channel="wayback", url="https://web.archive.org/cdx/search/cdx")
LISTS = Source(channel="gal", url="http://data.gdeltproject.org/gdeltv3/gal/")
REST = FetchRefused("HTTP 429", by="retry-after", until=NOW)
UNKNOWN_RULES = FetchRefused("robots.txt could not be had", by="robots", until=NOW)


def windowed(kind: str, resume: str) -> Ask:
    return Ask(
        url=INDEX.url, source=INDEX, kind=kind, query="q", since=NOW - timedelta(days=9), until=NOW, resume=resume
    )


def test_what_failed_is_asked_again_where_it_was() -> None:
    answer = instead_of_answer(windowed("outlet", "key"), OSError("cut"), is_first=False)
    assert (answer.status, answer.reason, answer.resume, answer.asks) == ("failed", "OSError: cut", "key", ())


@pytest.mark.parametrize(
    ("ask", "error", "status"),
    [
        (FEED, REST, "refused"),
        (windowed("outlet", "key"), REST, "failed"),
        (FEED, FetchRefused("disallowed", by="robots"), "refused"),
        (windowed("outlet", "key"), FetchRefused("disallowed", by="robots"), "refused"),
    ],
    ids=["a rest, of a feed", "a rest, of a window", "robots.txt, of a feed", "robots.txt, of a window"],
)
def test_a_service_that_wants_a_rest_has_not_refused_the_question(ask: Ask, error: Exception, status: str) -> None:
    assert instead_of_answer(ask, error, is_first=False).status == status


@pytest.mark.parametrize("error", [OSError("no route"), UNKNOWN_RULES], ids=["a host", "its robots.txt"])
def test_who_is_not_reached_before_anybody_answered_may_not_be_to_blame(error: Exception) -> None:
    assert instead_of_answer(FEED, error, is_first=True).is_offline
    assert not instead_of_answer(FEED, error, is_first=False).is_offline


@pytest.mark.parametrize(
    "error",
    [REST, FetchRefused("no public name", by="guard"), WarcUnreadable(f"{Path('own.warc')}: is not there")],
    ids=["a rest", "our guards", "a file of this machine"],
)
def test_what_needs_no_network_is_what_it_is(error: Exception) -> None:
    assert not instead_of_answer(FEED, error, is_first=True).is_offline


def lost(ask: Ask) -> Answer:
    return instead_of_answer(ask, OSError("cut"), is_first=False)


def unread(ask: Ask) -> Answer:
    return instead_of_reading(ask, ValueError("ours"))


@pytest.mark.parametrize("instead", [lost, unread])
def test_the_chain_of_files_goes_on_with_the_one_before(instead: Callable[[Ask], Answer]) -> None:
    ask = slot_ask(LISTS, NOW, NOW - timedelta(days=1))
    answer = instead(ask)
    assert answer.status == "failed"
    assert [one.until for one in answer.asks] == [NOW]


def test_the_chain_of_files_ends_where_the_host_refuses() -> None:
    ask = slot_ask(LISTS, NOW, NOW - timedelta(days=1))
    assert instead_of_answer(ask, REST, is_first=False).asks == ()


def test_a_capture_that_does_not_come_goes_to_the_end_of_its_list() -> None:
    ask = windowed("capture:feeds", "20190110090000 20190120090000 20190130090000")
    answer = instead_of_answer(ask, OSError("cut"), is_first=False)
    assert answer.resume == "20190120090000 20190130090000 20190110090000"
    assert answer.asks == ()
