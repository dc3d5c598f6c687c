"""The short form of `python -m benchmarks.copies_cost`: the work for a new article, not the time, at two sizes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from archive.store import Archive
from benchmarks.copies_cost import TOPIC, Cost, Level, Probes, costs, exponent, report
from benchmarks.holdings import Press, fill

STEPS = 50  # instructions of SQLite's machine between two counts
REAL = 300  # texts that are whole, to be copied
PROBES = 40


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    (topic := tmp_path / "everything.toml").write_text(TOPIC, encoding="utf-8")
    return get_crawler(settings_dict={"DOSSIER_DATA": str(tmp_path / "data"), "DOSSIER_TOPIC": str(topic)})


@pytest.fixture
def archive(crawler: Crawler) -> Iterator[Archive]:
    with closing(Archive.shared(Path(crawler.settings["DOSSIER_DATA"]))) as opened:
        opened.topics.ensure("everything", "Everything", TOPIC)
        opened.sources.ensure("feeds", "https://1.example/feed", "1.example")
        yield opened


def work(archive: Archive, crawler: Crawler, probes: Probes) -> tuple[float, int]:
    """Instructions of SQLite's machine for a new article, and how many joined a story."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += STEPS
        return 0

    archive.db.conn.set_progress_handler(count, STEPS)
    joined = costs(crawler, probes, PROBES)[1]
    archive.db.conn.set_progress_handler(None, 0)
    return counted / PROBES, joined


def test_a_new_article_is_no_more_work_for_an_archive_that_holds_twenty_times_as_many(
    archive: Archive, crawler: Crawler
) -> None:
    press = Press()
    probes = Probes(press, REAL)
    fill(archive, press, 1_000, real=REAL)
    few, joined = work(archive, crawler, probes)
    assert joined >= PROBES // 8
    fill(archive, press, 20_000, real=REAL)
    assert archive.db.execute("SELECT COUNT(*) FROM articles").fetchone()[0] == 20_000
    assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
    many, joined = work(archive, crawler, probes)
    assert joined >= PROBES // 8
    # A line that all carry has 16 holders among a thousand articles; past the cap of 50 no more are looked at.
    assert many <= 1.5 * few, (few, many)
    archive.db.execute("DROP INDEX articles_words_hash")
    assert work(archive, crawler, probes)[0] > 5 * many


def test_the_figures_are_told_with_their_exponents(capsys: pytest.CaptureFixture[str]) -> None:
    def level(held: int, milliseconds: float) -> Level:
        cost = Cost(ask=[milliseconds] * 3, write=[milliseconds] * 3)
        return Level(held=held, cold=cost, warm=cost, baseline=[1.0], bytes=900.0, joined=1, megabytes=1.0, seconds=1.0)

    levels = [level(10_000, 1.0), level(100_000, 2.0), level(1_000_000, 4.0)]
    assert exponent(levels, lambda one: one.warm.total[0]) == pytest.approx(0.301, abs=1e-3)
    report(levels)
    assert "all, warm                  2.000       4.000       8.000       0.301" in capsys.readouterr().out
