from __future__ import annotations

from itertools import pairwise

import pytest

from pipelines.items import Article
from pipelines.vocabulary import HEAVIEST, MOST_PHRASES, MOST_WORDS, vocabulary

SLUICE = Article(
    title="Sluice repairs begin at Port Amaro",
    body="Engineers began to replace the sluice gates at Port Amaro on Friday, as Nadia Orlov, the keeper, had asked.\n"
    "The new sluice gates came up the river on pontoons, and Orlov said that barges would have to wait for weeks.",
)


def weights(*seeds: Article, language: str = "en") -> dict[str, float]:
    return {term.text: term.weight for term in vocabulary(seeds, language)}


def test_rare_words_weigh_more_than_common_ones_and_repeated_ones_more_than_single_ones() -> None:
    terms = weights(SLUICE)
    assert terms["sluice"] > terms["pontoons"] > terms["river"]
    assert "the" not in terms


def test_names_weigh_more_than_words_as_rare() -> None:
    body = "In the evening they saw quernmill and Quillip from the old bridge by the shore."
    assert weights(Article(title="", body=body))["Quillip"] > weights(Article(title="", body=body))["quernmill"]


def test_a_forename_that_never_stands_alone_is_left_to_its_phrase_unless_a_seed_begins_with_it() -> None:
    rest = " and ".join(["they mended what was there"] * 20)
    below = Article(title=SLUICE.title, body=f"{rest}.\n{SLUICE.body}")
    terms, leading = weights(below), weights(SLUICE)
    assert "Nadia Orlov" in terms
    assert "Orlov" in terms
    assert not {"Nadia", "nadia"} & terms.keys()
    assert leading["Orlov"] > leading["Nadia"]


def test_what_a_seed_begins_with_weighs_more_than_what_comes_late() -> None:
    begins, goes_on = "They saw the quernmill by the bridge.", " ".join(["It was there for all to see."] * 30)
    early, late = (
        weights(Article(title="", body=f"{one}\n{other}\nThey saw the blemkite."))
        for one, other in ((begins, goes_on), (goes_on, begins))
    )
    assert early["quernmill"] > early["blemkite"]
    assert late["quernmill"] == late["blemkite"]


def test_numbers_tell_by_their_rarity_and_tails_of_numbers_nothing() -> None:
    terms = weights(
        Article(title="", body="In 1967 they counted 14,000 barges and 5 pontoons, 737 of them with sluices.")
    )
    assert terms["737"] > terms["1967"] > terms["14"] > 0
    assert not {"000", "5"} & terms.keys()


def test_phrases_are_pairs_that_recur_within_a_sentence() -> None:
    terms = weights(SLUICE)
    assert "sluice gates" in terms
    assert not {"gates port", "port amaro engineers"} & terms.keys()


def test_terms_come_by_weight_with_what_was_asked_for_first() -> None:
    terms = vocabulary([SLUICE], "en", ["Lower Amaro", "gates"])
    assert [(term.text, term.kind, term.weight) for term in terms[:2]] == [
        ("Lower Amaro", "asked", HEAVIEST),
        ("gates", "asked", HEAVIEST),
    ]
    assert all(one.weight >= other.weight for one, other in pairwise(terms[2:]))
    assert sum(term.text.casefold() in {"gate", "gates"} for term in terms) == 1


def test_a_long_seed_gives_no_more_than_a_hand_can_edit() -> None:
    body = " ".join(f"They saw Qu{n}ra Zy{n}k, and quirk{n}s blem{n}k there." for n in range(300))
    terms = vocabulary([Article(title="", body=body)], "en")
    assert len(terms) <= MOST_WORDS + MOST_PHRASES


def test_seeds_without_words_teach_nothing() -> None:
    assert vocabulary([], "en") == ()
    assert vocabulary([Article(title="", body="")], "en") == ()


@pytest.mark.parametrize("language", ["de", "ps", "zz", ""])
def test_seeds_of_any_language_teach_something(language: str) -> None:
    assert weights(SLUICE, language=language)
