from __future__ import annotations

from pathlib import Path

from archive.backlog import ARTICLES, BACKLOG, article_count, backlog
from archive.queries import open_reader
from tests.filling import fill


def test_what_waits_is_counted_by_topic_and_by_index_alone(tmp_path: Path) -> None:
    db = open_reader(fill(tmp_path))
    assert article_count(db) == 6
    assert backlog(db) == [{"topic": "talks", "review": 1, "waiting": 1}]
    for sql in (ARTICLES, BACKLOG):
        plan = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
        tables = [step for step in plan if step.startswith(("SCAN", "SEARCH")) and "topics" not in step.split()[1:2]]
        assert tables
        assert all("COVERING INDEX" in step or "INDEX" in step for step in tables), plan
    db.close()
