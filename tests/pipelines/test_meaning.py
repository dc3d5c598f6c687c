from __future__ import annotations

import sys
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.meaning import EXTRA, Meaning, MeaningMissing, reranked
from tests.extras import needs_the_extra

TALKS = ["Envoys of both sides met for peace talks.", "Negotiators spoke of progress towards a truce."]


@lru_cache(maxsize=1)
def meaning() -> Meaning:
    """Loaded once for all tests."""
    return Meaning()


@needs_the_extra
def test_a_text_of_one_matter_is_nearer_than_one_of_another_although_no_word_is_the_same() -> None:
    near, far = meaning().nearness(
        ["Diplomats discuss a ceasefire agreement", "Striker scores twice in cup final"], TALKS
    )
    assert near > far + 0.2


@needs_the_extra
@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_any_text_has_a_nearness_between_minus_one_and_one(texts: list[str], references: list[str]) -> None:
    near = meaning().nearness([*texts, "\ud800"], references)
    assert len(near) == len(texts) + 1
    assert all(-1.001 <= one <= 1.001 for one in near)


@needs_the_extra
def test_what_has_no_words_and_what_has_no_references_is_neither_near_nor_far() -> None:
    assert meaning().nearness([""], TALKS) == [0.0]
    assert meaning().nearness(TALKS, []) == [0.0, 0.0]


@needs_the_extra
def test_only_the_beginning_of_a_text_is_read() -> None:
    start = "The envoys met again. " * 100
    one, other = meaning().nearness([start, start + "The striker scored twice. " * 1_000], TALKS)
    assert one == other


def test_where_the_extra_is_missing_the_fault_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "wordllama", None)
    with pytest.raises(MeaningMissing, match="pip install") as fault:
        Meaning()
    assert EXTRA in str(fault.value)


def test_the_order_follows_score_and_nearness_and_equal_ones_stay_as_they_were() -> None:
    assert reranked([0.4, 0.3, 0.35, 0.35], [0.0, 0.9, 0.0, 0.0]) == [1, 0, 2, 3]
