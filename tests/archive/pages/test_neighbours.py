from __future__ import annotations

from collections.abc import Callable

import pytest

from archive.pages.neighbours import AFTER, BEFORE, NEAR, neighbours
from archive.pages.surroundings import read_article
from archive.queries import open_reader
from archive.store import Archive


@pytest.fixture
def beside(archive: Archive, rows: Callable[..., object]) -> Callable[[int], tuple[object, object]]:
    """Six articles on six days, one of them a copy, one off the topic, one undated; who stands beside each."""
    for number in range(1, 7):
        archive.articles.store(rows(number, published=f"2019-01-0{number}T00:00:00Z"), "2019-02-01T12:00:00Z")
    with archive.writing() as db:
        db.execute("UPDATE articles SET story_relation = 'syndicated', story_id = 1 WHERE id = 2")
        db.execute("UPDATE article_topics SET verdict = 'drop' WHERE article_id = 3")
        db.execute("UPDATE articles SET published = NULL WHERE id = 6")

    def asked(number: int) -> tuple[object, object]:
        db = open_reader(archive.path.parent)
        article = read_article(db, number)
        assert article is not None
        found = neighbours(db, article)
        db.close()
        before, after = found["before"], found["after"]
        return before and before["id"], after and after["id"]

    return asked


def test_neighbours_are_the_next_originals_of_the_topic_by_time(beside: Callable[[int], tuple[object, object]]) -> None:
    assert beside(1) == (None, 4)
    assert beside(4) == (1, 5)
    assert beside(5) == (4, None)


def test_a_copy_is_no_neighbour_and_has_none_of_its_story(beside: Callable[[int], tuple[object, object]]) -> None:
    assert beside(2) == (None, 4)


def test_an_undated_article_has_none(beside: Callable[[int], tuple[object, object]]) -> None:
    assert beside(6) == (None, None)


@pytest.mark.parametrize("sql", [BEFORE, AFTER], ids=["before", "after"])
def test_neighbours_are_read_from_the_index_and_no_further_than_is_told(archive: Archive, sql: str) -> None:
    asked = {"article": 1, "published": "x", "story": 1, "topic": 1, "near": NEAR}
    plan = [step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {sql}", asked).fetchall()]
    assert any("COVERING INDEX articles_published" in step for step in plan)
    assert not any("TEMP B-TREE" in step for step in plan)
    assert [step for step in plan if step.startswith("SCAN")] == ["SCAN near"]
