from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.lines import RULES, Surroundings, key, own_lines

TITLE = "Envoys resume talks in Doha"
TEXT = [
    f"Paragraph {number} tells at some length what the envoys said on Tuesday evening, and what they did not say."
    for number in range(1, 9)
]
LINE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [TITLE, TEXT[0], TEXT[1], "Read more: the room", "- Who sits there", "Ana Lima", "Ana Lima is a reporter.",
         "dpa", "2 May 2019", "A view of the room. Photo: A. Lima/Wire", "Follow us on Twitter", "___"]
    ),
)  # fmt: skip


def kept(*lines: str, authors: tuple[str, ...] = (), links: tuple[str, ...] = ()) -> list[str]:
    return own_lines(lines, Surroundings(titles=[TITLE], authors=authors, links=links))


@pytest.mark.parametrize(
    "repeat",
    [TITLE, "ENVOYS RESUME TALKS IN DOHA!", f"Peace talks: {TITLE}", "2 September 2019, 18:04", "02.09.2019 | 14:14"],
    ids=["same", "capitals", "with the words above it", "date", "numbers"],
)
def test_headline_and_date_are_not_repeated_at_the_top(repeat: str) -> None:
    assert kept(repeat, *TEXT) == TEXT


@pytest.mark.parametrize("line", ["Northfield 14 11 6 15 - 46", "Price: 49.95 Euro, call 040 890 854"])
def test_scores_and_prices_are_no_dates(line: str) -> None:
    assert kept(line, *TEXT) == [line, *TEXT]


@pytest.mark.parametrize("line", ["By Ana Lima", "Ana Lima, Jon Berg", "ANA LIMA, Kabul", "김하나 기자"])
def test_a_byline_is_no_text_at_either_end(line: str) -> None:
    authors = ("Ana Lima", "Jon Berg", "김하나")
    assert kept(line, *TEXT, authors=authors) == kept(*TEXT, line, authors=authors) == TEXT


@pytest.mark.parametrize(
    "notice",
    ["Updated: This article has been corrected to give the right day.", "Correction: The envoys met on Monday."],
)
def test_a_notice_of_a_correction_is_no_promotion(notice: str) -> None:
    assert kept(*TEXT, notice) == [*TEXT, notice]
    assert kept(*TEXT, "Updated: 14:05") == TEXT


def test_an_author_s_name_in_a_sentence_stays() -> None:
    sentence = "Ana Lima was in the room when the delegations rose and left, and counted eleven of them."
    assert kept(sentence, *TEXT, authors=("Ana Lima",)) == [sentence, *TEXT]


@pytest.mark.parametrize(
    "line",
    ["Ana Lima is a correspondent in Kabul.", "Our correspondent Ana Lima has reported from Kabul since 2009."],
)
def test_an_author_is_not_introduced_at_the_end(line: str) -> None:
    assert kept(*TEXT, line, authors=("Ana Lima",)) == TEXT
    assert kept(line, *TEXT[:8], authors=("Ana Lima",)) == [line, *TEXT]


def test_the_end_is_where_promotion_ends() -> None:
    promotion = ["Read more", "Sign up for our newsletter", "Follow us on Twitter", "Comments", "Share this article"]
    assert kept(*TEXT, "Ana Lima is a reporter.", "Reporting by Jon Berg", *promotion, authors=("Ana Lima",)) == TEXT


def test_a_notice_of_a_correction_is_the_article_s() -> None:
    notices = ["Correction: an earlier version gave a wrong day.", "Editor's note: This story was updated at noon."]
    assert kept(*TEXT, *notices) == [*TEXT, *notices]


def test_the_headline_deep_in_the_text_stays() -> None:
    assert kept(*TEXT, TITLE) == [*TEXT, TITLE]


@pytest.mark.parametrize("line", ["What the two sides want from it", "Background: What the two sides want from it"])
def test_a_line_that_is_a_link_is_no_text(line: str) -> None:
    assert kept(TEXT[0], line, *TEXT[1:], links=("What the two sides want from it",)) == TEXT


def test_a_list_of_links_that_is_the_article_stays() -> None:
    places = [f"The {number} best places to wait for a truce" for number in range(9)]
    assert kept(TEXT[0], *places, links=tuple(places)) == [TEXT[0], *places]


def test_an_address_between_paragraphs_stays() -> None:
    address = "https://courier.example/who-sits-at-the-table"
    assert kept(TEXT[0], address, *TEXT[1:], links=(address,)) == [TEXT[0], address, *TEXT[1:]]


def test_a_short_link_may_be_a_heading_but_not_at_the_ends() -> None:
    links = ("The room", "World", "Talks")
    assert kept("World", TEXT[0], "The room", *TEXT[1:], "Talks", links=links) == [TEXT[0], "The room", *TEXT[1:]]


def test_a_list_under_a_line_of_promotion_goes_with_it() -> None:
    assert kept(*TEXT, "More from the Courier", "- Snow in the south", "- A bridge falls", TEXT[0][:60]) == [
        *TEXT,
        TEXT[0][:60],
    ]
    assert kept("Three things are known:", "- Snow in the south", *TEXT)[1] == "- Snow in the south"


def test_other_articles_in_a_row_go_and_a_sentence_that_begins_with_a_link_stays() -> None:
    others = ("Snow closes the southern passes", "A bridge falls in Port Amaro", "Bakers end their long strike")
    rows = [f"{other} Nobody was hurt" for other in others]
    assert kept(*TEXT, *rows, links=others) == TEXT
    assert kept(*TEXT, rows[0], links=others) == [*TEXT, rows[0]]
    assert kept(*rows, *TEXT, links=others) == [*rows, *TEXT]


def test_a_teaser_that_stands_twice_is_read_once_and_a_refrain_as_often_as_it_is_sung() -> None:
    assert kept(*TEXT, TEXT[0], "Home again", "Home again") == [*TEXT, "Home again", "Home again"]


def test_lines_without_words_go() -> None:
    assert kept("___", *TEXT, "* * *") == TEXT


def test_where_nothing_would_be_left_everything_stays() -> None:
    assert kept(TITLE) == [TITLE]


def test_a_rule_can_be_left_out() -> None:
    some = [rule for rule in RULES if type(rule).__name__ != "Headline"]
    assert own_lines([TITLE, "Read more", *TEXT], Surroundings(titles=[TITLE]), some) == [TITLE, *TEXT]
    assert own_lines(["Read more", *TEXT], Surroundings(), ()) == ["Read more", *TEXT]


@pytest.mark.parametrize(
    ("one", "other"),
    [("“No truce” – yet", "no  TRUCE yet!"), ("No truce - yet", "no TRUCE_yet"), ("Straße 5", "strasse5")],
)
def test_a_key_is_blind_to_spacing_case_and_punctuation(one: str, other: str) -> None:
    assert key(one) == key(other) != ""


@given(st.lists(LINE, max_size=12), st.lists(LINE, max_size=4))
def test_lines_are_only_ever_taken_away_and_never_all(lines: list[str], others: list[str]) -> None:
    left = own_lines(lines, Surroundings(titles=others, authors=others, links=others))
    place = iter(lines)
    assert all(line in place for line in left)
    assert bool(left) == bool(lines)


@given(st.lists(LINE, min_size=1, max_size=12), st.lists(LINE, max_size=4))
def test_no_rule_names_a_line_that_is_not_there(lines: list[str], others: list[str]) -> None:
    around = Surroundings(titles=others, authors=others, links=others)
    for rule in RULES:
        left = own_lines(lines, around, [rule])
        assert len(left) <= len(lines)
        assert set(left) <= set(lines)
