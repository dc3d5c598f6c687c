from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.pages.charts import HEAD, Columns, columns, nice, stretches, widths

ANY = st.floats(allow_nan=True, allow_infinity=True) | st.integers(-5, 10**18).map(float)
COUNTS = st.integers(0, 10**9).map(float)
ROWS = st.integers(1, 4).flatmap(lambda size: st.lists(st.lists(ANY, min_size=size, max_size=size), max_size=80))


def finite(*numbers: float) -> bool:
    return all(math.isfinite(number) for number in numbers)


def boxed(chart: Columns) -> None:
    """All of a picture lies within it."""
    for column in chart.columns:
        assert finite(column.x, column.width, column.middle, column.top)
        assert 0 <= column.x <= column.x + column.width <= 100.01
        for piece in column.pieces:
            assert finite(piece.y, piece.height)
            assert -0.01 <= piece.y <= piece.y + piece.height <= chart.height + 0.02
    for tick in chart.ticks:
        assert HEAD - 0.01 <= tick.y <= chart.height


@settings(deadline=None, max_examples=60)
@given(ROWS, st.integers(30, 400))
def test_columns_stand_within_their_picture_whatever_the_numbers_are(values: list[list[float]], height: int) -> None:
    chart = columns(values, height)
    assert len(chart.columns) == len(values)
    boxed(chart)
    ends = [column.x for column in chart.columns]
    assert ends == sorted(ends)
    for place in range(4):
        assert re.fullmatch(r"(M[\d.]+ [\d.]+V[\d.]+H[\d.]+V[\d.]+z)*", chart.shape(place))


@settings(deadline=None, max_examples=60)
@given(st.lists(COUNTS, min_size=1, max_size=60))
def test_a_larger_number_is_never_a_lower_column(counts: list[float]) -> None:
    chart = columns([(count,) for count in counts])
    heights = [column.pieces[0].height for column in chart.columns]
    order = sorted(range(len(counts)), key=lambda place: counts[place])
    assert [heights[place] for place in order] == sorted(heights)
    for count, height in zip(counts, heights, strict=True):
        assert (height > 0) == (count > 0)


@settings(deadline=None, max_examples=60)
@given(st.lists(COUNTS, min_size=1, max_size=60))
def test_a_column_is_as_high_as_its_number_from_zero_on(counts: list[float]) -> None:
    chart = columns([(count,) for count in counts], 118)
    top = max([*counts, *(tick.value for tick in chart.ticks)])
    for count, column in zip(counts, chart.columns, strict=True):
        exact = count / top * (118 - HEAD) if top else 0
        assert column.pieces[0].height == pytest.approx(max(exact, 1) if count else 0, abs=0.02)


@settings(deadline=None, max_examples=60)
@given(st.floats(1e-6, 1e15))
def test_ticks_are_round_rise_evenly_and_reach_the_top(top: float) -> None:
    ticks = nice(top)
    assert 1 <= len(ticks) <= 4
    assert ticks[-1] >= top * (1 - 1e-9)
    assert ticks[-1] <= top * 2.5 or ticks[-1] <= 1
    steps = [after - before for before, after in zip((0.0, *ticks), ticks, strict=False)]
    assert all(step == pytest.approx(steps[0]) for step in steps)


@pytest.mark.parametrize(
    ("top", "ticks"), [(0, ()), (1, (1,)), (3, (1, 2, 3)), (5, (2, 4, 6)), (27, (10, 20, 30)), (1_900, (1000, 2000))]
)
def test_ticks_of_counts_are_whole_numbers(top: float, ticks: tuple[float, ...]) -> None:
    assert nice(top) == ticks


def test_few_columns_carry_their_figures_and_many_have_lines_across() -> None:
    few = columns([(3,), (0,), (1200 - 201,)])
    assert [column.said for column in few.columns] == ["3", "", "999"]
    assert not few.ticks
    many = columns([(number,) for number in range(1, 41)])
    assert [column.said for column in many.columns if column.said] == ["40"]
    assert [tick.value for tick in many.ticks] == [20, 40]


@settings(deadline=None, max_examples=60)
@given(st.lists(ANY, max_size=30), st.none() | ANY)
def test_bars_are_from_nothing_to_all_of_the_width(values: list[float], top: float | None) -> None:
    found = widths(values, top)
    assert len(found) == len(values)
    assert all(0 <= width <= 100 for width in found)


@settings(deadline=None, max_examples=60)
@given(st.lists(ANY, max_size=9), st.floats(1, 100))
def test_the_parts_of_a_bar_touch_and_fill_it(parts: list[float], width: float) -> None:
    found = stretches(parts, width)
    reached = 0.0
    for part in found:
        assert part.x == pytest.approx(reached, abs=0.011)
        assert part.width >= 0
        reached = part.x + part.width
    is_there = any(math.isfinite(part) and part > 0 for part in parts)
    assert reached == pytest.approx(width if is_there else 0.0, abs=0.02)
