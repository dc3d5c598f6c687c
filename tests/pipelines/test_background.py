from __future__ import annotations

import pytest

from pipelines.background import COMMON, RAREST, rarity_in, rarity_share_in, reporting_words


def test_rare_words_are_rarer_than_common_ones() -> None:
    rarity = rarity_in("en")
    assert 0 < rarity("the") < COMMON < rarity("talks") < rarity("ceasefire") < rarity("qwzzx") == RAREST


@pytest.mark.parametrize("language", ["en-GB", "zz", "", "no", "zh"])
def test_every_language_has_a_background(language: str) -> None:
    assert 0 <= rarity_in(language)("talks") <= RAREST


def test_the_share_of_rarity_goes_from_nothing_to_one() -> None:
    share = rarity_share_in("en")
    assert share("the") == 0 < share("death") < share("election") < share("ceasefire") < share("qwzzx") == 1


@pytest.mark.parametrize("language", ["en-GB", "zz", "", "no", "zh", "de"])
def test_every_language_has_shares_of_rarity(language: str) -> None:
    assert 0 <= rarity_share_in(language)("talks") <= 1


def test_numbers_are_as_rare_as_their_length_and_digits() -> None:
    for rarity in (rarity_in("en"), rarity_share_in("en")):
        assert rarity("19") < rarity("91") < rarity("737")
        assert rarity("2019") < rarity("1867") < rarity("7351")
        assert rarity("23") == rarity("٢٣") > 0
        assert rarity("7") == rarity("000") == rarity("05") == 0
    assert rarity_in("en")("9" * 10_000) == RAREST


def test_a_language_with_a_region_is_the_language() -> None:
    assert rarity_in("de-AT")("und") == rarity_in("de")("und") < COMMON


def test_reporters_words_are_known_in_english_and_missing_elsewhere() -> None:
    assert {"said", "tuesday", "according"} <= reporting_words("en-US")
    assert reporting_words("fo") == frozenset()
