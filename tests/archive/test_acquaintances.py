"""Links of one topic whose article came in for another."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import replace

import pytest

from archive.records import insert_record
from archive.rows import CandidateRow, CaptureRows, MembershipRow, OutcomeRow, RecordRow
from archive.store import Archive

NOW = "2019-02-01T12:00:00Z"
Rows = Callable[..., CaptureRows]
OWN, AMP, LATEST = ("https://wire.example/1", "https://wire.example/1/amp", "https://wire.example/latest")


@pytest.fixture
def other(archive: Archive, rows: Rows) -> int:
    """A second topic to which three addresses of one article were announced, and that of another page."""
    made = rows(1)
    archive.articles.store(replace(made, aliases=((AMP, "amp"), (LATEST, "redirected"))), NOW)
    topic = archive.topics.ensure("ports", "", "")
    announced = [CandidateRow(url=url, host="wire.example") for url in (OWN, AMP, LATEST, "https://wire.example/2")]
    archive.candidates.note(topic, 1, announced, NOW)
    return topic


def urls(archive: Archive, found: Container[int]) -> set[str]:
    return {url for number, url in archive.db.execute("SELECT id, url FROM candidates").fetchall() if number in found}


def test_an_address_that_only_led_to_an_article_is_believed_for_a_while(archive: Archive, other: int) -> None:
    ids = [number for (number,) in archive.db.execute("SELECT id FROM candidates WHERE topic_id = ?", [other])]
    assert urls(archive, archive.acquaintances.of(ids, "2019-01-25T00:00:00Z")) == {OWN, AMP, LATEST}
    assert urls(archive, archive.acquaintances.of(ids, "2019-02-02T00:00:00Z")) == {OWN, AMP}


@pytest.mark.parametrize(("verdict", "members"), [("keep", 2), ("review", 2), ("drop", 1)])
def test_one_is_settled_without_a_share_of_its_host(archive: Archive, other: int, verdict: str, members: int) -> None:
    run = archive.runs.start(other, NOW)
    (first, *_) = archive.candidates.take(other, run, 9, 9, NOW)
    belongs = MembershipRow(topic_id=other, score=0.4, verdict=verdict, matched="[]")
    state = "off-topic" if verdict == "drop" else "stored"
    archive.acquaintances.settle(1, belongs, OutcomeRow(candidate_id=first.id, state=state), NOW)
    assert archive.db.execute("SELECT state, run_id FROM candidates WHERE id = ?", [first.id]).fetchone() == (
        state,
        None,
    )
    assert archive.db.execute("SELECT COUNT(*) FROM article_topics").fetchone() == (members,)
    still = archive.acquaintances.of([first.id], NOW)
    assert bool(still) == (verdict == "drop")


def test_a_record_that_is_there_already_keeps_its_id(archive: Archive) -> None:
    record = RecordRow(
        url=OWN, fetched=NOW, status=200, digest="sha1:1", warc_file="a.warc.gz", warc_offset=9, warc_length=9
    )
    with archive.writing() as db:
        first = insert_record(db, record)
        assert insert_record(db, record) == first
