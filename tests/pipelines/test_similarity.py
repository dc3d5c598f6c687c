from __future__ import annotations

import random
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.relations import Overlap, overlap_of, relation_of
from pipelines.similarity import RULE, CopyRule, Text, is_exact_copy, likeness, points
from pipelines.sketches import sketch

NOON = datetime(2021, 8, 15, 12, tzinfo=UTC)
HEADLINE = "Delegates return to Doha as the deadline for withdrawal nears"


def prose(words: int, seed: int) -> list[str]:
    """That many different-looking words: enough for shingles, which look at no meaning."""
    chance = random.Random(seed)
    return [chance.choice("bdfgklmnprst") + chance.choice("aeiou") + str(chance.randrange(900)) for _ in range(words)]


def compared(one: str, other: str, **facts: object) -> tuple[bool, str]:
    """Whether one text is a copy of another, and by which relation; facts with the prefix `their_` are the other's."""
    mine, theirs = sketch(one), sketch(other)
    overlap = overlap_of(mine.hashes, theirs.hashes)
    own = {key: value for key, value in facts.items() if not key.startswith("their_")}
    others = own | {key.removeprefix("their_"): value for key, value in facts.items() if key.startswith("their_")}
    others.setdefault("outlet", "b.example")
    text, kin = (
        Text(
            outlet=str(given.get("outlet", "a.example")),
            title=str(given.get("title", HEADLINE)),
            lead=body[:400],
            published=given.get("published", NOON),  # type: ignore[arg-type]  # each test gives a time
            words=drawn.words,
            wire=str(given.get("wire", "")),
        )
        for body, drawn, given in ((one, mine, own), (other, theirs, others))
    )
    told = points(text, kin, containment=overlap.containment, jaccard=overlap.jaccard)
    return told > 0, relation_of(overlap, mine.words, theirs.words)


def test_a_wire_copy_with_its_own_header_and_headline_is_syndicated() -> None:
    body = prose(500, 1)
    header = " ".join(["KABUL", "(Wire)", *body])
    assert compared(header, " ".join(body), title="Talks go on in Doha") == (True, "syndicated")
    assert compared(header, " ".join(body), title="Quite another", their_title="headline") == (True, "syndicated")


def test_the_first_third_of_a_story_is_a_truncated_copy() -> None:
    body = prose(900, 2)
    assert compared(" ".join(body[:300]), " ".join(body)) == (True, "truncated")


def test_a_longer_text_that_holds_all_of_another_is_partly_its_copy() -> None:
    body = prose(400, 3)
    longer, shorter = " ".join([*body, *prose(350, 4)]), " ".join(body)
    assert compared(longer, shorter) == (True, "partial")
    assert compared(shorter, longer) == (True, "truncated")


def test_a_text_that_takes_most_of_its_paragraphs_from_another_is_partial() -> None:
    body = prose(900, 20)
    assert compared(" ".join([*body[:260], *prose(140, 21)]), " ".join(body)) == (True, "partial")


def test_a_third_of_the_sentences_under_the_same_headline_is_a_rewrite() -> None:
    body, own = prose(600, 7), prose(600, 8)
    mixed = [word for at in range(0, 600, 30) for word in (body if at % 90 == 0 else own)[at : at + 30]]
    assert compared(" ".join(mixed), " ".join(body)) == (True, "rewrite")


def test_background_paragraphs_used_again_make_a_copy_across_outlets_only_under_the_same_headline() -> None:
    background = prose(350, 7)
    one, other = " ".join([*prose(250, 8), *background]), " ".join([*prose(250, 9), *background])
    assert not compared(one, other, title="Grain prices fall in Herat", their_title="School reopens after the flood")[0]
    assert compared(one, other)[0]


def test_within_one_outlet_containment_alone_is_not_enough() -> None:
    background = prose(500, 10)
    one, other = " ".join([*prose(60, 11), *background]), " ".join([*prose(60, 12), *background])
    apart = {"title": "Talks enter a ninth day", "their_title": "Envoy leaves", "published": NOON + timedelta(days=9)}
    apart["their_published"] = NOON
    assert compared(one, other, **apart)[0]
    assert not compared(one, other, their_outlet="a.example", **apart)[0]
    assert compared(one, other, their_outlet="a.example")[0]


def test_two_texts_on_one_event_are_not_copies() -> None:
    assert not compared(" ".join(prose(500, 13)), " ".join(prose(500, 14)))[0]


def test_a_short_text_is_a_copy_of_an_equal_one_only() -> None:
    words = prose(24, 15)
    assert not compared(" ".join(words), " ".join([*words, *prose(200, 16)]))[0]


def text(words: int = 200, title: str = HEADLINE, **facts: object) -> Text:
    plain = Text(outlet="a.example", title=title, lead="", published=None, words=words)
    return replace(plain, **facts)  # type: ignore[arg-type]  # each test names fields of it


def test_equal_words_are_an_exact_copy_but_a_notice_needs_its_headline_too() -> None:
    assert is_exact_copy(text(200, "One headline"), text(200, "Quite another"))
    assert is_exact_copy(text(12, HEADLINE), text(12, HEADLINE.upper()))
    assert not is_exact_copy(text(12, "Talks resume in Doha"), text(12, "Floods in Baghlan kill many"))
    assert not is_exact_copy(text(0, HEADLINE), text(0, HEADLINE))


@pytest.mark.parametrize(
    ("mine", "theirs", "agency"),
    [("AP", "AP", 1.0), ("AP", "AFP", -1.0), ("AP", "", 0.0), ("", "", 0.0)],
)
def test_one_agency_speaks_for_a_copy_and_two_against(mine: str, theirs: str, agency: float) -> None:
    assert likeness(text(wire=mine), text(wire=theirs), containment=0.5, jaccard=0.5).agency == agency


@pytest.mark.parametrize(("hours", "distance"), [(0, 0.0), (48, 0.5), (144, 0.75)])
def test_time_counts_half_after_two_days(hours: int, distance: float) -> None:
    one, other = text(published=NOON), text(published=NOON + timedelta(hours=hours))
    assert likeness(one, other, containment=0, jaccard=0).distance == pytest.approx(distance)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [("a b c", "A, b: c!", 1.0), ("a b", "b c", 1 / 3), ("a", "b", 0.0), ("", "", 0.0), ("", "a", 0.0)],
)
def test_headlines_are_alike_by_their_words(one: str, other: str, overlap: float) -> None:
    found = likeness(text(title=one), text(title=other), containment=0, jaccard=0)
    assert found.headline == pytest.approx(overlap)


def test_the_weights_are_those_of_the_data_file() -> None:
    table = tomllib.loads(files("pipelines").joinpath("copies.toml").read_text(encoding="utf-8"))
    assert CopyRule.of(table) == RULE
    assert RULE.across.start == table["across"]["start"]
    assert points(text(), text(outlet="b.example"), containment=0, jaccard=0) == pytest.approx(
        RULE.across.start + RULE.across.headline + RULE.across.distance / 2
    )


PARAGRAPHS = [" ".join(prose(40, seed)) for seed in range(100, 106)]
BODIES = st.lists(st.sampled_from(PARAGRAPHS), max_size=12).map("\n".join)


@given(BODIES, BODIES)
def test_any_two_texts_can_be_compared_in_both_directions(one: str, other: str) -> None:
    assert compared(one, other)[0] == compared(other, one)[0]
    overlap = overlap_of(sketch(one).hashes, sketch(other).hashes)
    assert 0 <= overlap.jaccard <= overlap.containment <= 1
    assert isinstance(overlap, Overlap)
