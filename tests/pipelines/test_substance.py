from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.substance import IN_CHARACTERS, SLIGHT, USUAL, substance
from pipelines.words import words_of


def of(text: str, worth: float = 1.0, language: str = "en") -> float:
    return substance([(words_of(text), worth)], 2.0, language)


def test_rare_words_have_more_substance_than_common_ones_and_idle_ones_none() -> None:
    assert of("the said a on Tuesday") == of("") == SLIGHT / USUAL
    assert of("quernmill") > of("river") > of("the")


def test_what_is_said_again_or_in_a_better_place_has_more_substance() -> None:
    assert of("sluice") < of("sluice sluice") < of("sluice", worth=4) < of("sluice pontoon barge", worth=4)


def test_the_parts_of_a_text_are_counted_together() -> None:
    assert substance([(["sluice"], 1.0), (["sluice"], 1.0)], 2.0, "en") == of("sluice sluice")


@pytest.mark.parametrize("text", ["双方恢复和平谈判", "การเจรจา", "和平谈判 talks"])
def test_characters_are_not_weighed_as_words(text: str) -> None:
    assert of(text) == IN_CHARACTERS


@given(st.text(max_size=200), st.sampled_from(["en", "ar", "zz", "zh", ""]))
def test_any_text_has_substance(text: str, language: str) -> None:
    assert 0 < of(text, language=language) < 100
