from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from archive.rows import CandidateRow, OutcomeRow, ValidatorRow
from archive.store import Archive

NOW, LATER = "2019-02-01T12:00:00Z", "2019-02-01T14:00:00Z"
DAY = timedelta(days=1)


@pytest.fixture
def source(archive: Archive) -> int:
    return archive.sources.ensure("feeds", "https://a.example/feed", "a.example")


def links(*scores: float, host: str = "a.example") -> list[CandidateRow]:
    return [
        CandidateRow(url=f"https://{host}/{number}", host=host, score=score, rank=number)
        for number, score in enumerate(scores)
    ]


def take(archive: Archive, run: int, limit: int = 10, per_host: int = 10, now: str = NOW) -> list[str]:
    return [row.url for row in archive.candidates.take(1, run, limit, per_host, now)]


def test_what_is_announced_twice_is_new_once(archive: Archive, source: int) -> None:
    assert archive.candidates.note(1, source, links(0.1, 0.2), NOW) == 2
    assert archive.candidates.note(1, source, links(0.1, 0.2, 0.3), LATER) == 1
    seen = archive.db.execute("SELECT first_seen, last_seen FROM sightings ORDER BY candidate_id").fetchall()
    assert seen == [(NOW, LATER), (NOW, LATER), (LATER, LATER)]


def test_the_better_title_date_and_score_are_kept(archive: Archive, source: int) -> None:
    bare = CandidateRow(url="https://a.example/1", host="a.example", score=0.2)
    full = CandidateRow(url="https://a.example/1", host="a.example", title="Talks", published=NOW, score=0.1)
    archive.candidates.note(1, source, [bare], NOW)
    archive.candidates.note(1, source, [full], NOW)
    assert archive.db.execute("SELECT title, published, score FROM candidates").fetchall() == [("Talks", NOW, 0.2)]


def test_the_best_are_taken_first_and_each_once_a_run(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.1, 0.9, 0.5), NOW)
    run = archive.runs.start(1, NOW)
    assert take(archive, run, limit=2) == ["https://a.example/1", "https://a.example/2"]
    assert take(archive, run) == ["https://a.example/0"]
    assert take(archive, run) == []


def test_what_a_killed_run_had_taken_is_taken_again(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.1), NOW)
    assert take(archive, archive.runs.start(1, NOW)) == ["https://a.example/0"]
    assert take(archive, archive.runs.start(1, NOW)) == ["https://a.example/0"]


def test_a_host_gets_no_more_than_its_share_of_a_run(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, [*links(0.9, 0.8, 0.7), *links(0.1, host="b.example")], NOW)
    run = archive.runs.start(1, NOW)
    assert take(archive, run, per_host=2) == ["https://a.example/0", "https://a.example/1", "https://b.example/0"]
    assert take(archive, run, per_host=2) == []
    assert archive.candidates.full_hosts(run, 2) == {"a.example": 1}


def test_a_failed_candidate_is_taken_again_when_it_is_due(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.5), NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="failed", reason="HTTP 503", next_try=LATER), NOW)
    assert take(archive, archive.runs.start(1, NOW)) == []
    assert take(archive, archive.runs.start(1, LATER), now=LATER) == ["https://a.example/0"]


@pytest.mark.parametrize(
    "state", ["stored", "unchanged", "off-topic", "duplicate", "not-an-article", "refused", "failed"]
)
def test_an_outcome_is_an_end(archive: Archive, source: int, state: str) -> None:
    archive.candidates.note(1, source, links(0.5), NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state=state), NOW)
    archive.candidates.note(1, source, links(0.9), LATER)
    assert take(archive, archive.runs.start(1, LATER), now=LATER) == []


def test_a_host_that_rests_is_left_alone(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.5), NOW)
    archive.hosts.rest("a.example", LATER, "HTTP 429")
    assert archive.hosts.resting(NOW) == {"a.example": (LATER, "HTTP 429")}
    assert take(archive, archive.runs.start(1, NOW)) == []
    assert take(archive, archive.runs.start(1, LATER), now=LATER) == ["https://a.example/0"]


def known(archive: Archive, run: int, now: str, age: timedelta = DAY) -> Sequence[str]:
    return [row.url for row in archive.candidates.take_known(1, run, 10, 10, now, age)]


def test_a_known_article_is_asked_again_while_it_is_listed_and_can_be_asked_conditionally(
    archive: Archive, source: int
) -> None:
    tomorrow = "2019-02-02T12:00:01Z"
    archive.candidates.note(1, source, links(0.5, 0.4), NOW)
    archive.sources.answered(source, "complete", "", NOW, found=2, new=2)
    for number in (1, 2):
        archive.candidates.finish(OutcomeRow(candidate_id=number, state="stored"), NOW)
    archive.validators.put(
        ValidatorRow(url="https://a.example/0", etag='"x"', last_modified=None, body_hash=None, polls=0)
    )
    run = archive.runs.start(1, NOW)
    assert known(archive, run, NOW) == []
    assert known(archive, run, NOW, timedelta(0)) == ["https://a.example/0"]
    assert known(archive, archive.runs.start(1, tomorrow), tomorrow) == ["https://a.example/0"]


def test_a_feed_that_says_not_modified_still_lists_what_it_listed(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.5), NOW)
    archive.sources.answered(source, "complete", "", NOW, found=1, new=1)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="stored"), NOW)
    archive.validators.put(
        ValidatorRow(url="https://a.example/0", etag='"x"', last_modified=None, body_hash=None, polls=0)
    )
    archive.sources.answered(source, "complete", "not modified", LATER, found=0, new=0)
    assert known(archive, archive.runs.start(1, LATER), LATER, timedelta(0)) == ["https://a.example/0"]
    archive.sources.answered(source, "complete", "", LATER, found=0, new=0)
    assert known(archive, archive.runs.start(1, LATER), LATER, timedelta(0)) == []


def test_the_frontier_is_read_from_its_index(archive: Archive) -> None:
    from archive.candidates import BEST, WAITING

    values = {"topic": 1, "run": 1, "limit": 10, "per_host": 5, "now": NOW, "before": NOW}
    plan = archive.db.execute("EXPLAIN QUERY PLAN " + BEST.format(from_where=WAITING), values).fetchall()
    assert "candidates_frontier (topic_id=? AND state=?)" in str(plan)
    assert "candidates_taken (run_id=? AND host=?)" in str(plan)
