"""The short form of `python -m benchmarks.copies_cost`: the work for a new article, not the time, at two sizes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from archive.store import Archive
from benchmarks.copies_cost import Cost, Level, exponent, prepared, report
from benchmarks.holdings import Press, fill

STEPS = 50  # instructions of SQLite's machine between two counts
REAL = 300  # texts that are whole, to be copied
PROBES = 40


def work(level: Level) -> tuple[float, int]:
    """Instructions of SQLite's machine for a new article, and how many joined a story."""
    counted, before = 0, level.joined

    def count() -> int:
        nonlocal counted
        counted += STEPS
        return 0

    with level.opened() as probe, closing(Archive.shared(level.folder)) as archive:
        archive.db.conn.set_progress_handler(count, STEPS)
        for _ in range(PROBES):
            probe(level.warm)
    return counted / PROBES, level.joined - before


def test_a_new_article_is_no_more_work_for_an_archive_that_holds_ten_times_as_many(tmp_path: Path) -> None:
    level, press = prepared(tmp_path / "data", 0, REAL), Press()
    found = []
    for held in (1_000, 10_000):
        with closing(Archive.open(level.folder)) as archive:
            fill(archive, press, held, real=REAL)
            assert archive.db.execute("SELECT COUNT(*) FROM articles").fetchone()[0] == held
            assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
        steps, joined = work(level)
        assert joined >= PROBES // 8
        found.append(steps)
    # A line that all carry has 16 holders among a thousand articles; past the cap of 50 no more are looked at.
    assert found[1] <= 1.5 * found[0], found
    with closing(Archive.open(level.folder)) as archive:
        archive.db.execute("DROP INDEX articles_words_hash")
    assert work(level)[0] > 5 * found[1]


def test_the_figures_are_told_with_their_exponents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def level(held: int, milliseconds: float) -> Level:
        cost = Cost(ask=[milliseconds] * 3, write=[milliseconds] * 3)
        made = prepared(tmp_path / str(held), held)
        made.cold, made.warm, made.baseline, made.bytes = cost, cost, [1.0], 900.0
        return made

    levels = [level(10_000, 1.0), level(100_000, 2.0), level(1_000_000, 4.0)]
    assert exponent(levels, lambda one: one.warm.total[0]) == pytest.approx(0.301, abs=1e-3)
    report(levels)
    assert "all, warm                  2.000       4.000       8.000       0.301" in capsys.readouterr().out
