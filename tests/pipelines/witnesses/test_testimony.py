from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import items  # its Testimony, by its own name, would be collected as a test
from pipelines.body.lines import key
from pipelines.witnesses.testimony import LONGEST, MOST, Hearing

TALKS = "Envoys resume talks"


def test_the_first_that_says_something_settles_it_and_who_says_otherwise_is_kept() -> None:
    hearing = Hearing()
    claims = [("json-ld", ""), ("microdata", TALKS), ("og", "Talks resume"), ("title tag", TALKS)]
    assert hearing.settle("title", claims, "") == TALKS
    assert hearing.record == (items.Testimony(field="title", witness="microdata", others=(("og", "Talks resume"),)),)


def test_where_nobody_says_anything_nobody_is_on_record() -> None:
    hearing = Hearing()
    assert hearing.settle("title", [("og", ""), ("h1", "")], "none") == "none"
    assert hearing.settle("authors", [("meta", ())], ()) == ()
    assert hearing.settle("number", [("meta", None)], None) is None
    assert hearing.record == ()


@pytest.mark.parametrize(
    "other",
    [TALKS.upper(), "Envoys  resume talks!", "“Envoys resume” talks", "EnvoysResume-talks", "Envoys résumé"],
)
def test_spelling_is_no_disagreement_but_words_are(other: str) -> None:
    hearing = Hearing()
    hearing.settle("title", [("og", TALKS), ("h1", other)], "")
    assert bool(hearing.record[0].others) is ("é" in other)


def test_no_and_zero_are_claims() -> None:
    hearing = Hearing()
    assert hearing.settle("is_paywalled", [("json-ld", False), ("og", True)], True) is False
    assert hearing.record[0].others == (("og", "True"),)


def test_a_field_says_for_itself_what_the_same_is_and_how_it_is_written() -> None:
    hearing = Hearing()
    claims = [("json-ld", ("talks", "truce")), ("meta", ("truce", "talks")), ("og", ("heat",))]
    assert hearing.settle("tags", claims, (), words=", ".join, key=frozenset) == ("talks", "truce")
    assert hearing.record[0].others == (("og", "heat"),)


def test_the_record_has_bounds() -> None:
    hearing = Hearing()
    hearing.settle("title", [("og", TALKS), *((f"witness {number}", f"{number} " * 500) for number in range(50))], "")
    others = hearing.record[0].others
    assert [witness for witness, _ in others] == [f"witness {number}" for number in range(MOST)]
    assert all(len(words) <= LONGEST for _, words in others)


CLAIMS = st.lists(st.tuples(st.sampled_from(["json-ld", "og", "h1"]), st.text("aA -", max_size=4)), max_size=8)


@given(CLAIMS)
def test_value_and_witness_are_one_claim_and_no_other_says_the_same(claims: list[tuple[str, str]]) -> None:
    hearing = Hearing()
    value = hearing.settle("title", claims, "")
    if not value:
        assert not any(text for _, text in claims)
        assert hearing.record == ()
        return
    testimony = hearing.record[0]
    assert (testimony.witness, value) == next(claim for claim in claims if claim[1])
    assert key(value) not in [key(words) for _, words in testimony.others]
    assert len({key(words) for _, words in testimony.others}) == len(testimony.others) <= MOST
    assert set(testimony.others) <= set(claims)
