"""Articles that a topic has judged before, or its user answered, and whose pages say something else now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from archive.belonging import PARKED
from archive.rows import CandidateRow, MembershipRow, OutcomeRow
from archive.store import Archive
from crawler.looks import due_after
from crawler.times import now, text_of
from pipelines.items import Capture
from tests.pipelines.stages.conftest import BODY, URL

Make = Callable[..., Capture]
Keep = Callable[[Capture], Capture]

OTHER = f"{BODY}\nNobody knows why."
NOW = "2021-08-16T12:00:00Z"
ROWS = "SELECT state, reason FROM candidates ORDER BY id"


def one(archive: Archive, query: str) -> Any:
    found = archive.db.execute(query).fetchone()
    return found[0] if found and len(found) == 1 else found


def counts(archive: Archive) -> tuple[int, int, int]:
    return tuple(one(archive, f"SELECT COUNT(*) FROM {table}") for table in ("versions", "records", "rechecks"))  # type: ignore[return-value]  # three tables


def fresh(make: Make) -> Capture:
    """A capture of today: the ladder's clock is the real one."""
    capture = make(published=datetime.now(UTC))
    capture.page = replace(capture.page, fetched=datetime.now(UTC))
    return capture


@pytest.fixture
def looked_after(archive: Archive) -> None:
    archive.rechecks.next_look = due_after


@pytest.mark.parametrize("decision", ["keep", "review", "drop"])
def test_an_article_that_its_user_took_off_the_topic_stays_as_it_is(
    decision: str, make: Make, keep: Keep, archive: Archive, looked_after: None
) -> None:
    keep(fresh(make))
    archive.answers.give(1, 1, "no", NOW)
    before = counts(archive)
    assert before == (0, 1, 1)
    for body in (OTHER, BODY):
        assert keep(make(body=body, decision=decision)).kinship is None
        assert counts(archive) == before
        told = "is below the topic's threshold" if decision == "drop" else ", but you said that it does not belong"
        assert one(archive, ROWS)[0] == "off-topic"
        assert one(archive, ROWS)[1].endswith(told)
    assert one(archive, "SELECT verdict, answer FROM article_topics") == ("drop", "no")


def test_an_article_that_its_user_confirmed_is_kept_in_any_words(make: Make, keep: Keep, archive: Archive) -> None:
    keep(make(decision="review"))
    archive.answers.give(1, 1, "yes", NOW)
    keep(make(body=OTHER, decision="drop"))
    assert one(archive, "SELECT verdict, answer FROM article_topics") == ("keep", "yes")
    assert one(archive, ROWS) == ("stored", "a new version")
    assert counts(archive)[0] == 1


DUE = f"SELECT COUNT(*) FROM rechecks WHERE due < '{PARKED}'"


def test_an_answer_takes_an_article_off_the_ladder_and_puts_it_back(
    make: Make, keep: Keep, archive: Archive, looked_after: None
) -> None:
    keep(fresh(make))
    assert one(archive, DUE) == 1
    for answer, left in (("no", 0), ("no", 0), ("yes", 1), ("yes", 1)):
        archive.answers.give(1, 1, answer, NOW)  # type: ignore[arg-type]  # yes or no
        assert one(archive, DUE) == left


def test_what_came_from_the_past_stays_off_the_ladder_whatever_is_said(
    make: Make, keep: Keep, archive: Archive
) -> None:
    keep(fresh(make))
    for answer in ("no", "yes"):
        archive.answers.give(1, 1, answer, NOW)  # type: ignore[arg-type]  # yes or no
    assert counts(archive)[2] == 0


def test_a_topic_that_dropped_an_article_is_not_due_when_another_looks_at_it(
    make: Make, keep: Keep, archive: Archive, looked_after: None
) -> None:
    """And the topic that takes in what only such a one has looks at it soon."""
    keep(fresh(make))
    archive.answers.give(1, 1, "no", NOW)
    other = archive.topics.ensure("wells", "", "")
    source = archive.sources.ensure("feeds", "https://courier.example/feed", "courier.example")
    archive.candidates.note(other, source, [CandidateRow(url=URL, host="courier.example")], NOW)
    number = one(archive, f"SELECT id FROM candidates WHERE topic_id = {other}")
    row = MembershipRow(topic_id=other, score=0.8, verdict="keep", matched="[]")
    archive.acquaintances.settle(1, row, OutcomeRow(candidate_id=number, state="stored"), NOW)
    assert archive.db.execute(DUE.replace("COUNT(*)", "candidate_id")).fetchall() == [(number,)]
    archive.candidates.finish(OutcomeRow(candidate_id=number, state="unchanged", is_look=True), text_of(now()) or "")
    assert archive.db.execute(DUE.replace("COUNT(*)", "candidate_id")).fetchall() == [(number,)]
    archive.answers.give(1, 1, "yes", NOW)
    assert one(archive, DUE) == 2
    assert one(archive, "SELECT COUNT(DISTINCT due) FROM rechecks") == 1


def test_a_page_out_of_the_past_says_nothing_of_how_the_text_of_now_belongs(
    make: Make, keep: Keep, archive: Archive
) -> None:
    keep(make())
    capture = make(body=OTHER, decision="drop")
    assert capture.verdict is not None
    capture.verdict = replace(capture.verdict, score=0.1)
    capture.page = replace(capture.page, captured=capture.page.fetched - timedelta(days=9))
    keep(capture)
    assert one(archive, "SELECT verdict, score FROM article_topics") == ("keep", 0.9)


def test_where_the_new_text_belongs_to_a_topic_that_had_dropped_it_the_link_does_too(
    make: Make, keep: Keep, archive: Archive
) -> None:
    keep(make())
    other = archive.topics.ensure("wells", "", "[terms]\nwells = 5\n[thresholds]\nkeep = 0.01\nreview = 0.01\n")
    source = archive.sources.ensure("feeds", "https://courier.example/feed", "courier.example")
    archive.candidates.note(other, source, [CandidateRow(url=URL, host="courier.example")], NOW)
    number = one(archive, f"SELECT id FROM candidates WHERE topic_id = {other}")
    archive.candidates.finish(OutcomeRow(candidate_id=number, state="off-topic", reason="score 0.00"), NOW)
    with archive.writing() as db:
        db.execute(
            "INSERT INTO article_topics (article_id, topic_id, score, verdict) VALUES (1, ?, 0, 'drop')", [other]
        )
    keep(make(body=f"{BODY}\nThe wells of the wells district and the wells beside it ran dry."))
    assert one(archive, f"SELECT verdict FROM article_topics WHERE topic_id = {other}") == "keep"
    assert one(archive, f"SELECT state FROM candidates WHERE id = {number}") == "stored"


def test_a_judgement_that_an_answer_came_before_changes_no_link(make: Make, keep: Keep, archive: Archive) -> None:
    """The user says yes between the moment when `rescore` reads a text and the moment when it writes its verdict."""
    keep(make(decision="review"))
    (text,) = archive.memberships.texts(1, 0, 10)
    archive.answers.give(1, 1, "yes", NOW)
    archive.memberships.put(text, MembershipRow(topic_id=1, score=0.1, verdict="drop", matched="[]", reason="low"))
    assert one(archive, "SELECT verdict FROM article_topics") == "keep"
    assert one(archive, ROWS)[0] == "stored"
