from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.merging.obeying import Ruling, parted

RULINGS = st.lists(
    st.tuples(st.sampled_from(["together", "apart"]), st.integers(0, 4), st.integers(0, 4)).filter(
        lambda one: one[1] != one[2]
    ),
    max_size=6,
)


def test_a_split_parts_what_was_found_together() -> None:
    rulings: list[Ruling] = [("together", 2, 3), *(("apart", one, two) for one in (0, 1) for two in (2, 3))]
    assert parted([[0, 1, 2, 3], [4]], rulings) == [[0, 1], [2, 3], [4]]


def test_a_merge_puts_whole_stories_together() -> None:
    assert parted([[0, 1], [2, 3], [4]], [("together", 1, 2)]) == [[0, 1, 2, 3], [4]]


def test_the_latest_ruling_holds() -> None:
    assert parted([[0, 1]], [("together", 0, 1), ("apart", 0, 1)]) == [[0, 1]]
    assert parted([[0, 1]], [("apart", 0, 1), ("together", 0, 1)]) == [[0], [1]]


def test_who_came_with_none_of_two_that_are_apart_stays_with_the_first() -> None:
    assert parted([[0, 1, 2]], [("apart", 0, 1)]) == [[0, 2], [1]]


@given(RULINGS)
def test_every_article_is_in_one_story_and_the_first_ruling_is_kept(rulings: list[Ruling]) -> None:
    found = parted([[0, 1, 2], [3, 4]], rulings)
    assert sorted(one for story in found for one in story) == [0, 1, 2, 3, 4]
    if rulings:
        ruling, one, two = rulings[0]
        assert any({one, two} <= set(story) for story in found) == (ruling == "together")


@given(RULINGS)
def test_the_order_of_stories_is_no_matter(rulings: list[Ruling]) -> None:
    assert parted([[0, 1, 2], [3, 4]], rulings) == parted([[4, 3], [2, 0, 1]], rulings)
