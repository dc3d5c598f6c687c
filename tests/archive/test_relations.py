from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.relations import Overlap, overlap_of, related, relation_of, sketch_of


@pytest.mark.parametrize(
    ("shared", "mine", "theirs", "words", "relation"),
    [
        (90, 100, 100, (500, 500), "syndicated"),
        (60, 70, 100, (390, 500), "syndicated"),
        (38, 40, 100, (200, 500), "truncated"),
        (38, 100, 40, (500, 200), "partial"),
        (60, 100, 120, (300, 500), "partial"),
        (30, 100, 100, (500, 500), "rewrite"),
        (0, 0, 0, (0, 0), "rewrite"),
    ],
)
def test_a_relation_is_told_by_how_much_of_each_is_in_the_other(
    shared: int, mine: int, theirs: int, words: tuple[int, int], relation: str
) -> None:
    assert relation_of(Overlap(shared=shared, mine=mine, theirs=theirs), *words) == relation


def test_sketches_are_compared_up_to_the_lower_of_their_last_hashes() -> None:
    assert overlap_of((1, 2, 3, 4), (2, 4, 5, 9)) == Overlap(shared=2, mine=4, theirs=2)
    assert overlap_of((1, 2), ()) == Overlap(shared=0, mine=2, theirs=0)
    assert related(overlap_of((1, 2, 3, 4), (2, 4, 5, 9)), 10, 20) == ("partial", 0.5, 0.5)


SKETCHES = st.lists(st.integers(0, 60), unique=True, max_size=30).map(lambda numbers: tuple(sorted(numbers)))


@given(SKETCHES, SKETCHES)
def test_any_two_sketches_are_compared(mine: tuple[int, ...], theirs: tuple[int, ...]) -> None:
    overlap, back = overlap_of(mine, theirs), overlap_of(theirs, mine)
    assert back == Overlap(shared=overlap.shared, mine=overlap.theirs, theirs=overlap.mine)
    assert 0 <= overlap.jaccard <= overlap.containment <= 1
    if mine == theirs and mine:
        assert overlap.jaccard == 1


def test_no_row_is_no_sketch() -> None:
    assert sketch_of(None) == ()
