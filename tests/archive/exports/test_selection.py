from __future__ import annotations

import pytest

from archive.exports import selection as module
from archive.exports.selection import Selection
from tests.archive.exports.conftest import Choose
from tests.filling import ARTICLES

DOHA, HERALD, GERMAN, MARKET, ODD, TRUCE = (one["url"] for one in ARTICLES)


def urls(selection: Selection) -> list[str]:
    found = [number for ids in selection.ids() for number in ids]
    named = dict(selection.db.execute("SELECT id, url FROM articles").fetchall())
    return [named[number] for number in found]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest", [GERMAN, HERALD, DOHA, MARKET, TRUCE, ODD]),
        ("oldest", [TRUCE, MARKET, DOHA, HERALD, GERMAN, ODD]),
        ("address", sorted(one["url"] for one in ARTICLES)),
    ],
)
def test_the_order_is_that_which_is_asked_for_and_what_has_no_date_comes_last(
    choose: Choose, order: str, expected: list[str]
) -> None:
    assert urls(choose(order=order)) == expected
    assert urls(choose(order=order, limit=2)) == expected[:2]
    assert urls(choose(order=order, limit=6)) == urls(choose(order=order, limit=60)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("outlet:wire.example", [DOHA, MARKET, TRUCE]),
        ("doha lang:de", [GERMAN]),
        ("verdict:review", [MARKET]),
        ("since:2019-02 until:2019-02", [MARKET]),
        ("doha -withdrawal", [GERMAN]),
        ("nosuchword", []),
    ],
)
def test_a_question_means_what_it_means_in_the_search_box(choose: Choose, typed: str, expected: list[str]) -> None:
    chosen = choose(typed)
    assert urls(chosen) == expected
    assert chosen.count() == len(expected)


def test_of_a_story_one_article_is_taken_and_where_the_original_does_not_match_it_is_a_copy(choose: Choose) -> None:
    assert urls(choose("doha", has_copies=False)) == [GERMAN, DOHA]
    assert choose("doha", has_copies=False).count() == 2
    assert choose("doha", has_copies=False, limit=1).count() == 1
    assert choose("", has_copies=False).count() == 5


def test_a_copy_is_taken_where_its_original_does_not_match(choose: Choose) -> None:
    assert urls(choose("outlet:herald.example doha", has_copies=False)) == [HERALD]


def test_the_first_articles_come_before_the_others_are_looked_for(
    choose: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOGETHER", 2)
    for order in module.ORDERS:
        chosen, steps = choose(order=order), [0]

        def count(steps: list[int] = steps) -> int:
            steps[0] += 1
            return 0

        chosen.db.set_progress_handler(count, 1)
        pieces = chosen.ids()
        next(pieces)
        first = steps[0]
        assert sum(map(len, pieces)) == 4
        plan = chosen.db.execute("EXPLAIN QUERY PLAN SELECT id FROM articles AS a ORDER BY a.published DESC, a.id DESC")
        assert "TEMP B-TREE" not in str([tuple(row) for row in plan])
        assert first < steps[0]
