"""The words by which a web archive is asked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.captures.telling import MOST_WORDS, telling
from pipelines.relevance import LINK_FLOOR, link_score
from pipelines.topic import Term, Topic


def topic(**weights: float) -> Topic:
    return Topic(name="t", terms=tuple(Term(text=text.replace("_", " "), weight=at) for text, at in weights.items()))


def test_words_that_promise_enough_by_themselves_are_told() -> None:
    assert telling(topic(taliban=5, envoy=0.1)) == ("taliban",)


def test_words_are_told_by_their_stems_and_phrases_with_what_stands_between() -> None:
    (expression, country) = telling(topic(peace_talks=5, countries=4))
    assert re.fullmatch(f".*{expression}.*", "https://daily.example/peace-talks-fail")
    assert re.fullmatch(f".*{country}.*", "https://daily.example/many-countries")
    assert re.fullmatch(f".*{country}.*", "https://daily.example/a-country")


def test_what_a_shorter_term_finds_is_not_asked_twice() -> None:
    assert telling(topic(afghan=3, intra_afghan=5, afghanistan=4)) == ("afghan",)


@pytest.mark.parametrize("text", ["us", ["un", "envoys"][0], "талибан", "和平谈判", "a b c"])
def test_short_words_and_other_scripts_are_not_asked_for(text: str) -> None:
    assert telling(Topic(name="t", terms=(Term(text=text, weight=5),))) == ()


def test_accents_are_folded() -> None:
    assert telling(Topic(name="t", terms=(Term(text="élection", weight=5),))) == ("election",)


@given(st.lists(st.tuples(st.text(max_size=20), st.floats(0, 10)), max_size=60))
def test_any_terms_make_harmless_expressions(terms: list[tuple[str, float]]) -> None:
    found = telling(Topic(name="t", terms=tuple(Term(text=text, weight=weight) for text, weight in terms)))
    assert len(found) <= MOST_WORDS
    assert all(re.fullmatch(r"[a-z0-9]+(?:\.\{1,3\}[a-z0-9]+)*", one) for one in found)


def test_what_the_archive_leaves_out_would_promise_little() -> None:
    weights = topic(taliban=5, khalilzad=4, peace_talks=2, envoy=0.5, troops=1)
    expression = re.compile(f".*({'|'.join(telling(weights))}).*")
    for slug in ("taliban", "khalilzad-says", "peace-talks", "envoy", "cricket", "us-envoy-doha"):
        url = f"https://daily.example/{slug}"
        assert bool(expression.fullmatch(url)) == (link_score("", url, weights) >= LINK_FLOOR)
