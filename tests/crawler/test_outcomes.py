from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scrapy.exceptions import IgnoreRequest

from archive.rows import TakenRow
from crawler.guards import FetchRefused
from crawler.handlers import Hurried
from crawler.outcomes import MAX_TRIES, fault_of, next_try, of_exception, of_rejection
from pipelines.items import Rejected

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def taken(tries: int = 0, **facts: Any) -> TakenRow:
    about = {"id": 7, "url": "https://a.example/1", "host": "a.example", "title": "", "published": None, "known": False}
    return TakenRow(**{**about, "score": 0.5, "tries": tries, **facts})


def test_a_failed_candidate_is_due_again_after_twice_the_time() -> None:
    assert [next_try(tries, NOW) for tries in range(3)] == [
        "2026-03-01T13:00:00Z", "2026-03-01T14:00:00Z", "2026-03-01T16:00:00Z",
    ]  # fmt: skip


def test_it_is_given_up_in_the_end() -> None:
    assert next_try(MAX_TRIES - 1, NOW) is None


def test_a_page_that_is_no_article_ends_its_candidate() -> None:
    outcome = of_rejection(Rejected("a list of links"), taken(), NOW)
    assert outcome is not None
    assert (outcome.state, outcome.reason, outcome.next_try) == ("not-an-article", "a list of links", None)


@pytest.mark.parametrize(
    ("rejected", "facts", "state", "next_try"),
    [
        (Rejected("gone: HTTP 404", gone="perhaps"), {}, "gone", None),
        (Rejected("gone: HTTP 410", gone="surely"), {}, "gone", None),
        (Rejected("no text"), {}, "failed", "2026-03-01T13:00:00Z"),
        (Rejected("a wall", state="refused"), {}, "refused", None),
        (Rejected("gone: HTTP 404", gone="perhaps"), {"via": "https://archive.example/1"}, "not-an-article", None),
        (Rejected("gone: HTTP 404", gone="perhaps"), {"known": False}, "not-an-article", None),
    ],
    ids=["missing", "removed", "no article now", "a wall", "missing in an archive", "never here"],
)
def test_the_page_of_an_article_that_is_here_never_becomes_no_article(
    rejected: Rejected, facts: dict[str, Any], state: str, next_try: str | None
) -> None:
    outcome = of_rejection(rejected, taken(**{"known": True, **facts}), NOW)
    assert outcome is not None
    assert (outcome.state, outcome.next_try) == (state, next_try)


def test_a_page_that_may_come_whole_next_time_is_asked_again() -> None:
    outcome = of_rejection(Rejected("truncated", state="failed", retry=True), taken(1), NOW)
    assert outcome is not None
    assert outcome.next_try == "2026-03-01T14:00:00Z"


def test_what_the_stop_cut_off_stays_waiting() -> None:
    assert of_exception(Hurried("stopped"), taken(), NOW) is None
    assert of_rejection(Rejected("stopped", state="waiting"), taken(), NOW) is None


def test_a_host_that_rests_puts_its_candidates_off() -> None:
    until = NOW + timedelta(hours=2)
    outcome = of_exception(FetchRefused("rests", by="retry-after", until=until), taken(), NOW)
    assert outcome is not None
    assert (outcome.state, outcome.next_try) == ("waiting", "2026-03-01T14:00:00Z")


@pytest.mark.parametrize(
    ("error", "reason"),
    [(FetchRefused("disallowed", by="robots"), "robots: disallowed"), (IgnoreRequest("no"), "no")],
    ids=["by name", "by scrapy"],
)
def test_a_refusal_says_who_refused(error: IgnoreRequest, reason: str) -> None:
    outcome = of_exception(error, taken(), NOW)
    assert outcome is not None
    assert (outcome.state, outcome.reason, outcome.next_try) == ("refused", reason, None)


def test_a_network_fault_is_named_and_tried_again() -> None:
    outcome = of_exception(ConnectionResetError("reset\n by peer"), taken(), NOW)
    assert outcome is not None
    assert (outcome.state, outcome.reason) == ("failed", "ConnectionResetError: reset by peer")
    assert outcome.next_try == "2026-03-01T13:00:00Z"


def test_a_fault_is_one_short_line() -> None:
    assert len(fault_of(ValueError("x\n" * 9_999))) < 230


def test_a_look_at_a_known_article_never_becomes_a_link_that_waits() -> None:
    look = replace(taken(), is_look=True)
    rejected = of_rejection(Rejected("truncated", state="failed", retry=True), look, NOW)
    lost = of_exception(ConnectionResetError("reset"), look, NOW)
    rests = of_exception(FetchRefused("rests", by="retry-after", until=NOW + timedelta(hours=2)), look, NOW)
    for outcome in (rejected, lost, rests):
        assert outcome is not None
        assert (outcome.is_look, outcome.next_try) == (True, None)
