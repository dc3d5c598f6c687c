from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.catalogue.results import Order
from archive.pieces import END, START, unmarked
from archive.queries import Reader, open_reader
from archive.questions.question import parse
from archive.search import Asked, search
from tests.filling import ARTICLES, fill


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def db(filled: Path) -> Iterator[Reader]:
    with closing(open_reader(filled)) as opened:
        yield opened


def urls(db: Reader, typed: str, order: Order | None = None) -> list[str]:
    return [found.url.removeprefix("https://") for found in search(db, typed, 10, order).found]


def test_copies_of_one_story_are_one_answer(db: Reader) -> None:
    answer = search(db, "draft", 10)
    assert [(found.outlet, found.copies) for found in answer.found] == [("wire.example", 1)]
    assert answer.matches == 2


def test_a_copy_stands_for_its_story_where_the_original_does_not_match(db: Reader) -> None:
    assert urls(db, "draft outlet:herald.example") == ["herald.example/world/talks"]
    assert urls(db, "draft -outlet:wire.example", "newest") == ["herald.example/world/talks"]


def test_a_word_in_the_headline_outranks_one_in_the_text(db: Reader) -> None:
    assert search(db, "spring OR market", 10).found[-1].title != "Ceasefire proposed for the spring"
    assert {found.title for found in search(db, "kabul", 10).found} == {"Kabul market reopens"}


def test_the_passage_marks_what_was_looked_for(db: Reader) -> None:
    found = search(db, "zither", 10).found[0]
    assert f"{START}zither{END} maker" in found.snippet
    assert "zither maker" in unmarked(found.snippet)


def test_without_words_nothing_is_marked_and_the_newest_come_first(db: Reader) -> None:
    answer = search(db, "outlet:wire.example", 10)
    assert answer.order == "newest"
    assert [found.url for found in answer.found] == [ARTICLES[at]["url"] for at in (0, 3, 5)]
    assert {found.snippet for found in answer.found} == {""}
    assert answer.found[0].marked_title == ARTICLES[0]["title"]


def test_only_what_is_left_out_may_be_said(db: Reader) -> None:
    answer = search(db, "-doha", 10)
    assert [found.url for found in answer.found] == [ARTICLES[at]["url"] for at in (3, 5, 4)]


@pytest.mark.parametrize(
    ("order", "expected"), [("newest", (2, 0, 3, 5, 4)), ("oldest", (5, 3, 0, 2, 4))], ids=["newest", "oldest"]
)
def test_what_has_no_date_comes_last_in_both_orders(db: Reader, order: Order, expected: tuple[int, ...]) -> None:
    assert urls(db, "", order) == [ARTICLES[at]["url"].removeprefix("https://") for at in expected]


@pytest.mark.parametrize("order", ["best", "newest", "oldest"])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("doha lang:de", {2}),
        ("doha -lang:de", {0}),
        ("doha until:2019-03-12", {0}),
        ("doha since:2019-03-13", {2}),
        ('author:"mina rahimi"', {0}),
        ("kind:live-blog", {3}),
        ("market verdict:review", {3}),
        ("market verdict:keep", set()),
        ("title:doha OR title:market", {0, 2, 3}),
        ("topic:talks truce", {5}),
        ("topic:other", set()),
    ],
)
def test_words_and_filters_hold_together_in_every_order(
    db: Reader, order: Order, typed: str, expected: set[int]
) -> None:
    assert set(urls(db, typed, order)) == {ARTICLES[at]["url"].removeprefix("https://") for at in expected}


def test_all_matches_are_counted_and_only_the_newest_arrivals_are_ranked(
    db: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not search(db, "doha", 10).is_cut
    monkeypatch.setattr("archive.search.WINDOW", 2)
    answer = search(db, "doha", 10)
    assert (answer.matches, answer.ranked, answer.is_cut) == (3, 2, True)
    assert [found.id for found in answer.found] == [3, 2]
    assert not search(db, "doha", 10, "newest").is_cut


def test_filters_are_asked_of_all_matches_and_not_of_the_ranked_ones(
    db: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.search.WINDOW", 1)
    assert urls(db, "doha outlet:wire.example") == ["wire.example/doha"]


@pytest.mark.parametrize(
    ("typed", "without"),
    [
        ("doha outlet:none.example", (("outlet:none.example", 3),)),
        ("doha lang:fa since:2019", (("language:fa", 3),)),
        ("doha xylophone", (("xylophone", 3),)),
        ("zither -market", (("zither", 5), ("-market", 1))),
        ("doha lang:fa since:2020", ()),
        ("xylophone", ()),
        ("doha", ()),
    ],
)
def test_where_nothing_is_found_the_part_that_is_in_the_way_is_named(
    db: Reader, typed: str, without: tuple[tuple[str, int], ...]
) -> None:
    assert search(db, typed, 10).without == without


PLANS = ["doha", "doha lang:en", "lang:en since:2019", 'author:"Mina Rahimi" doha', "topic:talks", "-kind:video -doha"]
# As in the migration that brings it, for archives from before.
NARROW = """
CREATE INDEX IF NOT EXISTS articles_catalogue ON articles(
    id, outlet_id, month, language, kind, byline, published, story_id, story_relation)
"""


@pytest.mark.parametrize("order", ["best", "newest", "oldest"])
@pytest.mark.parametrize("typed", PLANS)
def test_no_row_with_a_body_is_read_for_what_all_matches_are_asked(filled: Path, typed: str, order: Order) -> None:
    with closing(sqlite3.connect(filled / "news.db")) as writer:
        writer.execute(NARROW)
    with closing(open_reader(filled)) as db:
        asked = Asked(db, parse(typed))
        for sql in (asked.counting(), asked.matching(order) if parse(typed).words else asked.matching("newest")):
            plan = db.execute(f"EXPLAIN QUERY PLAN {sql}", asked.conditions.values | {"window": 20}).fetchall()
            of_articles = [step["detail"] for step in plan if step["detail"].split()[1] in {"a", "articles"}]
            assert of_articles
            assert all("COVERING INDEX articles_" in step for step in of_articles)
