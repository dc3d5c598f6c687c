from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.pages.listing import best_verdict, listed, main_language
from archive.queries import Reader, open_reader
from archive.store import Archive
from tests.filling import fill


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with closing(open_reader(fill(tmp_path_factory.mktemp("filled")))) as opened:
        yield opened


def test_articles_come_in_the_order_of_their_ids_and_each_once(db: Reader) -> None:
    assert [one["id"] for one in listed(db, [3, 1, 999, 3, 2])] == [3, 1, 2]
    assert listed(db, []) == []


def test_an_article_has_its_outlet_its_story_and_its_verdict(db: Reader) -> None:
    copied, market = listed(db, [1, 4])
    assert (copied["outlet"], copied["outlet_name"]) == ("wire.example", "Gulf Wire")
    assert (copied["copies"], copied["outlets"], copied["verdict"]) == (2, 2, "keep")
    assert (market["copies"], market["verdict"], market["kind"]) == (1, "review", "live blog")


def test_what_was_looked_for_is_marked_where_it_is(db: Reader) -> None:
    found, other = listed(db, [4, 1], '"zither"')
    assert "\x02zither\x03" in found["snippet"]
    assert (other["marked_title"], other["snippet"]) == ("", "")


def test_the_main_language_is_that_of_most_articles(db: Reader, tmp_path: Path) -> None:
    assert main_language(db) == "en"
    Archive.open(tmp_path).close()
    with closing(open_reader(tmp_path)) as empty:
        assert main_language(empty) == ""


@pytest.mark.parametrize(
    ("verdicts", "best"), [("drop keep", "keep"), ("drop review", "review"), ("drop", "drop"), (None, "")]
)
def test_the_best_verdict_of_several_topics_counts(verdicts: str | None, best: str) -> None:
    assert best_verdict(verdicts) == best
