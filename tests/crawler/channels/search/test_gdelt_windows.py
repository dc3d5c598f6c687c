from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.channels.gdelt import MAX_ASKS
from crawler.channels.search.gdelt_windows import DESCENT, SLOT, WIDEST, Window, halves, shares, slot_of
from pipelines.topic import Source

SINCE = datetime(2019, 9, 1, tzinfo=UTC)
SOURCE = Source(channel="gdelt", url="https://api.example/doc")


def window(since: datetime, span: timedelta) -> Window:
    return Window(source=SOURCE, query="taliban", since=since, until=since + span)


moments = st.integers(0, 40_000).map(lambda minutes: SINCE + timedelta(minutes=minutes))


@settings(max_examples=200, deadline=None)
@given(moments, st.integers(1, 50_000), st.integers(0, 100), st.data())
def test_halving_any_window_ends_and_covers_it(since: datetime, minutes: int, share: int, data: st.DataObject) -> None:
    span = timedelta(minutes=minutes)
    waiting, ends, asked = [window(since, span).ask(share)], [], 0
    while waiting:
        ask = waiting.pop()
        asked += 1
        oldest = data.draw(st.none() | moments)
        parts = halves(ask, oldest) or ()
        waiting += parts
        if not parts:
            ends.append((ask.since, ask.until))
    assert asked <= 1 + share
    ends.sort()
    assert (ends[0][0], ends[-1][1]) == (since, since + span)
    assert [end for _, end in ends[:-1]] == [begin for begin, _ in ends[1:]]


@given(moments, st.integers(16, 50_000))
def test_a_window_of_more_than_a_slot_is_halved_where_a_slot_begins(since: datetime, minutes: int) -> None:
    parts = halves(window(since, timedelta(minutes=minutes)).ask(2))
    assert parts
    assert parts[0].since == parts[1].until == slot_of(parts[0].since)


@given(moments, st.integers(1, 15))
def test_a_window_of_a_slot_is_not_halved(since: datetime, minutes: int) -> None:
    assert halves(window(since, timedelta(minutes=minutes)).ask(99)) is None


def test_a_descent_leads_from_the_widest_window_to_a_slot() -> None:
    (ask,), made = [window(SINCE, WIDEST).ask(DESCENT)], 0
    while (parts := halves(ask)) is not None:
        assert parts, "the share is spent before the slot is reached"
        ask, made = parts[0], made + 2
    assert made == DESCENT
    assert ask.until - ask.since == SLOT


def test_a_newer_half_that_was_shown_whole_gets_no_share() -> None:
    ask = window(SINCE, timedelta(days=2)).ask(40)
    assert [part.trail for part in halves(ask, SINCE + timedelta(hours=3)) or ()] == [("0",), ("38",)]
    assert [part.trail for part in halves(ask, SINCE + timedelta(hours=30)) or ()] == [("19",), ("19",)]


def test_a_window_whose_share_is_spent_has_no_halves() -> None:
    assert halves(window(SINCE, WIDEST).ask(1)) == ()


@pytest.mark.parametrize("count", [1, 2, 3, 7, 11, 12, 13, 40, 100, 149, 150])
def test_shares_keep_within_the_bound_and_let_the_newest_descend(count: int) -> None:
    given_out = shares(count, MAX_ASKS)
    assert count + sum(given_out) <= MAX_ASKS
    assert given_out[0] >= DESCENT


def test_no_window_has_no_share() -> None:
    assert shares(0, MAX_ASKS) == []
