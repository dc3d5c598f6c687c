"""The short form of `python -m benchmarks.serve`: 300 articles, a few questions; rows and bytes, and no times."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.catalogue.catalogue import PAUSE
from archive.serving.edition import EVERY
from archive.store import Archive
from benchmarks.newcomers import store
from benchmarks.newsstand import Newsstand, build
from benchmarks.questions import commonest, questions
from benchmarks.serve import Figures, copied, download, exponent, report, sizes
from benchmarks.servers import Server, dossier
from benchmarks.visitors import Visitor, crowd

HELD = 300
LARGEST = 30_000  # bytes of the HTML of a page


@pytest.fixture(scope="module")
def stand() -> Newsstand:
    return Newsstand(HELD)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("stand") / "data"
    build(made, HELD)
    return made


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with dossier(folder) as served:
        yield served


def counted(folder: Path, sql: str) -> tuple[int, ...]:
    with closing(sqlite3.connect(folder / "news.db")) as db:
        found: tuple[int, ...] = db.execute(sql).fetchone()
    return found


def test_an_archive_is_whole_and_the_same_for_the_same_number(folder: Path, stand: Newsstand) -> None:
    sums = "SELECT COUNT(*), SUM(words), SUM(length(body)), SUM(outlet_id), SUM(story_id) FROM articles"
    held, words, *further = counted(folder, sums)
    again = next(stand.batches())
    same = [sum(row[name] for row in again) for name in ("words", "outlet_id", "story_id")]
    assert [words, *further[1:]] == same
    assert further[0] == sum(len(row["body"]) for row in again)
    assert held == HELD
    assert 250 < words / held < 450
    assert counted(folder, "SELECT COUNT(*) FROM records JOIN aliases USING (article_id)") == (HELD,)
    sizes = "SELECT SUM(size), COUNT(*) < 300 FROM stories"
    assert counted(folder, sizes) == (HELD, 1)
    assert counted(folder, "SELECT COUNT(DISTINCT verdict) FROM article_topics") == (3,)
    assert not counted(folder, "SELECT COUNT(*) FROM pragma_foreign_key_check")[0]


def test_common_words_are_in_most_articles_and_rare_ones_in_few(folder: Path, stand: Newsstand) -> None:
    words = stand.words.ranked["en"]
    found = "SELECT COUNT(*) FROM articles_fts WHERE articles_fts MATCH '{}'"
    assert counted(folder, found.format(words[0]))[0] > HELD / 2
    assert counted(folder, found.format(words[12_000]))[0] < 10


def test_every_question_has_its_page_and_its_page_is_small(server: Server, folder: Path, stand: Newsstand) -> None:
    paths = [path for paths in questions(stand).values() for path in paths[:1]] + commonest(stand, 2)
    with Visitor(server.url) as visitor:
        for path in paths:
            taken = visitor.get(path)
            assert taken.status == 200, path
            assert 1_000 < len(taken.body) <= LARGEST, path
    times = crowd(server.url, paths, 5, 0.1)
    assert times.faults == 0
    assert len(times.took) >= 5
    figures = Figures()
    sizes(server, stand, HELD, copied(folder)[0], figures)
    assert 1 < figures["page search, KB"] <= LARGEST / 1000


def test_a_file_has_a_row_for_each_that_the_pages_list_and_another_for_a_new_one(server: Server, folder: Path) -> None:
    def rows() -> float:
        figures = Figures()
        download(server, "/search.csv?q=", "CSV", 60, figures)
        return figures["CSV, rows"] - 1

    with Visitor(server.url) as visitor:
        listed = json.loads(visitor.get("/search.json?q=").body)["listed"]
    assert rows() == listed
    with closing(Archive.open(folder)) as archive:
        store(archive, Newsstand(HELD, seed=2).batch(1, 1)[0])
    time.sleep(PAUSE + 2 * EVERY)
    assert rows() == listed + 1


def test_a_table_has_a_column_for_each_size_and_how_figures_grow() -> None:
    levels = {100: {"a": 1.0, "b": 5.0}, 10_000: {"a": 100.0}}
    assert round(exponent(levels, "a"), 6) == 1
    head, first, second = report(levels)
    assert head.split() == ["100", "10,000", "exponent"]
    assert first.split() == ["a", "1.0", "100.0", "1.00"]
    assert second.split() == ["b", "5.0", "nan", "nan"]
