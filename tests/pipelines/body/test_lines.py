from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.lines import Surroundings, key, own_lines

TITLE = "Envoys resume talks in Doha"
TEXT = [
    f"Paragraph {number} tells at some length what the envoys said on Tuesday evening, and what they did not say."
    for number in range(1, 9)
]


def kept(*lines: str, authors: tuple[str, ...] = (), links: tuple[str, ...] = ()) -> list[str]:
    return own_lines(lines, Surroundings(titles=[TITLE], authors=authors, links=links))


@pytest.mark.parametrize(
    "repeat",
    [TITLE, "ENVOYS RESUME TALKS IN DOHA!", f"Peace talks: {TITLE}", "2 September 2019, 18:04", "02.09.2019 | 14:14"],
    ids=["same", "capitals", "with the words above it", "date", "numbers"],
)
def test_headline_and_date_are_not_repeated_at_the_top(repeat: str) -> None:
    assert kept(repeat, *TEXT) == TEXT


@pytest.mark.parametrize("line", ["By Ana Lima", "Ana Lima, Jon Berg", "ANA LIMA, Kabul"])
def test_a_byline_is_no_text(line: str) -> None:
    assert kept(line, *TEXT, authors=("Ana Lima", "Jon Berg")) == TEXT


def test_an_author_s_name_in_a_sentence_stays() -> None:
    sentence = "Ana Lima was in the room when the delegations rose and left, and counted eleven of them."
    assert kept(sentence, *TEXT, authors=("Ana Lima",)) == [sentence, *TEXT]


def test_an_author_is_not_introduced_at_the_end() -> None:
    assert kept(*TEXT, "Ana Lima is a correspondent in Kabul.", authors=("Ana Lima",)) == TEXT


def test_the_headline_deep_in_the_text_stays() -> None:
    assert kept(*TEXT, TITLE) == [*TEXT, TITLE]


@pytest.mark.parametrize("line", ["What the two sides want from it", "Background: What the two sides want from it"])
def test_a_line_that_is_a_link_is_no_text(line: str) -> None:
    assert kept(TEXT[0], line, *TEXT[1:], links=("What the two sides want from it",)) == TEXT


def test_a_list_of_links_that_is_the_article_stays() -> None:
    places = [f"The {number} best places to wait for a truce" for number in range(9)]
    assert kept(TEXT[0], *places, links=tuple(places)) == [TEXT[0], *places]


def test_a_short_link_may_be_a_heading() -> None:
    assert kept("The room", *TEXT, links=("The room",)) == ["The room", *TEXT]


def test_a_teaser_that_stands_twice_is_read_once_and_a_refrain_as_often_as_it_is_sung() -> None:
    assert kept(*TEXT, TEXT[0], "Home again", "Home again") == [*TEXT, "Home again", "Home again"]


def test_lines_without_words_go() -> None:
    assert kept("___", *TEXT, "* * *") == TEXT


def test_where_nothing_would_be_left_everything_stays() -> None:
    assert kept(TITLE) == [TITLE]


def test_a_key_is_blind_to_spacing_case_and_punctuation() -> None:
    assert key("“No truce” – yet") == key("no  TRUCE yet!")


@given(st.lists(st.text(max_size=60), max_size=12), st.lists(st.text(max_size=30), max_size=4))
def test_lines_are_only_ever_taken_away(lines: list[str], others: list[str]) -> None:
    left = own_lines(lines, Surroundings(titles=others, authors=others, links=others))
    place = iter(lines)
    assert all(line in place for line in left)
