from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.pace import Pace

SECONDS = st.floats(0, 100)


def test_a_new_host_may_be_asked_at_once() -> None:
    assert Pace().left(5.0, 2.0) <= 0


def test_without_a_crawl_delay_beginnings_keep_a_distance() -> None:
    pace = Pace()
    pace.begin(10.0)
    assert pace.left(10.5, 2.0) == 1.5
    assert pace.has_room(2)


def test_with_a_crawl_delay_the_end_counts_and_one_is_open_at_a_time() -> None:
    pace = Pace(crawl_delay=5.0)
    pace.begin(10.0)
    assert not pace.has_room(8)
    pace.end(14.0)
    assert pace.has_room(8)
    assert pace.left(15.0, 0.1) == 4.0
    assert pace.left(15.0, 8.0) == 7.0


def test_the_longest_of_several_crawl_delays_holds() -> None:
    pace = Pace()
    for delay in (3.0, 9.0, 1.0):
        pace.slow_down(delay)
    assert pace.crawl_delay == 9.0


@given(SECONDS, st.lists(st.tuples(SECONDS, SECONDS), max_size=20), SECONDS)
def test_no_request_begins_before_the_delay_after_the_one_before_it_ended(
    crawl_delay: float, transfers: list[tuple[float, float]], throttle: float
) -> None:
    pace, clock, ended = Pace(crawl_delay=crawl_delay), 0.0, None
    for idle, length in transfers:
        clock += idle
        clock += max(0.0, pace.left(clock, throttle))
        if ended is not None and crawl_delay:
            assert clock - ended >= crawl_delay - 1e-6
        pace.begin(clock)
        clock = ended = clock + length
        pace.end(clock)


@given(st.lists(SECONDS, min_size=1), SECONDS)
def test_a_hold_is_never_shortened(holds: list[float], now: float) -> None:
    pace = Pace()
    for until in holds:
        pace.hold(until)
    assert pace.left(now, 0.0) == max(holds) - now
