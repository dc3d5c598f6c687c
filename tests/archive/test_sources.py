from __future__ import annotations

import json
from contextlib import closing
from typing import Any

from archive.queries import open_reader
from archive.rows import CandidateRow, QuestionRow, SourcePace, ValidatorRow
from archive.sources import RECENT, ROWS, pace_query, sources_of
from archive.store import Archive

NOW, LATER, LAST = "2019-02-01T12:00:00Z", "2019-02-01T14:00:00Z", "2019-02-02T12:00:00Z"
FEED = "https://a.example/feed"


def listed(archive: Archive) -> list[dict[str, Any]]:
    """The sources that have an address, as a reader sees them."""
    with closing(open_reader(archive.folder)) as db:
        return sources_of(db, ("feeds", "sitemaps"))


def health(archive: Archive, *names: str) -> list[object]:
    (row,) = listed(archive)
    return [row[name] for name in names]


def test_a_source_is_one_for_each_channel_and_url(archive: Archive) -> None:
    first = archive.sources.ensure("feeds", FEED, "a.example")
    assert archive.sources.ensure("feeds", FEED, "a.example") == first
    assert archive.sources.ensure("sitemaps", FEED, "a.example") != first
    assert [(row["channel"], row["outlet"]) for row in listed(archive)] == [
        ("feeds", "a.example"),
        ("sitemaps", "a.example"),
    ]


def test_a_source_remembers_when_it_was_well_and_how_often_it_was_not(archive: Archive) -> None:
    source = archive.sources.ensure("feeds", FEED, "a.example")
    archive.sources.answered(source, "complete", "", NOW, found=20, new=15)
    archive.sources.answered(source, "failed", "HTTP 503", LATER, found=0, new=0)
    archive.sources.answered(source, "refused", "robots: disallowed", LAST, found=0, new=0)
    assert health(archive, "last_success", "last_asked", "failures") == [NOW, LAST, 2]
    assert health(archive, "last_status", "last_reason") == ["refused", "robots: disallowed"]
    assert health(archive, "items", "new_items", "last_listed") == [20, 15, NOW]
    archive.sources.answered(source, "complete", "not modified", LAST, found=0, new=0)
    assert health(archive, "failures", "last_success", "last_listed", "items") == [0, LAST, NOW, 20]


def test_of_two_rests_the_longer_one_holds(archive: Archive) -> None:
    archive.hosts.rest("a.example", LAST, "HTTP 429")
    archive.hosts.rest("a.example", LATER, "HTTP 503")
    assert archive.hosts.resting(NOW) == {"a.example": (LAST, "HTTP 429")}
    assert archive.hosts.resting(LAST) == {}


def test_validators_are_replaced_and_taken_back(archive: Archive) -> None:
    first = ValidatorRow(url=FEED, etag='"a"', last_modified=None, body_hash="h", polls=3)
    assert archive.validators.get(FEED) is None
    archive.validators.put(first)
    assert archive.validators.get(FEED) == first
    archive.validators.put(ValidatorRow(url=FEED, etag=None, last_modified=None, body_hash="h", polls=0))
    assert archive.validators.get(FEED) is None


def test_a_topic_keeps_its_id_and_takes_its_newest_definition(archive: Archive) -> None:
    first = archive.topics.ensure("doha", "Doha", "[terms]")
    assert archive.topics.ensure("doha", "Doha talks", "[terms]\n") == first
    query = "SELECT title, definition FROM topics WHERE id = ?"
    assert archive.db.execute(query, [first]).fetchone() == ("Doha talks", "[terms]\n")


def test_a_run_says_how_it_ended_and_the_ledger_how_complete_each_answer_was(archive: Archive) -> None:
    source = archive.sources.ensure("feeds", FEED, "a.example")
    run = archive.runs.start(1, NOW)
    archive.coverage.note(run, source, QuestionRow(place=FEED, status="saturated", asked=NOW, found=20))
    archive.runs.finish(run, "finished", {"outcome/stored": 3, "found": 20}, LATER)
    (row,) = archive.db.query("SELECT started, finished, outcome, counts FROM runs")
    assert (row["started"], row["finished"], row["outcome"]) == (NOW, LATER, "finished")
    assert json.loads(row["counts"]) == {"found": 20, "outcome/stored": 3}
    assert archive.db.execute("SELECT status, found FROM coverage").fetchall() == [("saturated", 20)]


def test_a_source_is_due_after_its_pause_and_keeps_its_pace_while_it_fails(archive: Archive) -> None:
    source = archive.sources.ensure("feeds", FEED, "a.example")
    archive.sources.answered(source, "complete", "", NOW, found=20, new=15, pause=30, seconds=1.25)
    assert health(archive, "pause_minutes", "next_ask", "seconds") == [30, "2019-02-01T12:30:00Z", 1.25]
    archive.sources.answered(source, "failed", "HTTP 503", NOW, found=0, new=0, pause=60)
    assert health(archive, "pause_minutes", "next_ask", "seconds") == [30, "2019-02-01T13:00:00Z", None]
    archive.sources.answered(source, "complete", "", NOW, found=0, new=0)
    assert health(archive, "pause_minutes", "next_ask") == [30, None]


def test_a_source_remembers_where_it_has_moved_until_it_answers_in_its_place(archive: Archive) -> None:
    source = archive.sources.ensure("feeds", FEED, "a.example")
    archive.sources.answered(source, "complete", "", NOW, found=1, new=1, moved_to="https://b.example/feed")
    assert health(archive, "moved_to") == ["https://b.example/feed"]
    archive.sources.answered(source, "complete", "", LATER, found=1, new=0)
    assert health(archive, "moved_to") == [""]


def test_the_paces_of_many_sources_are_found_by_channel_and_address(archive: Archive) -> None:
    for number in range(450):
        source = archive.sources.ensure("feeds", f"{FEED}/{number}", "a.example")
        archive.sources.answered(source, "complete", "", NOW, found=2, new=1, pause=15 + number)
    refused = archive.sources.ensure("sitemaps", FEED, "a.example")
    archive.sources.answered(refused, "refused", "HTTP 403", NOW, found=0, new=0, pause=60)
    archive.sources.ensure("sitemaps", f"{FEED}/never-asked", "a.example")
    keys = [("feeds", f"{FEED}/{number}") for number in range(445)]
    keys += [("sitemaps", FEED), ("sitemaps", f"{FEED}/0"), ("sitemaps", f"{FEED}/never-asked"), ("feeds", "nowhere")]
    paces = archive.sources.paces(iter(keys))
    assert set(paces) == {*keys[:445], ("sitemaps", FEED)}
    assert paces["feeds", f"{FEED}/444"] == SourcePace(
        status="complete", failures=0, pause_minutes=459, next_ask="2019-02-01T19:39:00Z"
    )
    assert paces["sitemaps", FEED] == SourcePace(status="refused", failures=1, next_ask="2019-02-01T13:00:00Z")
    assert archive.sources.paces([]) == {}


def test_paces_are_looked_up_and_not_searched_for(archive: Archive) -> None:
    plan = archive.db.execute(f"EXPLAIN QUERY PLAN {pace_query(3)}", ["feeds", FEED] * 3).fetchall()
    assert any("SEARCH sources USING INDEX" in step[3] for step in plan), plan
    assert not [step for step in plan if step[3].startswith("SCAN sources")]


def test_a_source_says_how_new_the_newest_of_what_it_lists_is(archive: Archive) -> None:
    topic = archive.topics.ensure("doha", "Doha", "")
    source = archive.sources.ensure("feeds", FEED, "a.example")
    days = ["2019-01-03T00:00:00Z", "2019-01-05T00:00:00Z", None]
    rows = [CandidateRow(url=f"https://a.example/{at}", host="a.example", published=day) for at, day in enumerate(days)]
    assert health(archive, "newest") == [None]
    archive.candidates.note(topic, source, rows, NOW)
    archive.sources.answered(source, "complete", "", NOW, found=3, new=3)
    assert health(archive, "newest") == ["2019-01-05T00:00:00Z"]
    archive.candidates.note(topic, source, rows[:1], LATER)
    archive.sources.answered(source, "complete", "", LATER, found=1, new=0)
    assert health(archive, "newest") == ["2019-01-03T00:00:00Z"]


def test_the_archive_knows_which_topic_heard_last_what_a_source_lists(archive: Archive) -> None:
    source, topic = archive.sources.ensure("feeds", FEED, "a.example"), archive.topics.ensure("talks", "", "")
    archive.sources.answered(source, "complete", "", NOW, found=3, new=3, topic=topic)
    assert archive.sources.paces([("feeds", FEED)])["feeds", FEED].listed_for == topic
    other = archive.topics.ensure("heat", "", "")
    archive.sources.answered(source, "complete", "not modified", LATER, found=0, new=0, topic=other)
    archive.sources.answered(source, "failed", "HTTP 500", LATER, found=0, new=0, topic=other)
    assert archive.sources.paces([("feeds", FEED)])["feeds", FEED].listed_for == topic
    archive.sources.answered(source, "saturated", "", LAST, found=3, new=0, topic=other)
    assert archive.sources.paces([("feeds", FEED)])["feeds", FEED].listed_for == other


def test_sources_that_nobody_asks_are_not_listed_and_listings_are_not_gone_through(archive: Archive) -> None:
    archive.sources.ensure("outlinks", "https://a.example/1", "a.example")
    source, topic = archive.sources.ensure("feeds", FEED, "a.example"), archive.topics.ensure("talks", "", "")
    rows = [
        CandidateRow(url=f"https://a.example/{at}", host="a.example", published=f"20{99 - at // 10:02}-01-01T00:00:00Z")
        for at in range(RECENT + 50)
    ]
    archive.candidates.note(topic, source, rows, NOW)
    archive.sources.answered(source, "complete", "", NOW, found=len(rows), new=len(rows))
    assert [row["channel"] for row in listed(archive)] == ["feeds"]
    assert health(archive, "newest") == ["2094-01-01T00:00:00Z"]
    plan = [step[3] for step in archive.db.execute(f"EXPLAIN QUERY PLAN {ROWS}", {"channels": "[]"}).fetchall()]
    assert not [step for step in plan if step.startswith("SCAN sources") or "TEMP B-TREE" in step], plan
