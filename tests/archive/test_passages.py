from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from archive.passages import passages
from archive.queries import Reader, open_reader
from archive.questions.question import parse
from tests.filling import fill


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with closing(open_reader(fill(tmp_path_factory.mktemp("filled")))) as opened:
        yield opened


@pytest.mark.parametrize("typed", ["draft", "draf*", "dra* OR zither"])
def test_what_was_looked_for_is_marked_in_title_and_text(db: Reader, typed: str) -> None:
    found = passages(db, [1, 2, 3], parse(typed).words)
    assert set(found) == {1, 2}
    assert found[1]["title"] == "Doha talks end with a \x02draft\x03"
    assert "A \x02draft\x03 on the withdrawal" in found[1]["snippet"]


def test_the_index_is_not_asked_for_the_sake_of_a_few_articles(db: Reader) -> None:
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    assert passages(db, [1], parse("doh* OR talks").words)
    db.set_trace_callback(None)
    assert not [sql for sql in asked if "MATCH" in sql]


def made(body: str) -> Reader:
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    db.execute("CREATE TABLE articles (id, title, byline, summary, body)")
    db.execute("INSERT INTO articles VALUES (1, 'A title', '', '', ?)", [body])
    return db


@pytest.mark.parametrize("typed", ["doha", 'doha OR "doha doha" OR "doha doha doha" OR "doha doha doha doha"'])
def test_a_page_that_says_one_word_over_and_over_is_looked_at_in_small_pieces(typed: str) -> None:
    with closing(made("doha " * 1_000_000)) as db:
        found = passages(db, [1], parse(typed).words)
    assert found[1]["snippet"].startswith("\x02doha")
    assert len(found[1]["snippet"]) < 300


def test_a_passage_is_where_most_of_the_words_stand_together() -> None:
    text = "doha " + "filling " * 900 + "envoys met in doha for talks on the spring " + "filling " * 900
    with closing(made(text)) as db:
        found = passages(db, [1], parse("doha talks spring").words)
    assert "in \x02doha\x03 for \x02talks\x03 on the \x02spring\x03" in found[1]["snippet"]
    assert found[1]["snippet"][0] == found[1]["snippet"][-1] == "…"


@pytest.mark.parametrize(
    ("body", "snippet"),
    [
        ("", ""),
        ("no such word here", "no such word here"),
        ("漢" * 5_000, "漢" * 1_000),
        ("\x02x\x03 title", "x \x02title\x03"),
    ],
    ids=["empty", "only in the title", "no spaces", "marks of the web"],
)
def test_the_passage_of_an_odd_text(body: str, snippet: str) -> None:
    with closing(made(body)) as db:
        assert passages(db, [1], parse("title").words)[1] == {"title": "A \x02title\x03", "snippet": snippet}


@pytest.mark.parametrize(("ids", "words"), [([], '"doha"'), ([1], ""), ([999], '"doha"')])
def test_nothing_is_marked_where_nothing_matches(db: Reader, ids: list[int], words: str) -> None:
    assert passages(db, ids, words) == {}
