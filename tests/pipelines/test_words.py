from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.words import stem, stems_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Peace TALKS, again!", ["peace", "talks", "again"], id="case and punctuation go"),
        pytest.param("Kabul’s and Doha's plan", ["kabul", "and", "doha", "plan"], id="possessives are the word itself"),
        pytest.param("U.S. and US, e.g. U.S.-led", ["us", "and", "us", "eg", "us", "led"], id="initials are one word"),
        pytest.param(
            "Patrick J. Moe left. A new one", ["patrick", "j", "moe", "left", "a", "new", "one"], id="one initial"
        ),
        pytest.param("ﬁne Ｆull", ["fine", "full"], id="compatibility forms are folded"),
        pytest.param("शांति वार्ता", ["शांति", "वार्ता"], id="vowel signs stay in their word"),
        pytest.param("مذاکرات صلح", ["مذاکرات", "صلح"], id="Persian"),
        pytest.param("和平谈判 2019", ["和", "平", "谈", "判", "2019"], id="characters without spaces stand alone"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_words_are_the_same_whatever_the_house_style(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@given(st.text(max_size=300))
def test_words_are_folded_and_never_empty(text: str) -> None:
    words = words_of(text)
    assert all(words)
    assert not any(sign.isspace() for word in words for sign in word)


@given(st.lists(st.text("abcdefgh", min_size=2, max_size=8), max_size=30))
def test_plain_words_come_back_in_order(words: list[str]) -> None:
    assert words_of(" ".join(words).upper()) == words


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("talks", "talk"),
        ("treaties", "treaty"),
        ("dies", "die"),
        ("crisis", "crisi"),
        ("crises", "crise"),
        ("status", "status"),
        ("press", "press"),
        ("gas", "gas"),
        ("erdoğan", "erdogan"),
        ("शांति", "शांति"),
        ("한국어", "한국어"),
        ("\u0301", "\u0301"),
    ],
)
def test_a_stem_is_the_word_without_plural_and_accents(word: str, root: str) -> None:
    assert stem(word) == root


@given(st.text(max_size=300))
def test_stems_are_those_of_the_words(text: str) -> None:
    assert stems_of(text) == [stem(word) for word in words_of(text)]


def test_spaces_and_dots_that_are_replaced_at_once_are_as_unicode_says() -> None:
    assert words_of("river\xa0treaty…ﬁnal") == words_of("river treaty...final") == ["river", "treaty", "final"]
