from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from archive.rows import CandidateRow, CaptureRows, OutcomeRow, ValidatorRow
from archive.store import Archive

NOW, LATER = "2019-02-01T12:00:00Z", "2019-02-01T14:00:00Z"


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


def announced(title: str, score: float, published: str | None = None) -> CandidateRow:
    return CandidateRow(url="https://a.example/1", host="a.example", title=title, score=score, published=published)


def test_a_waiting_candidate_keeps_the_better_score_with_its_title_and_the_first_date(
    archive: Archive, source: int
) -> None:
    query = "SELECT title, score, published FROM candidates"
    archive.candidates.note(1, source, [announced("", 0.2)], NOW)
    archive.candidates.note(1, source, [announced("Talks", 0.1, NOW)], NOW)
    assert archive.db.execute(query).fetchall() == [("Talks", 0.2, NOW)]
    archive.candidates.note(1, source, [announced("Talks in Doha", 0.6, LATER)], LATER)
    assert archive.db.execute(query).fetchall() == [("Talks in Doha", 0.6, NOW)]
    archive.candidates.note(1, source, [announced("", 0.9)], LATER)
    assert archive.db.execute(query).fetchall() == [("Talks in Doha", 0.9, NOW)]


def test_an_ended_candidate_stays_as_it_was_judged(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, [announced("Talks", 0.5)], NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="off-topic", reason="far off", score=0.1), NOW)
    before = archive.db.execute("SELECT * FROM candidates").fetchall()
    assert archive.candidates.note(1, source, [announced("Peace talks", 0.9, NOW)], LATER) == 0
    assert archive.db.execute("SELECT * FROM candidates").fetchall() == before
    assert archive.db.execute("SELECT last_seen FROM sightings").fetchall() == [(LATER,)]


def test_two_topics_wait_for_one_link_apart(archive: Archive, source: int) -> None:
    other = archive.topics.ensure("other", "", "")
    assert archive.candidates.note(1, source, links(0.5), NOW) == 1
    assert archive.candidates.note(other, source, links(0.5), NOW) == 1


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


def test_links_of_about_the_same_score_take_turns_by_host(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.05, 0.05, 0.05), NOW)
    archive.candidates.note(1, source, [*links(0.95, 0.04, host="b.example"), *links(0.03, host="c.example")], NOW)
    run = archive.runs.start(1, NOW)
    assert take(archive, run, limit=4) == [
        "https://b.example/0", "https://a.example/0", "https://c.example/0", "https://a.example/1",
    ]  # fmt: skip
    # Two of a.example are under way, of the other hosts one each: they come first.
    archive.candidates.note(1, source, links(0, 0, 0.01, host="c.example"), NOW)
    assert take(archive, run, limit=2) == ["https://b.example/1", "https://c.example/2"]


def test_a_failed_candidate_is_taken_again_when_it_is_due(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.5), NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="failed", reason="HTTP 503", next_try=LATER), NOW)
    assert take(archive, archive.runs.start(1, NOW)) == []
    assert archive.candidates.note(1, source, links(0.5), NOW) == 0
    again = archive.candidates.take(1, archive.runs.start(1, LATER), 10, 10, LATER)
    assert [(row.url, row.tries, row.known) for row in again] == [("https://a.example/0", 1, False)]


def test_tries_count_the_failures_in_a_row(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.5), NOW)
    tries = []
    for state in ("failed", "failed", "waiting", "failed", "stored", "failed"):
        archive.candidates.finish(OutcomeRow(candidate_id=1, state=state, next_try=LATER), NOW)
        tries.append(archive.db.execute("SELECT tries, next_try FROM candidates").fetchone())
    assert tries == [(1, LATER), (2, LATER), (2, LATER), (3, LATER), (0, None), (1, LATER)]


def test_a_candidate_that_was_put_off_waits_until_then(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.5), NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="waiting", reason="rests", next_try=LATER), NOW)
    assert take(archive, archive.runs.start(1, NOW)) == []
    assert take(archive, archive.runs.start(1, LATER), now=LATER) == ["https://a.example/0"]


def test_a_run_counts_what_became_of_its_candidates(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.9, 0.8, 0.7), NOW)
    run = archive.runs.start(1, NOW)
    take(archive, run, limit=2)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="stored"), NOW)
    assert archive.candidates.counts(1, run) == {"stored": 1, "waiting": 1, "left": 1}


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


def known(archive: Archive, run: int, now: str) -> Sequence[str]:
    return [row.url for row in archive.candidates.take_known(1, run, 10, 10, now)]


def test_a_known_article_is_asked_again_while_it_is_listed_and_can_be_asked_conditionally(
    archive: Archive, source: int
) -> None:
    archive.candidates.note(1, source, links(0.5, 0.4), NOW)
    archive.sources.answered(source, "complete", "", NOW, found=2, new=2)
    for number in (1, 2):
        archive.candidates.finish(OutcomeRow(candidate_id=number, state="stored"), NOW)
    archive.validators.put(
        ValidatorRow(url="https://a.example/0", etag='"x"', last_modified=None, body_hash=None, polls=0)
    )
    run = archive.runs.start(1, NOW)
    assert known(archive, run, NOW) == ["https://a.example/0"]
    assert known(archive, run, NOW) == []
    assert known(archive, archive.runs.start(1, LATER), LATER) == ["https://a.example/0"]


def test_a_feed_that_says_not_modified_still_lists_what_it_listed(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, links(0.5), NOW)
    archive.sources.answered(source, "complete", "", NOW, found=1, new=1)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="stored"), NOW)
    archive.validators.put(
        ValidatorRow(url="https://a.example/0", etag='"x"', last_modified=None, body_hash=None, polls=0)
    )
    archive.sources.answered(source, "complete", "not modified", LATER, found=0, new=0)
    assert known(archive, archive.runs.start(1, LATER), LATER) == ["https://a.example/0"]
    archive.sources.answered(source, "complete", "", LATER, found=0, new=0)
    assert known(archive, archive.runs.start(1, LATER), LATER) == []


def test_an_article_is_known_to_a_topic_that_has_judged_it_only(
    archive: Archive, source: int, rows: Callable[..., CaptureRows]
) -> None:
    other = archive.topics.ensure("other", "", "")
    archive.articles.store(rows(1), NOW)
    link = CandidateRow(url="https://wire.example/1", host="wire.example")
    archive.candidates.note(other, source, [link], NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="failed", next_try=NOW), NOW)
    run = archive.runs.start(1, NOW)
    assert [row.known for row in archive.candidates.take(1, run, 10, 10, NOW)] == [True]
    # Judged on another topic only, it must come in full: "not modified" would leave it unjudged.
    assert [row.known for row in archive.candidates.take(other, run, 10, 10, NOW)] == [False]


def crowd(count: int) -> list[CandidateRow]:
    return [CandidateRow(url=f"https://h{n % 40}.example/{n}", host=f"h{n % 40}.example") for n in range(count)]


def test_what_waits_for_other_topics_costs_a_topic_nothing(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, crowd(300), NOW)
    before = steps(archive, 1)
    other = archive.topics.ensure("other", "", "")
    assert archive.candidates.note(other, source, crowd(20_000), NOW) == 20_000
    assert steps(archive, 1) <= before * 1.1


@pytest.mark.parametrize("is_analyzed", [False, True])
def test_the_frontier_is_read_from_its_indexes(archive: Archive, source: int, is_analyzed: bool) -> None:
    from archive.candidates import KNOWN, WAITING

    archive.candidates.note(1, source, crowd(20_000), NOW)
    if is_analyzed:
        archive.db.execute("ANALYZE")
    values = {"topic": 1, "run": 1, "most": 10, "now": NOW}
    plan = str(archive.db.execute(f"EXPLAIN QUERY PLAN {WAITING}", values).fetchall())
    assert "candidates_queue (topic_id=? AND host=?)" in plan
    assert "candidates_queue (topic_id=? AND host>?)" in plan
    assert "SCAN c" not in plan
    plan = str(archive.db.execute(f"EXPLAIN QUERY PLAN {KNOWN}", values).fetchall())
    assert "sightings_listed (source_id=? AND last_seen>?)" in plan
    assert "SCAN c" not in plan
    assert "SCAN sightings" not in plan


def steps(archive: Archive, topic: int) -> int:
    """How many of SQLite's own steps a look for waiting candidates takes: its cost, without a clock."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    archive.db.conn.set_progress_handler(count, 100)
    try:
        archive.candidates.take(topic, archive.runs.start(topic, NOW), 300, 200, NOW)
    finally:
        archive.db.conn.set_progress_handler(None, 0)
    return counted * 100


def unresolved(number: int = 1, outlet: str = "daily.example") -> CandidateRow:
    return CandidateRow(
        url=f"https://news.google.com/rss/articles/{number}",
        host="news.google.com",
        title="Envoys meet in Doha",
        score=0.9,
        state="unresolved",
        title_key=7,
        outlet=outlet,
    )


def test_an_unresolved_link_stands_under_its_publishers_name_and_is_never_handed_out(
    archive: Archive, source: int
) -> None:
    assert archive.candidates.note(1, source, [unresolved(), unresolved(2, ""), *links(0.1)], NOW) == 3
    rows = archive.db.execute("SELECT host, state, title_key FROM candidates ORDER BY id").fetchall()
    assert rows == [("daily.example", "unresolved", 7), ("", "unresolved", 7), ("a.example", "waiting", None)]
    run = archive.runs.start(1, NOW)
    assert take(archive, run) == ["https://a.example/0"]
    assert archive.candidates.counts(1, run) == {"waiting": 1, "left": 0}
    archive.sources.answered(source, "complete", "", NOW, found=3, new=3)
    assert known(archive, archive.runs.start(1, LATER), LATER) == []


def test_an_unresolved_link_that_is_announced_again_stays_as_it_is_and_is_seen_again(
    archive: Archive, source: int
) -> None:
    archive.candidates.note(1, source, [unresolved()], NOW)
    before = archive.db.execute("SELECT * FROM candidates").fetchall()
    assert archive.candidates.note(1, source, [replace(unresolved(), score=1.0)], LATER) == 0
    assert archive.db.execute("SELECT * FROM candidates").fetchall() == before
    assert archive.db.execute("SELECT last_seen FROM sightings").fetchall() == [(LATER,)]
    assert take(archive, archive.runs.start(1, LATER), now=LATER) == []


def test_a_candidate_keeps_where_its_bytes_can_be_had(archive: Archive, source: int) -> None:
    via = "https://web.archive.org/web/20190129id_/https://a.example/1"
    archive.candidates.note(1, source, [replace(announced("Talks", 0.5), via=via)], NOW)
    assert archive.db.execute("SELECT via, state FROM candidates").fetchall() == [(via, "waiting")]


def test_the_key_of_a_headline_goes_with_its_headline(archive: Archive, source: int) -> None:
    def keys(title: str, score: float, title_key: int | None) -> list[tuple[int | None]]:
        archive.candidates.note(1, source, [replace(announced(title, score), title_key=title_key)], NOW)
        return archive.db.execute("SELECT title_key FROM candidates").fetchall()

    assert keys("", 0.2, None) == [(None,)]
    assert keys("Talks in Doha", 0.1, 1) == [(1,)]
    assert keys("Talks go on in Doha", 0.1, 2) == [(1,)]
    assert keys("Talks go on in Doha", 0.5, 2) == [(2,)]
    assert keys("", 0.9, None) == [(2,)]
    assert keys("Short", 0.95, None) == [(None,)]


def test_a_headline_that_was_noted_before_there_were_keys_gets_its_own(archive: Archive, source: int) -> None:
    archive.candidates.note(1, source, [announced("Talks in Doha", 0.5)], NOW)
    archive.candidates.note(1, source, [replace(announced("Doha talks", 0.5), title_key=2)], NOW)
    assert archive.db.execute("SELECT title, title_key FROM candidates").fetchall() == [("Talks in Doha", None)]
    archive.candidates.note(1, source, [replace(announced("Talks in Doha", 0.5), title_key=1)], NOW)
    assert archive.db.execute("SELECT title, title_key FROM candidates").fetchall() == [("Talks in Doha", 1)]
