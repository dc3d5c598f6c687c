"""How topics' last runs went, and on which days their news is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from archive.queries import open_reader
from archive.rows import CaptureRows
from archive.store import Archive
from archive.supply import LAST_RUNS, NEWS_DAYS, last_runs, news_days

NOW, LATER = "2019-02-01T12:00:00Z", "2019-02-02T12:00:00Z"


def test_each_topic_has_its_last_run(archive: Archive) -> None:
    heat = archive.topics.ensure("heat", "Heat", "")
    archive.topics.ensure("never-run", "", "")
    archive.runs.finish(archive.runs.start(1, NOW), "finished", {"found": 1}, NOW)
    archive.runs.finish(archive.runs.start(heat, NOW), "shutdown", {}, LATER)
    archive.runs.start(1, LATER)
    with closing(open_reader(archive.folder)) as db:
        told = [(run["topic"], run["started"], run["finished"], run["outcome"]) for run in last_runs(db)]
    assert told == [("heat", NOW, LATER, "shutdown"), ("talks", LATER, None, None)]
    plan = [step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {LAST_RUNS}").fetchall()]
    assert any(step.startswith("SEARCH r USING INTEGER PRIMARY KEY") for step in plan), plan


def test_the_days_of_a_topics_news_are_those_of_its_articles(
    archive: Archive, rows: Callable[..., CaptureRows]
) -> None:
    for number, published in enumerate(("2019-01-20T08:00:00Z", "2019-01-20T22:00:00Z", "2018-05-01T00:00:00Z", None)):
        archive.articles.store(rows(number, published=published), NOW)
    dropped = rows(9, published="2019-01-21T08:00:00Z")
    archive.articles.store(replace(dropped, membership=replace(dropped.membership, verdict="drop")), NOW)
    doubtful = rows(10, published="2019-01-22T08:00:00Z")
    archive.articles.store(replace(doubtful, membership=replace(doubtful.membership, verdict="review")), NOW)
    with closing(open_reader(archive.folder)) as db:
        assert news_days(db, "talks", "2019-01-01T00:00:00Z", LATER) == [
            ("2019-01-20", 2), ("2019-01-22", 1), ("2019-02-01", 1),
        ]  # fmt: skip
        assert news_days(db, "heat", "", LATER) == []


def test_the_days_are_read_by_the_index_of_memberships(archive: Archive) -> None:
    values = {"topic": 1, "since": "", "until": NOW, "most": 9}
    plan = [step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {NEWS_DAYS}", values).fetchall()]
    assert sum("article_topics_topic" in step for step in plan) == 2, plan
    assert not [step for step in plan if step.startswith(("SCAN article_topics", "SCAN articles"))], plan
    assert "USE TEMP B-TREE FOR ORDER BY" not in plan
