"""The ledger of questions."""

from __future__ import annotations

import pytest

from archive.months import between, months
from archive.queries import open_reader
from archive.rows import QuestionRow
from archive.store import Archive

PLACE = "https://service.example/api"


@pytest.fixture
def ledger(archive: Archive) -> tuple[Archive, int, int, int]:
    """An archive with a topic, a run and a source of a service."""
    topic = archive.topics.ensure("talks", "Talks", "")
    run = archive.runs.start(topic, "2019-06-01T00:00:00Z")
    return archive, topic, run, archive.sources.ensure("gdelt", PLACE, "service.example")


def question(since: str | None, until: str | None, status: str = "complete", **more: object) -> QuestionRow:
    about = {"query": "talks", "found": 3, "asked": "2019-06-01T00:00:01Z"} | more
    return QuestionRow(place=PLACE, since=since, until=until, status=status, **about)  # type: ignore[arg-type]  # any column


def rows(archive: Archive) -> list[tuple[object, ...]]:
    return archive.db.execute("SELECT since, until, status, found, resume FROM coverage ORDER BY id").fetchall()


def test_one_question_is_one_row_a_run_with_its_newest_answer(ledger: tuple[Archive, int, int, int]) -> None:
    archive, topic, run, source = ledger
    window = ("2019-01-01T00:00:00Z", "2019-02-01T00:00:00Z")
    archive.coverage.note(run, source, question(*window, "saturated", resume="key 1"))
    archive.coverage.note(run, source, question(*window, "complete"))
    assert rows(archive) == [(*window, "complete", 6, "")]
    second = archive.runs.start(topic, "2019-06-02T00:00:00Z")
    archive.coverage.note(second, source, question(*window))
    assert len(rows(archive)) == 2


def test_short_windows_of_a_day_that_touch_become_one_row(ledger: tuple[Archive, int, int, int]) -> None:
    archive, _, run, source = ledger
    for begin, end in (("00:00", "00:15"), ("00:15", "00:30"), ("00:45", "01:00")):
        archive.coverage.note(run, source, question(f"2019-01-01T{begin}:00Z", f"2019-01-01T{end}:00Z"))
    archive.coverage.note(run, source, question("2019-01-01T01:00:00Z", "2019-01-01T01:15:00Z", "failed"))
    archive.coverage.note(run, source, question("2019-01-01T00:30:00Z", "2019-01-01T00:45:00Z", query="truce"))
    assert [(row[0], row[1], row[2]) for row in rows(archive)] == [
        ("2019-01-01T00:00:00Z", "2019-01-01T00:30:00Z", "complete"),
        ("2019-01-01T00:45:00Z", "2019-01-01T01:00:00Z", "complete"),
        ("2019-01-01T01:00:00Z", "2019-01-01T01:15:00Z", "failed"),
        ("2019-01-01T00:30:00Z", "2019-01-01T00:45:00Z", "complete"),
    ]


def test_what_was_asked_is_told_for_the_topic_and_the_window_only(ledger: tuple[Archive, int, int, int]) -> None:
    archive, topic, run, source = ledger
    archive.coverage.note(run, source, question("2019-01-01T00:00:00Z", "2019-02-01T00:00:00Z"))
    archive.coverage.note(run, source, question("2018-01-01T00:00:00Z", "2018-02-01T00:00:00Z"))
    other = archive.topics.ensure("heat", "Heat", "")
    window = ("2018-06-01T00:00:00Z", "2019-06-01T00:00:00Z")
    asked = archive.coverage.asked(topic, "gdelt", *window)
    assert [(row.place, row.since, row.status) for row in asked] == [(PLACE, "2019-01-01T00:00:00Z", "complete")]
    assert archive.coverage.asked(other, "gdelt", *window) == []
    assert archive.coverage.asked(topic, "gal", *window) == []


def test_a_source_without_a_window_is_told_with_where_it_broke_off(ledger: tuple[Archive, int, int, int]) -> None:
    archive, topic, run, _ = ledger
    file = archive.sources.ensure("ccnews", "warc:///news.warc.gz", "")
    for resume in ("100", "200"):
        row = question(None, None, "saturated", query="", resume=resume)
        archive.sources.answered(file, "saturated", "", "2019-06-01T00:00:02Z", found=1, new=1)
        archive.coverage.note(run, file, row)
    (told,) = archive.coverage.asked(topic, "ccnews", "2019-01-01T00:00:00Z", "2019-02-01T00:00:00Z")
    assert (told.place, told.resume, told.status, told.since) == ("warc:///news.warc.gz", "200", "saturated", None)


def test_the_ledger_is_looked_up_by_index(ledger: tuple[Archive, int, int, int]) -> None:
    archive, topic, run, source = ledger
    plan = archive.db.execute(
        "EXPLAIN QUERY PLAN SELECT id FROM coverage WHERE source_id = ? AND query = ? AND since IS ? AND until IS ?"
        " AND run_id = ?",
        [source, "talks", "a", "b", run],
    ).fetchall()
    assert "coverage_question" in str(plan)
    assert topic


def test_months_tell_who_was_asked_and_who_was_not(ledger: tuple[Archive, int, int, int]) -> None:
    archive, _, run, source = ledger
    archive.coverage.note(run, source, question("2019-01-20T00:00:00Z", "2019-03-01T00:00:00Z"))
    archive.coverage.note(run, source, question("2019-01-10T00:00:00Z", "2019-01-20T00:00:00Z", "refused"))
    archive.coverage.note(
        run, source, question("2019-04-01T00:00:00Z", "2019-05-01T00:00:00Z", "saturated", resume="halved")
    )
    feed = archive.sources.ensure("feeds", "https://daily.example/feed", "daily.example")
    archive.coverage.note(run, feed, question(None, None, query=""))
    reader = open_reader(archive.folder)
    told = {one.month: one.channels for one in months(reader, "talks", "2018-12", "2019-06")}
    reader.close()
    assert told == {
        "2018-12": {},
        "2019-01": {"gdelt": {"complete": 1, "refused": 1}},
        "2019-02": {"gdelt": {"complete": 1}},
        "2019-03": {},
        "2019-04": {},
        "2019-05": {},
        "2019-06": {"feeds": {"complete": 1}},
    }


def test_months_go_on_over_the_end_of_a_year_and_come_to_an_end() -> None:
    assert list(between("2018-11", "2019-02")) == ["2018-11", "2018-12", "2019-01", "2019-02"]
    assert list(between("2019-02", "2019-01")) == []
    assert len(list(between("0001-01", "9999-12"))) == 1_200
