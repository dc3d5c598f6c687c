from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.pages.marking import MARKS, MOST_TERMS, SHOWN, either, lines_of, shown
from archive.pieces import LONGEST, TOKENIZER, unmarked
from archive.questions.typed import COLUMNS
from archive.tables import FULL_TEXT

BODY = "The Negotiations with al-Qaeda failed in Genéva.\nA negotiator spoke of peace\ntalks, and talked of talk shows."
ARTICLE = {"title": "<b>Peace talks</b>", "byline": "A. Negotiator", "summary": "Of \x02peace", "body": BODY}
TERMS = (
    st.text(max_size=20) | st.integers() | st.sampled_from(['"', "a OR b", "NEAR(", "*", "\x00x", "\ud800", "peace"])
)


def plain(text: str) -> str:
    return text.replace("\x02", "[").replace("\x03", "]")


def test_terms_are_found_whole_word_by_word_in_any_case_accent_and_ending() -> None:
    found = shown(ARTICLE, either(["negotiation", "al qaeda", "geneva", "peace talks"]))
    assert plain(found["title"]) == "<b>[Peace talks]</b>"
    assert [plain(line) for _, line in lines_of(found["body"])] == [
        "The [Negotiations] with [al-Qaeda] failed in [Genéva].",
        "A [negotiator] spoke of [peace]",
        "[talks], and talked of talk shows.",
    ]


@pytest.mark.parametrize("terms", [[], ["", "…", '"'], ["zeppelin"]])
def test_where_nothing_matches_nothing_is_marked(terms: list[str]) -> None:
    assert shown(ARTICLE, either(terms)) == {**ARTICLE, "summary": "Of peace"}


def test_a_word_is_looked_for_where_the_search_said() -> None:
    found = shown(ARTICLE, "title:peace")
    assert plain(found["title"]) == "<b>[Peace] talks</b>"
    assert "\x02" not in found["body"]


def test_a_text_is_marked_by_the_rules_by_which_the_archive_finds_it() -> None:
    assert f"tokenize='{TOKENIZER}'" in FULL_TEXT
    assert f"{', '.join(COLUMNS)}," in " ".join(FULL_TEXT.split())


def test_no_more_of_a_text_is_marked_than_is_shown() -> None:
    assert len(shown({**ARTICLE, "body": "x" * (SHOWN + 9)}, "")["body"]) == SHOWN


def test_a_text_that_says_one_word_over_and_over_is_marked_in_small_pieces() -> None:
    body = shown({**ARTICLE, "body": "talks " * (SHOWN // 6)}, either(["talks"]))["body"]
    assert MARKS <= body.count("\x02") == body.count("\x03") < MARKS + LONGEST
    assert len(unmarked(body)) == SHOWN // 6 * 6


@given(st.lists(TERMS))
def test_whatever_the_terms_are_they_are_understood(terms: list[object]) -> None:
    match = either(terms)
    assert shown(ARTICLE, match).keys() == set(COLUMNS)
    assert match.count('"') <= 2 * MOST_TERMS


@given(st.text("ab\n\x02\x03 ", max_size=40))
def test_every_line_closes_what_it_opens(body: str) -> None:
    for _, line in lines_of(body):
        last = max(line.rfind("\x02"), line.rfind("\x03"))
        assert last < 0 or line[last] == "\x03"


def test_lines_keep_their_numbers_and_blank_ones_are_none() -> None:
    assert lines_of("one\n\n  \ntwo ") == [(0, "one"), (3, "two")]
    assert lines_of("") == []


def test_signs_in_a_text_of_the_web_are_no_marks() -> None:
    assert unmarked("a\x02b\x03c") == "abc"
