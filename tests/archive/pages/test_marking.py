from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.pages.marking import MOST_TERMS, either, lines_of, marked_in, unmarked
from archive.queries import Reader, open_reader
from archive.store import Archive
from tests.filling import fill

BODY = "The Negotiations with al-Qaeda failed in Genéva.\nA negotiator spoke of peace\ntalks, and talked of talk shows."


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    data = fill(tmp_path_factory.mktemp("marked"))
    archive = Archive.open(data)
    with archive.writing() as written:
        written.execute("UPDATE articles SET body = ?, title = '<b>Peace talks</b>' WHERE id = 1", [BODY])
    archive.close()
    opened = open_reader(data)
    yield opened
    opened.close()


def shown(text: str) -> str:
    return text.replace("\x02", "[").replace("\x03", "]")


def test_terms_are_found_whole_word_by_word_in_any_case_accent_and_ending(db: Reader) -> None:
    found = marked_in(db, 1, either(["negotiation", "al qaeda", "geneva", "peace talks"]))
    assert shown(found["title"]) == "<b>[Peace talks]</b>"
    lines = [shown(line) for _, line in lines_of(found["body"])]
    assert lines == [
        "The [Negotiations] with [al-Qaeda] failed in [Genéva].",
        "A [negotiator] spoke of [peace]",
        "[talks], and talked of talk shows.",
    ]


def test_no_term_no_match_and_no_article_mark_nothing(db: Reader) -> None:
    assert marked_in(db, 1, either(["", "…", '"'])) == {}
    assert marked_in(db, 1, either(["zeppelin"])) == {}
    assert marked_in(db, 99, either(["peace"])) == {}


@given(
    st.lists(st.text(max_size=20) | st.integers() | st.sampled_from(['"', "a OR b", "NEAR(", "*", "\x00x", "\ud800"]))
)
def test_whatever_the_terms_are_the_index_understands_them(terms: list[object]) -> None:
    match = either(terms)
    db = DATABASE
    assert match == "" or db.execute("SELECT COUNT(*) FROM t WHERE t MATCH ?", [match]).fetchone()[0] >= 0
    assert match.count(" OR ") < MOST_TERMS or '"' in match


def _index() -> Reader:
    import sqlite3

    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(body, tokenize='porter unicode61 remove_diacritics 2')")
    return db


DATABASE = _index()


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
