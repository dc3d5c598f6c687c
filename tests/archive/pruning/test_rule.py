from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from archive.pruning.rule import Rule
from archive.pruning.survey import survey
from archive.queries import open_reader
from tests.archive.pruning.conftest import Plan, build

OLD = "2018-06-01T08:00:00Z"
BOTH = (("heat", "keep"), ("talks", "keep"))
DAY = "2019-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(
        tmp_path_factory.mktemp("data"),
        [
            Plan(1, published=OLD, story=0),
            Plan(2, story=0, has_version=True),
            Plan(3, published=OLD, verdicts=BOTH, outlet="herald.example"),
            Plan(4, published=None, verdicts=(("heat", "drop"), ("talks", "review"))),
            Plan(5, verdicts=(("heat", "keep"),)),
        ],
    )


@pytest.mark.parametrize(
    ("rule", "whole", "leaving"),
    [
        (Rule(topic="talks"), {1, 2, 4}, {3}),
        (Rule(topic="heat"), {5}, {3, 4}),
        (Rule(older=DAY), {1, 3}, set()),
        (Rule(older=DAY, outlet="herald.example"), {3}, set()),
        (Rule(older=DAY, topic="talks"), {1}, {3}),
        (Rule(is_bytes_only=True), {1, 2, 3, 4, 5}, set()),
        (Rule(is_bytes_only=True, topic="talks"), {1, 2, 4}, set()),
        (Rule(topic="nosuch"), set(), set()),
    ],
    ids=lambda value: value.words if isinstance(value, Rule) else "",
)
def test_a_rule_is_about_the_articles_of_which_all_holds_that_it_says(
    data: Path, rule: Rule, whole: set[int], leaving: set[int]
) -> None:
    with closing(open_reader(data)) as db:
        assert rule.choose(db) == len(whole | leaving)
        found = db.execute("SELECT article_id, is_whole FROM temp.doomed").fetchall()
    assert {number for number, is_whole in found if is_whole} == whole
    assert {number for number, is_whole in found if not is_whole} == leaving


@pytest.mark.parametrize(
    ("rule", "words", "takes_topic"),
    [
        (Rule(topic="talks"), "--topic talks", True),
        (Rule(topic="talks", keeps_definition=True), "--topic talks --keep-definition", False),
        (
            Rule(topic="talks", older=DAY, outlet="a.example"),
            "--topic talks --older 2019-01-01 --outlet a.example",
            False,
        ),
        (Rule(is_bytes_only=True), "--bytes-only", False),
    ],
)
def test_a_rule_is_told_as_it_is_typed(rule: Rule, words: str, takes_topic: bool) -> None:
    assert (rule.words, rule.takes_topic) == (words, takes_topic)


def test_a_survey_counts_what_goes(data: Path) -> None:
    with closing(open_reader(data)) as db:
        found = survey(db, Rule(older=DAY))
        assert (found.articles, found.versions, found.records, found.bytes) == (2, 0, 2, 1800)
        assert (found.stories, found.stories_left_smaller, found.undated) == (1, 1, 1)
        assert found.outlets == (
            {"outlet": "herald.example", "articles": 1},
            {"outlet": "wire.example", "articles": 1},
        )
        assert found.years == ({"year": "2018", "articles": 2},)
        assert len(found.examples) == 2
        found = survey(db, Rule(topic="talks"))
        assert (found.articles, found.leaving, found.versions, found.links, found.undated) == (3, 1, 1, 4, 0)
        assert survey(db, Rule(topic="talks", outlet="nosuch.example")).is_nothing
