from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.promise import promise

SCORES = st.floats(0, 1)
COUNTS = st.integers(0, 10**9)


@given(SCORES)
def test_without_history_nothing_changes(score: float) -> None:
    assert promise(score, 0, 0) == pytest.approx(score)


@given(SCORES, COUNTS, COUNTS)
def test_a_promise_is_a_score(score: float, kept: int, dropped: int) -> None:
    assert 0 <= promise(score, kept, dropped) <= 1


@given(SCORES, COUNTS, COUNTS)
def test_a_kept_page_never_lowers_and_a_dropped_one_never_raises(score: float, kept: int, dropped: int) -> None:
    here = promise(score, kept, dropped)
    assert promise(score, kept + 1, dropped) >= here - 1e-12
    assert promise(score, kept, dropped + 1) <= here + 1e-12


@given(SCORES, SCORES, COUNTS, COUNTS)
def test_links_of_one_host_keep_their_order(one: float, other: float, kept: int, dropped: int) -> None:
    low, high = sorted((one, other))
    assert promise(low, kept, dropped) <= promise(high, kept, dropped) + 1e-12


@pytest.mark.parametrize(("score", "lowest", "highest"), [(0, 0, 0), (0.5, 0.37, 0.65), (0.9, 0.78, 0.97), (1, 1, 1)])
def test_a_long_history_sways_moderately(score: float, lowest: float, highest: float) -> None:
    assert promise(score, 0, 10**6) == pytest.approx(lowest, abs=0.005)
    assert promise(score, 10**6, 0) == pytest.approx(highest, abs=0.005)


def test_a_few_pages_say_little_and_many_say_more() -> None:
    one, ten, hundred = (promise(0.5, kept, 0) for kept in (1, 10, 100))
    assert 0.5 < one < 0.52 < ten < hundred


def test_equal_shares_of_kept_and_dropped_say_nothing() -> None:
    assert promise(0.6, 500, 500) == pytest.approx(0.6)


@pytest.mark.parametrize("score", [-1.0, 2.0])
def test_a_score_out_of_bounds_is_bounded(score: float) -> None:
    assert 0 <= promise(score, 3, 4) <= 1
