"""The short form of `python -m benchmarks.snapshot`: 300 articles; rows, and no times."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.newsstand import build
from benchmarks.serve import report
from benchmarks.snapshot import measured
from benchmarks.snapshot_run import once, plain


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("stand") / "data"
    build(made, 300)
    return made


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_both_ways_write_the_same_articles(folder: Path, tmp_path: Path) -> None:
    once(folder, tmp_path, "first")
    with closing(sqlite3.connect(folder / "news.db")) as db:
        assert plain(db, tmp_path / "plain") == 300
    ours, theirs = (rows(tmp_path / name / "articles.csv") for name in ("snapshots/latest", "plain"))
    similar = [[round(float(one.pop("story_similarity")), 4) for one in found] for found in (ours, theirs)]
    assert similar[0] == similar[1]
    assert [{name: one[name] for name in theirs[0]} for one in ours] == theirs


def test_the_figures_are_those_of_all_articles(folder: Path) -> None:
    figures = measured(folder, 1)
    assert {value for name, value in figures.items() if name.endswith(", rows")} == {300}
    assert all(value > 0 for value in figures.values())
    assert "next, MB" in "\n".join(report({300: figures}))
