from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.questions.parsing import MAX_TYPED
from archive.questions.question import FIELDS, Filter, Question, adding, parse, removing
from archive.questions.typed import COLUMNS, TIMES
from archive.schema import FULL_TEXT

ROOT = Path(__file__).parents[3]

TEXTS = {
    1: (
        "Draft agreed in Doha",
        "Mina Rahimi",
        "A first text",
        "Envoys opened negotiations; a withdrawal was discussed.",
    ),
    2: ("Kabul waits", "Ann Lee, Mina Rahimi", "", "The peace deal falters, and café owners shrug at the draft."),
    3: ("A deal on peace?", "", "Doha again", "Terrorism was not discussed; the negotiator left."),
    4: ("گفتگوهای صلح در دوحه", "", "", "Pakistan-based delegates spoke of US-Taliban contacts."),
}

LETTERS = st.characters(codec=None)
PIECES = st.sampled_from(
    ['"', "“", "”", "-", "--", "OR", "AND", "NOT", "NEAR(", "*", "^", "+", "{", "}", "(", ")", ":", "：", ",", " ",
     "\x00", "\ud800", "doha", "deal", "a*", "negotiat*", "outlet:", "-outlet:wire.example", "LANG:en,de",
     "since:2019", "until:2019-02-30", "title:", 'title:"the draft"', 'author:"Mina Rahimi"', "kind:live-blog", "🎈"]
)  # fmt: skip
TYPED = st.text(LETTERS, max_size=60) | st.lists(PIECES | st.text(LETTERS, max_size=3), max_size=20).map("".join)
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    """The archive's own index over a few texts."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title, byline, summary, body)")
        db.executescript(FULL_TEXT)
        db.executemany("INSERT INTO articles VALUES (?, ?, ?, ?, ?)", [(key, *text) for key, text in TEXTS.items()])
        yield db


def matching(index: sqlite3.Connection, expression: str) -> set[int]:
    rows = index.execute("SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", [expression])
    return {row[0] for row in rows}


def found(index: sqlite3.Connection, typed: str) -> set[int]:
    """What the words of a question find, its filters aside."""
    question = parse(typed)
    wanted = matching(index, question.words) if question.words else set(TEXTS)
    return wanted - (matching(index, question.unwanted) if question.unwanted else set())


def filters(typed: str) -> list[tuple[str, str]]:
    return [(f"-{one.field}" if one.is_without else one.field, one.value) for one in parse(typed).filters]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("doha", {1, 3}),
        ("title:doha", {1}),
        ("TITLE：doha", {1}),
        ("summary:doha", {3}),
        ("-title:doha doha", {3}),
        ('title:"agreed in Doha"', {1}),
        ("title:“agreed in Doha”", {1}),
        ("byline:rahimi", {1, 2}),
        ("title:deal OR title:draft", {1, 3}),
        ("title:draft OR body:draft", {1, 2}),
        ("body:negotiat*", {1, 3}),
        ("title:negotiat*", set()),
        ("draft NOT kabul", {1}),
        ("-doha", {2, 4}),
        ("-doha -kabul", {4}),
        ('-"peace deal"', {1, 3, 4}),
        ("", {1, 2, 3, 4}),
        ("outlet:wire.example", {1, 2, 3, 4}),
        ("doha lang:en kabul OR draft", {1}),
        ("(doha)", {1, 3}),
        ("NEAR(doha)", set()),
        ("us-taliban", {4}),
        ("صلح", {4}),
        ("12:30 doha", set()),
        ("https://wire.example/doha", set()),
    ],
)
def test_words_are_looked_for_in_all_columns_or_in_one(
    index: sqlite3.Connection, typed: str, expected: set[int]
) -> None:
    assert found(index, typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("outlet:wire.example", [("outlet", "wire.example")]),
        ("OUTLET:Wire.Example", [("outlet", "wire.example")]),
        ("Ｏutlet：wire.example", [("outlet", "wire.example")]),
        ("outlet:https://www.wire.example/world/talks?id=1", [("outlet", "wire.example")]),
        ("-outlet:wire.example", [("-outlet", "wire.example")]),
        ("NOT outlet:wire.example", [("-outlet", "wire.example")]),
        ("outlet:a.example,b.example", [("outlet", "a.example"), ("outlet", "b.example")]),
        ("outlet:a.example outlet:b.example", [("outlet", "a.example"), ("outlet", "b.example")]),
        ("outlet:a.example OR outlet:b.example", [("outlet", "a.example"), ("outlet", "b.example")]),
        ("outlet:a.example outlet:a.example", [("outlet", "a.example")]),
        ("lang:EN language:fa", [("language", "en"), ("language", "fa")]),
        ('author:"Mina Rahimi"', [("author", "Mina Rahimi")]),
        ("author:“Mina Rahimi”", [("author", "Mina Rahimi")]),
        ('author:"Mina Rahimi","Ann Lee"', [("author", "Mina Rahimi"), ("author", "Ann Lee")]),
        ('author:"Jim ""Big"" Doe"', [("author", 'Jim "Big" Doe')]),
        ("topic:talks month:2019-2", [("topic", "talks"), ("month", "2019-02")]),
        ("kind:live-blog verdict:Keep", [("kind", "live blog"), ("verdict", "keep")]),
        ('kind:"live blog"', [("kind", "live blog")]),
        ("(outlet:wire.example)", [("outlet", "wire.example")]),
        ("outlets:wire.example 12:30 http://wire.example/outlet:a", []),
        ('"outlet:wire.example"', []),
    ],
)
def test_filters_are_read_however_they_are_written(typed: str, expected: list[tuple[str, str]]) -> None:
    assert filters(typed) == expected
    assert not parse(typed).unclear


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [
        ("since:2019", "2019-01-01T00:00:00Z", ""),
        ("until:2019", "", "2020-01-01T00:00:00Z"),
        ("since:2019-02 until:2019-02", "2019-02-01T00:00:00Z", "2019-03-01T00:00:00Z"),
        ("since:2019-02-12 until:2019-02-28", "2019-02-12T00:00:00Z", "2019-03-01T00:00:00Z"),
        ("until:2020-02", "", "2020-03-01T00:00:00Z"),
        ("until:2019-12", "", "2020-01-01T00:00:00Z"),
        ("until:2019-12-31", "", "2020-01-01T00:00:00Z"),
        ('since:"12 February 2019"', "2019-02-12T00:00:00Z", ""),
    ],
)
def test_until_includes_what_it_names(typed: str, since: str, until: str) -> None:
    question = parse(typed)
    assert (question.since, question.until, question.unclear) == (since, until, ())


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("doha since:2019-02-30", "Write for example since:2019, since:2019-02 or since:2019-02-12"),
        ("doha until:yesterday", "until:2019-02-12"),
        ("doha until:9999", "no date"),
        ("doha -since:2019", "Write until:"),
        ("doha since:2019,2020", "Write one date"),
        ("doha verdict:maybe", "a verdict is keep, review or drop"),
        ("doha kind:poem", 'a kind is article, "live blog", video, gallery or list'),
        ("doha month:2019", "since:2019 until:2019"),
        ("doha month:2019-13", "no month"),
        ('doha outlet:"Gulf Wire"', "outlet:wire.example"),
        ("doha lang:english", "lang:en"),
        ("doha outlet:", "right behind the colon"),
        ("doha title:", "right behind the colon"),
        (f"doha author:{'a' * 400}", "too long"),
        ("doha OR outlet:wire.example", "two words"),
        ("doha OR", "two words"),
        ("doha us*", "letters"),
        ("doha -Site:wire.example", "site: is called outlet: here"),
        ("doha -صل*", "letters"),
    ],
)
def test_what_is_not_understood_is_told_with_what_to_write_and_has_no_effect(typed: str, told: str) -> None:
    question = parse(typed)
    assert any(told in sentence for sentence in question.unclear)
    assert question.words == '"doha"'
    assert (question.since, question.until) == ("", "")
    assert not [one for one in question.filters if one.field != "outlet"]


def test_what_was_not_understood_stays_in_the_box_so_that_it_can_be_mended() -> None:
    assert parse("doha  since:2019-13 verdict:maybe").typed == "doha since:2019-13 verdict:maybe"


def test_beginnings_are_few_and_one_sign_of_chinese_is_enough() -> None:
    question = parse("aaa* bbb* 中* ddd* eee* us*")
    assert (question.words, len(question.unclear)) == ('"aaa" * AND "bbb" * AND "中" * AND "ddd" *', 2)


def test_only_what_is_left_out_may_be_asked_for() -> None:
    assert parse("-hostage") == Question(typed="-hostage", unwanted='"hostage"')


def test_the_later_of_two_bounds_counts() -> None:
    question = parse("since:2019 doha since:2020")
    assert (question.since, question.typed) == ("2020-01-01T00:00:00Z", "doha since:2020")
    assert question.unclear


def test_brackets_group_nothing_and_that_is_said() -> None:
    assert parse("(doha kabul) OR peace").unclear
    assert not parse("peace (in Doha) OR").typed.count("(")
    assert not parse('"(doha" OR peace').unclear


def test_nothing_but_signs_is_told() -> None:
    assert parse("!? 🎈").unclear
    assert parse("  ") == Question()


FEW = settings(max_examples=200, deadline=None)
MANY = settings(max_examples=2_000, deadline=None)
ADDED = st.sampled_from(["author", "-author", "topic"])


def check_no_fault(index: sqlite3.Connection, typed: str) -> None:
    found(index, typed)


def check_asked_again(typed: str) -> None:
    question = parse(typed)
    assert replace(parse(question.typed), unclear=()) == replace(question, unclear=())


def check_added_and_removed(typed: str, field: str, value: str) -> None:
    name, said = field.removeprefix("-"), " ".join(value.split())
    said = said.lower() if name == "topic" else said
    before, after = parse(typed), parse(adding(typed, field, value))
    if said:
        assert Filter(field=name, value=said, is_without=field != name) in after.filters
    gone = parse(removing(after.typed, name, value))
    assert list(gone.filters) == [one for one in before.filters if (one.field, one.value) != (name, said)]
    words = [(one.words, one.unwanted, one.since, one.until) for one in (before, after, gone)]
    assert words[0] == words[1] == words[2]


@FEW
@given(TYPED)
def test_nothing_that_can_be_typed_is_a_fault(index: sqlite3.Connection, typed: str) -> None:
    check_no_fault(index, typed)


@FEW
@given(TYPED)
def test_a_question_can_be_asked_again(typed: str) -> None:
    check_asked_again(typed)


@FEW
@given(TYPED, ADDED, PLAIN)
def test_a_filter_is_added_and_taken_off_and_all_words_stay(typed: str, field: str, value: str) -> None:
    check_added_and_removed(typed, field, value)


@pytest.mark.soak
@MANY
@given(TYPED, ADDED, PLAIN)
def test_thousands_of_questions_keep_all_that_is_promised(
    index: sqlite3.Connection, typed: str, field: str, value: str
) -> None:
    check_no_fault(index, typed)
    check_asked_again(typed)
    check_added_and_removed(typed, field, value)


@pytest.mark.parametrize(
    ("typed", "field", "value", "expected"),
    [
        ("talks", "outlet", "wire.example", "talks outlet:wire.example"),
        ("talks", "-outlet", "wire.example", "talks -outlet:wire.example"),
        ("talks -outlet:wire.example", "outlet", "wire.example", "talks outlet:wire.example"),
        ("talks outlet:wire.example", "outlet", "tal.example", "talks outlet:wire.example outlet:tal.example"),
        ("talks since:2019", "since", "2019-02", "talks since:2019-02"),
        ("", "author", "Mina Rahimi", 'author:"Mina Rahimi"'),
        ('"peace deal', "kind", "live blog", '"peace deal" kind:"live blog"'),
        ("talks OR", "month", "2019-02", "talks month:2019-02"),
        ("talks", "verdict", "maybe", "talks"),
        ("talks", "author", "", "talks"),
        ("talks", "-since", "2019", "talks"),
        ("talks", "title", "a b", "talks"),
    ],
)
def test_a_facet_becomes_a_link(typed: str, field: str, value: str, expected: str) -> None:
    assert adding(typed, field, value) == expected


@pytest.mark.parametrize(
    ("typed", "field", "value", "expected"),
    [
        ("talks outlet:wire.example", "outlet", "wire.example", "talks"),
        ("talks -outlet:wire.example", "outlet", "wire.example", "talks"),
        ("talks outlet:a.example,b.example", "outlet", "a.example", "talks outlet:b.example"),
        ("talks outlet:a.example OR outlet:b.example", "outlet", "", "talks"),
        ("talks since:2019 until:2020", "since", "", "talks until:2020"),
        ("talks since:2019-13", "since", "", "talks"),
        ("a OR b lang:en c", "language", "en", "a OR b c"),
        ("talks lang:en", "language", "fa", "talks language:en"),
        ("talks author:a", "author", " ", "talks author:a"),
        ("title:talks outlet:a.example", "title", "", "title:talks outlet:a.example"),
    ],
)
def test_a_filter_is_taken_off(typed: str, field: str, value: str, expected: str) -> None:
    assert removing(typed, field, value) == expected


DOCUMENTED = re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs" / "search.md").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("typed", DOCUMENTED)
def test_what_the_page_on_searching_shows_is_understood(typed: str) -> None:
    assert not parse(typed).unclear


def test_the_page_on_searching_names_every_field() -> None:
    said = " ".join(DOCUMENTED)
    assert [name for name in (*FIELDS, *TIMES) if f"{name.replace('language', 'lang')}:" not in said] == []


def test_the_fields_are_no_columns() -> None:
    assert not {*FIELDS, *TIMES} & set(COLUMNS)


def test_what_is_too_long_is_cut_and_told() -> None:
    for typed in ("doha " * 20_000, '"' * 10_000, "a" * 100_000, "outlet:a," * 20_000, "(" * 100_000, "-" * 100_000):
        question = parse(typed)
        assert len(question.typed) <= MAX_TYPED
        assert question.unclear
