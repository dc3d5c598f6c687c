from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.clocks import clock_posts
from pipelines.witnesses.dates import Moment

MORNING = Moment(datetime(2019, 9, 8, 5, 30, tzinfo=UTC), "instant", 60)
TEXT = "The palace thanks its allies for their efforts, and does not conceal that it is relieved."


def blog(*clocks: str) -> list[str]:
    return [line for clock in clocks for line in (f"{clock} What is known", TEXT)]


def test_a_line_that_begins_with_a_clock_begins_a_post() -> None:
    posts = clock_posts(["A rolling report.", *blog("06:30", "8.10", "14h20")], MORNING)
    assert [(post.line, post.at) for post in posts] == [
        (1, datetime(2019, 9, 8, 5, 30, tzinfo=UTC)),
        (3, datetime(2019, 9, 8, 7, 10, tzinfo=UTC)),
        (5, datetime(2019, 9, 8, 13, 20, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(("clock", "hour"), [("9:05 am", 9), ("9:05 p.m.", 21), ("12:05 AM", 0), ("12:05pm", 12)])
def test_halves_of_the_day_are_understood(clock: str, hour: int) -> None:
    posts = clock_posts(blog(clock, clock, clock), Moment(MORNING.at, "instant", 0))
    assert [post.at for post in posts] == [datetime(2019, 9, 8, hour, 5, tzinfo=UTC)] * 3


def test_without_a_day_a_post_has_no_time() -> None:
    assert [post.at for post in clock_posts(blog("06:30", "08:10", "10:45"), None)] == [None] * 3


@pytest.mark.parametrize(
    "lines",
    [
        blog("06:30", "08:10"),
        ["06:30", "08:10", "10:45", TEXT],
        blog("3.14.15", "2.50,0", "25:10"),
        [f"At 06:30 {TEXT}"] * 9,
    ],
    ids=["two", "a timetable", "no clocks", "in sentences"],
)
def test_what_has_few_of_them_or_hardly_anything_else_is_no_live_blog(lines: list[str]) -> None:
    assert clock_posts(lines, MORNING) == ()


@given(st.lists(st.text(max_size=40) | st.just("10:45 Congress"), max_size=20))
def test_posts_are_in_order_within_any_text(lines: list[str]) -> None:
    places = [post.line for post in clock_posts(lines, MORNING)]
    assert places == sorted(set(places))
    assert all(0 <= place < len(lines) for place in places)
