"""How an archive is: figures by day, the room on its disk, and counts that are read along an index."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.condition import FAILURES, NEWEST_FAILED, SOURCES, STANDINGS, STATES, condition
from archive.daily import DAYS, daily, figures, usual
from archive.queries import open_reader
from archive.room import room
from archive.rows import CandidateRow
from archive.store import Archive

NOW = datetime(2019, 3, 1, 12, tzinfo=UTC)


def text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def ran(archive: Archive, before: timedelta, **counts: int) -> None:
    at = text(NOW - before)
    told = {name.replace("outcome_", "outcome/"): count for name, count in counts.items()}
    archive.runs.finish(archive.runs.start(1, at), "finished", told, at)


def days(archive: Archive) -> list[dict[str, int]]:
    with closing(open_reader(archive.folder)) as db:
        return daily(db, NOW)


def test_what_runs_brought_is_told_by_spans_of_24_hours(archive: Archive) -> None:
    assert days(archive) == []
    ran(archive, timedelta(days=DAYS + 1), outcome_stored=99)
    ran(archive, timedelta(days=3), outcome_stored=5)
    ran(archive, timedelta(hours=25), outcome_stored=2, versions=2, copies=1)
    ran(archive, timedelta(hours=23), outcome_stored=4, found=9)
    ran(archive, timedelta(hours=1), outcome_stored=3, versions=1, outcome_failed=2, outcome_refused=1, review=1)
    archive.runs.start(1, text(NOW))
    found = days(archive)
    assert [day["new"] for day in found] == [6, 0, 0, 5]
    assert [day["runs"] for day in found] == [3, 1, 0, 1]
    assert found[0] == {
        "new": 6, "copies": 0, "versions": 1, "review": 1, "found": 9, "failed": 2, "refused": 1, "removed": 0,
        "runs": 3,
    }  # fmt: skip


def test_a_clock_that_was_ahead_counts_as_today(archive: Archive) -> None:
    ran(archive, timedelta(days=-2), outcome_stored=5)
    assert [day["new"] for day in days(archive)] == [5]


def test_what_is_usual_is_the_middle_of_the_days_before_where_there_are_some() -> None:
    spans = [figures({"outcome/stored": new}) for new in (50, 1, 9, 2)]
    assert usual(spans)["new"] == 2
    assert usual(spans[:3]) == usual([]) == {}


@pytest.mark.parametrize(
    ("days", "new", "a_day"),
    [(1, 5, None), (2, 0, 500), (10, 5, 100 + 250), (28, 10, (1000 + 5000) // 28), (29, 400, (1000 + 5000) // 28)],
    ids=["too young", "files only", "half of the database is new", "all of it is", "more than there is"],
)
def test_the_disk_is_full_when_what_came_lately_goes_on(tmp_path: Path, days: int, new: int, a_day: int | None) -> None:
    old, late = tmp_path / "warc" / "a.warc.gz", tmp_path / "snapshots" / "deep" / "b.csv"
    for path, age in ((old, timedelta(days=100)), (late, timedelta(days=1))):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * 1000)
        os.utime(path, (NOW.timestamp(), (NOW - age).timestamp()))
    spans = [{"new": new}, *[{"new": 0}] * (days - 1)]
    found = room(tmp_path, spans, 10, 5000, NOW.timestamp())
    assert found.free > 0
    assert found.a_day == a_day
    assert found.days_left == (None if a_day is None else found.free // a_day)


def test_an_archive_that_does_not_grow_fills_no_disk(tmp_path: Path) -> None:
    found = room(tmp_path, [{"new": 0}, {"new": 0}], 0, 5000, NOW.timestamp())
    assert (found.a_day, found.days_left) == (0, None)


def test_reasons_are_told_of_the_links_that_were_found_last(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.condition.NEWEST_FAILED", 3)
    source = archive.sources.ensure("feeds", "https://a.example/feed", "a.example")
    rows = [CandidateRow(url=f"https://a.example/{at}", host="a.example") for at in range(9)]
    archive.candidates.note(1, source, rows, text(NOW))
    with archive.writing() as db:
        db.execute("UPDATE candidates SET state = 'failed', reason = 'old', checked = ?", [text(NOW - timedelta(2))])
        db.execute("UPDATE candidates SET reason = 'new', checked = ? WHERE id > 7", [text(NOW)])
        db.execute("UPDATE candidates SET state = 'refused' WHERE id = 1")
    told = state(archive)
    found = [(one["state"], one["reason"], one["candidates"], one["lately"]) for one in told.failures]
    assert found == [("failed", "new", 2, 2), ("failed", "old", 1, 0), ("refused", "old", 1, 0)]
    assert told.topics[0]["candidates"] == {"failed": 8, "refused": 1}
    assert state(archive, links=False).topics[0]["candidates"] == {}
    assert NEWEST_FAILED >= 1000


def state(archive: Archive, **options: Any) -> Any:
    with closing(open_reader(archive.folder)) as db:
        return condition(db, archive.folder, text(NOW), **options)


@pytest.mark.parametrize(
    "query", [FAILURES, SOURCES, STANDINGS, STATES], ids=["FAILURES", "SOURCES", "STANDINGS", "STATES"]
)
def test_no_count_goes_through_rows_that_an_index_has(archive: Archive, query: str) -> None:
    values = {"limit": 3, "newest": 9, "since": text(NOW)}
    plan = [step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {query}", values).fetchall()]
    tables = ("SCAN candidates", "SCAN article_topics", "SCAN sources", "SCAN articles")
    assert not [step for step in plan if step.startswith(tables) and "COVERING INDEX" not in step], plan
