from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.similarity import (
    BOUND,
    Likeness,
    Text,
    content_hash,
    headline_overlap,
    is_exact_copy,
    likeness,
    rarest,
    sketch,
)

NOON = datetime(2021, 8, 15, 12, tzinfo=UTC)
HEADLINE = "Delegates return to Doha as the deadline for withdrawal nears"


def prose(words: int, seed: int) -> list[str]:
    """That many different-looking words: enough for shingles, which look at no meaning."""
    chance = random.Random(seed)
    return [chance.choice("bdfgklmnprst") + chance.choice("aeiou") + str(chance.randrange(900)) for _ in range(words)]


def compared(one: str, other: str, **facts: object) -> Likeness | None:
    """The copy rule on two bodies, as the group stage calls it; facts with the prefix `their_` are the other's."""
    mine, theirs = sketch(one), sketch(other)
    shared = len(set(mine.hashes) & set(theirs.hashes))
    own = {key: value for key, value in facts.items() if not key.startswith("their_")}
    others = own | {key.removeprefix("their_"): value for key, value in facts.items() if key.startswith("their_")}
    others.setdefault("outlet", "b.example")
    limit = min(rarest(mine.words), rarest(theirs.words))
    text, kin = (
        Text(
            outlet=str(given.get("outlet", outlet)),
            title=str(given.get("title", HEADLINE)),
            lead=body[:400],
            published=given.get("published", NOON),  # type: ignore[arg-type]  # each test gives a time
            words=drawn.words,
            hashes=sum(one < limit for one in drawn.hashes),
        )
        for outlet, body, drawn, given in (("a.example", one, mine, own), ("b.example", other, theirs, others))
    )
    return likeness(text, kin, shared)


def test_a_wire_copy_with_its_own_header_and_headline_is_syndicated() -> None:
    body = prose(500, 1)
    found = compared(
        " ".join(["KABUL", "(Wire)", *body]), " ".join(body), title="Talks go on in Doha as deadline nears"
    )
    assert found is not None
    assert found.relation == "syndicated"
    assert found.similarity > 0.9


def test_the_first_third_of_a_story_is_a_truncated_copy() -> None:
    body = prose(900, 2)
    found = compared(" ".join(body[:300]), " ".join(body))
    assert found is not None
    assert found.relation == "truncated"


def test_a_longer_text_that_holds_all_of_another_is_partly_its_copy() -> None:
    body = prose(400, 3)
    longer, shorter = " ".join([*body, *prose(500, 4)]), " ".join(body)
    found, back = compared(longer, shorter), compared(shorter, longer)
    assert found is not None
    assert back is not None
    assert (found.relation, back.relation) == ("partial", "truncated")
    assert found.similarity < 0.6
    assert back.similarity > 0.8


def test_a_text_that_takes_most_of_its_paragraphs_from_another_is_partial() -> None:
    body = prose(900, 20)
    found = compared(" ".join([*body[:260], *prose(140, 21)]), " ".join(body))
    assert found is not None
    assert found.relation == "partial"


def test_a_third_of_the_sentences_under_the_same_headline_is_a_rewrite() -> None:
    body, own = prose(600, 7), prose(600, 8)
    mixed = [word for at in range(0, 600, 30) for word in (body if at % 90 == 0 else own)[at : at + 30]]
    found = compared(" ".join(mixed), " ".join(body))
    assert found is not None
    assert found.relation == "rewrite"


def test_background_paragraphs_used_again_make_a_copy_across_outlets_only_under_the_same_headline() -> None:
    background = prose(350, 7)
    one, other = " ".join([*prose(250, 8), *background]), " ".join([*prose(250, 9), *background])
    apart = {"title": "Grain prices fall in Herat", "their_title": "School reopens after the flood"}
    assert compared(one, other, **apart) is None
    assert compared(one, other) is not None


def test_within_one_outlet_containment_alone_is_not_enough() -> None:
    background = prose(500, 10)
    one, other = " ".join([*prose(60, 11), *background]), " ".join([*prose(60, 12), *background])
    facts = {
        "title": "Talks enter a ninth day",
        "their_title": "Envoy leaves the capital",
        "published": NOON + timedelta(days=9),
    }
    assert compared(one, other, **facts) is not None
    assert compared(one, other, their_outlet="a.example", **facts) is None
    assert compared(one, other, their_outlet="a.example") is not None


def test_two_texts_on_one_event_are_not_copies() -> None:
    assert compared(" ".join(prose(500, 13)), " ".join(prose(500, 14))) is None


def test_a_short_text_is_a_copy_of_an_equal_one_only() -> None:
    words = prose(24, 15)
    assert sketch(" ".join(words)).hashes == ()
    assert compared(" ".join(words), " ".join([*words, *prose(200, 16)])) is None


def test_equal_words_are_an_exact_copy_but_a_notice_needs_its_headline_too() -> None:
    def text(words: int, title: str) -> Text:
        return Text(outlet="a.example", title=title, lead="", published=None, words=words, hashes=0)

    assert is_exact_copy(text(200, "One headline"), text(200, "Quite another"))
    assert is_exact_copy(text(12, HEADLINE), text(12, HEADLINE.upper()))
    assert not is_exact_copy(text(12, "Talks resume in Doha"), text(12, "Floods in Baghlan kill many"))
    assert not is_exact_copy(text(0, HEADLINE), text(0, HEADLINE))


def test_long_texts_keep_a_rarer_sample_of_about_the_same_size() -> None:
    sizes = {words: len(sketch(" ".join(prose(words, words))).hashes) for words in (100, 500, 1000, 5000, 50_000)}
    assert 4 <= sizes[100] <= 24
    assert all(30 <= size <= 100 for words, size in sizes.items() if words > 100)


def test_the_sample_of_a_long_text_contains_what_a_part_of_it_keeps_at_that_rarity() -> None:
    body = prose(4000, 17)
    part, whole = sketch(" ".join(body[:500])), sketch(" ".join(body))
    rare = {one for one in part.hashes if one < 1 << 58}  # 1 in 64
    assert rare
    assert rare <= set(whole.hashes)


def test_hashes_fit_what_sqlite_stores_and_are_bounded() -> None:
    hashes = sketch(" ".join(prose(20_000, 18))).hashes
    assert list(hashes) == sorted(set(hashes))
    assert all(0 <= one < 1 << 63 for one in hashes)
    assert len(hashes) <= BOUND


def test_a_sketch_is_the_same_in_every_process() -> None:
    text = " ".join(prose(300, 19))
    code = f"from pipelines.similarity import sketch; print(sketch({text!r}))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {f"{sketch(text)}\n".encode()}


def test_case_punctuation_and_white_space_do_not_change_a_sketch() -> None:
    text = "Delegates said, on Sunday, that the talks would resume. " * 5
    assert sketch(text) == sketch(text.upper().replace(" ", "\n ").replace(",", ""))


def test_a_version_is_told_by_any_character_but_white_space() -> None:
    assert content_hash("A b", "one\ntwo  three") == content_hash(" A  b", "one two\n\nthree ")
    assert content_hash("Cafe\u0301", "x") == content_hash("Caf\u00e9", "x")
    assert content_hash("A", "one, two") != content_hash("A", "one two")
    assert content_hash("A", "one two") != content_hash("B", "one two")
    assert content_hash("A one", "two") != content_hash("A", "one two")


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [("a b c", "A, b: c!", 1.0), ("a b", "b c", 1 / 3), ("a", "b", 0.0), ("", "", 0.0), ("", "a", 0.0)],
)
def test_headlines_overlap_by_their_words(one: str, other: str, overlap: float) -> None:
    assert headline_overlap(one, other) == pytest.approx(overlap)


PARAGRAPHS = [" ".join(prose(40, seed)) for seed in range(100, 106)]
BODIES = st.lists(st.sampled_from(PARAGRAPHS), max_size=12).map("\n".join)


@given(BODIES, BODIES)
def test_any_two_texts_can_be_compared_in_both_directions(one: str, other: str) -> None:
    found, back = compared(one, other), compared(other, one)
    assert (found is None) == (back is None)
    if found is not None and back is not None:
        assert found.margin == pytest.approx(back.margin)
        assert 0 <= min(found.similarity, back.similarity) <= max(found.similarity, back.similarity) <= 1


def test_lone_surrogates_do_not_stop_a_sketch() -> None:
    assert sketch("a\ud800b " * 40).words > 0
    assert content_hash("\ud800", "") != content_hash("", "")
