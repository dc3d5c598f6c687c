"""The history of sources: what a crawl writes of each day, through the doors that a crawl uses."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import Any

import pytest

from archive.queries import open_reader
from archive.rows import CandidateRow, OutcomeRow
from archive.source_days import DAYS, OUTCOME, count_outcome, days_of
from archive.store import Archive

FIRST, SECOND, THIRD = "2019-02-01T09:00:00Z", "2019-02-01T15:00:00Z", "2019-02-02T09:00:00Z"
FEED = "https://a.example/feed"


def days(archive: Archive, *sources: int, since: str = "2019-01-01") -> list[dict[str, Any]]:
    """The days of some sources, without the columns that are nought."""
    db = open_reader(archive.folder)
    try:
        return [{name: value for name, value in asdict(day).items() if value} for day in days_of(db, sources, since)]
    finally:
        db.close()


def listed(archive: Archive, source: int, now: str, *numbers: int, topic: int = 1) -> None:
    """A source answers, and lists these articles."""
    rows = [CandidateRow(url=f"https://a.example/{number}", host="a.example") for number in numbers]
    new = archive.candidates.note(topic, source, rows, now)
    archive.sources.answered(source, "complete", "", now, found=len(rows), new=new)


def ended(archive: Archive, number: int, state: str, now: str) -> None:
    found = archive.db.execute("SELECT id FROM candidates WHERE url = ?", [f"https://a.example/{number}"])
    archive.candidates.finish(OutcomeRow(candidate_id=found.fetchone()[0], state=state), now)


@pytest.fixture
def feed(archive: Archive) -> int:
    return archive.sources.ensure("feeds", FEED, "a.example")


def test_each_day_counts_its_answers_and_what_was_listed_for_the_first_time(archive: Archive, feed: int) -> None:
    listed(archive, feed, FIRST, 1, 2, 3)
    archive.sources.answered(feed, "failed", "HTTP 503", FIRST, found=0, new=0)
    listed(archive, feed, SECOND, 2, 3, 4, 4)
    archive.sources.answered(feed, "complete", "not modified", SECOND, found=0, new=0)
    archive.sources.answered(feed, "refused", "HTTP 403", THIRD, found=0, new=0)
    assert days(archive, feed) == [
        {"day": "2019-02-01", "asked": 4, "answered": 3, "failed": 1, "items": 4, "fresh": 4, "new_items": 4,
         "reason": "HTTP 503"},
        {"day": "2019-02-02", "asked": 1, "failed": 1, "reason": "HTTP 403"},
    ]  # fmt: skip
    assert [day["day"] for day in days(archive, feed, since=THIRD)] == ["2019-02-02"]
    assert days(archive) == days(archive, 99) == []


def test_a_source_that_another_is_ahead_of_still_has_news_of_its_own(archive: Archive, feed: int) -> None:
    sitemap = archive.sources.ensure("sitemaps", "https://a.example/news.xml", "a.example")
    listed(archive, feed, FIRST, 1, 2)
    listed(archive, sitemap, FIRST, 1, 2, 3)
    (told,) = days(archive, sitemap)
    assert (told["fresh"], told["new_items"]) == (3, 1)
    (both,) = days(archive, feed, sitemap)
    assert (both["asked"], both["items"], both["fresh"], both["new_items"]) == (2, 5, 5, 3)


def test_a_sighting_keeps_when_it_was_first_and_takes_when_it_was_last(archive: Archive, feed: int) -> None:
    listed(archive, feed, FIRST, 1, 2)
    listed(archive, feed, THIRD, 2, 3)
    query = "SELECT candidate_id, first_seen, last_seen, rank FROM sightings ORDER BY candidate_id"
    assert archive.db.execute(query).fetchall() == [
        (1, FIRST, FIRST, 0), (2, FIRST, THIRD, 0), (3, THIRD, THIRD, 0),
    ]  # fmt: skip


def test_a_page_counts_once_for_each_source_that_listed_it(archive: Archive, feed: int) -> None:
    sitemap = archive.sources.ensure("sitemaps", "https://a.example/news.xml", "a.example")
    linking = archive.sources.ensure("outlinks", "https://a.example/1", "a.example")
    listed(archive, feed, FIRST, 1, 2, 3, 4, 5)
    archive.candidates.note(1, sitemap, [CandidateRow(url="https://a.example/1", host="a.example")], FIRST)
    archive.candidates.note(1, linking, [CandidateRow(url="https://a.example/2", host="a.example")], FIRST)
    for number, states in enumerate(
        (("stored", "unchanged", "stored"), ("failed", "failed", "stored"), ("off-topic", "off-topic"),
         ("not-an-article", "not-an-article"), ("refused", "duplicate")), 1
    ):  # fmt: skip
        for state in states:
            ended(archive, number, state, THIRD)
    assert days(archive, feed, since=THIRD) == [
        {"day": "2019-02-02", "kept": 2, "dropped": 1, "rejected": 1, "missed": 2}
    ]
    assert days(archive, sitemap, since=THIRD) == [{"day": "2019-02-02", "kept": 1}]
    assert days(archive, linking) == []


def test_an_outcome_is_counted_without_going_through_all_sightings(archive: Archive) -> None:
    values = {"id": 1, "day": "2019-02-01", "kept": 1, "dropped": 0, "rejected": 0, "missed": 0}
    plan = [step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {OUTCOME}", values).fetchall()]
    assert len([step for step in plan if "USING" in step and step.startswith("SEARCH")]) == 3, plan
    assert not [step for step in plan if step.startswith("SCAN")]
    with archive.writing() as db:
        count_outcome(db, 1, "stored", FIRST)
    assert not archive.db["source_days"].count


def test_the_days_of_a_source_are_read_by_their_key(archive: Archive) -> None:
    plan = [
        step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {DAYS}", {"ids": "[1]", "since": ""}).fetchall()
    ]
    assert any("SEARCH source_days USING PRIMARY KEY (source_id=? AND day>?)" in step for step in plan), plan


def test_an_answer_and_its_day_are_written_together_or_not_at_all(archive: Archive, feed: int) -> None:
    def broken() -> None:
        with archive.writing():
            listed(archive, feed, FIRST, 1)
            archive.sources.ensure("feeds", None, "a.example")  # type: ignore[arg-type]  # what ends the transaction

    with pytest.raises(sqlite3.IntegrityError):
        broken()
    assert days(archive, feed) == []
