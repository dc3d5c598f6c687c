from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.questions.match import expression
from archive.questions.parsing import MAX_TYPED
from archive.questions.terms import NOTHING
from archive.schema import FULL_TEXT

TEXTS = {
    1: "Envoys opened negotiations in Doha; a withdrawal was on the table.",
    2: "The peace deal falters in Kabul, and café owners shrug.",
    3: "A deal on peace? Terrorism was not discussed; the negotiator left.",
    4: "Pakistan-based delegates spoke of US-Taliban contacts.",
    5: "گفتگوهای صلح در دوحه",
}


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """The archive's own index over five texts."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title, byline, summary, body)")
        db.executescript(FULL_TEXT)
        db.executemany("INSERT INTO articles VALUES (?, '', '', '', ?)", TEXTS.items())
        yield db


def found(index: sqlite3.Connection, typed: str) -> set[int]:
    rows = index.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [expression(typed)])
    return {row[0] for row in rows}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("doha", {1}),
        ("DOHA", {1}),
        ("peace deal", {2, 3}),
        ('"peace deal"', {2}),
        ("“peace deal”", {2}),
        ("peace -kabul", {3}),
        ('deal -"peace deal"', {3}),
        ("peace NOT kabul", {3}),
        ("peace AND kabul", {2}),
        ("doha OR kabul", {1, 2}),
        ("doha OR kabul deal", {2}),
        ("doha OR kabul OR us-taliban", {1, 2, 4}),
        ("cafe", {2}),
        ("negotiat*", {1, 3}),
        ("negotiati*", {1, 3}),  # one stem with negotiator
        ("terroris*", {3}),
        ("Pak*", {4}),
        ("صلح", {5}),
        ("withdraw", {1}),
        ('peace "unbalanced', set()),
        ('"doha', {1}),
        ('doha"', {1}),
        ("doha *", {1}),
        ("(doha)", {1}),
        ("doha^ +withdrawal", {1}),
        ("body:doha", {1}),
        ("title:doha", set()),
        ("doha outlet:wire.example", set()),  # that box knows no filters
        ("doha since:2019", set()),
        ("doha -", {1}),
        ("doha OR", {1}),
        ("OR doha", {1}),
        ("doha NOT", {1}),
        ("doha 😀", {1}),
        ("doha\x00withdrawal", {1}),
        ("-doha", set()),
        ("", set()),
        ("NEAR(doha)", set()),
    ],
)
def test_what_people_type_finds_what_they_mean(index: sqlite3.Connection, typed: str, expected: set[int]) -> None:
    assert found(index, typed) == expected


@given(st.text(st.characters(codec=None), max_size=60) | st.text('"*-+^(){}:ORANDT \x00\ud800ab', max_size=40))
def test_nothing_that_can_be_typed_is_a_fault(index: sqlite3.Connection, typed: str) -> None:
    found(index, typed)


@given(st.lists(st.sampled_from(["doha", "withdrawal", "table", "envoys"]), min_size=1, max_size=4))
def test_words_of_a_text_find_it_in_any_order(index: sqlite3.Connection, words: list[str]) -> None:
    assert 1 in found(index, " ".join(words))


@pytest.mark.parametrize("typed", ["", " ", "-doha", '""', "*", "😀 !?", "OR AND NOT", '"', "- -"])
def test_where_no_word_is_wanted_the_expression_finds_nothing(typed: str) -> None:
    assert expression(typed) == NOTHING


def test_a_very_long_query_is_cut(index: sqlite3.Connection) -> None:
    assert found(index, "doha " * 100_000) == {1}
    assert len(expression('"a" ' * 100_000)) < 10 * MAX_TYPED
