from __future__ import annotations

from pathlib import Path

import pytest

from archive.merging.merge import Rules
from archive.rows import CandidateRow, QuestionRow
from archive.store import Archive
from tests.dumped import dumped
from tests.machines import joined

NOW, LATER = "2021-08-15T12:00:00Z", "2021-08-15T13:00:00Z"


def asked(folder: Path, *, ended: bool, answer: str = "complete", at: str = NOW) -> Path:
    """An archive with one run, which may be going on, and one question."""
    archive = Archive.open(folder)
    topic = archive.topics.ensure("talks", "Talks", "")
    run = archive.runs.start(topic, NOW)
    source = archive.sources.ensure("gdelt", "https://search.example/", "search.example", "The search")
    question = QuestionRow(place="", status=answer, asked=at, query="talks", since=NOW, until=LATER, found=3)
    archive.coverage.note(run, source, question)
    archive.sources.answered(source, answer, "", at, found=3, new=3)
    archive.hosts.rest("slow.example", at, "HTTP 429")
    if ended:
        archive.runs.finish(run, "finished", {"found": 3}, LATER)
    archive.close()
    return folder


def test_a_run_that_went_on_when_it_was_merged_first_is_one_run(tmp_path: Path, known: Rules) -> None:
    early = asked(tmp_path / "early", ended=False, answer="failed")
    late = asked(tmp_path / "late", ended=True, at=LATER)
    one, other = tmp_path / "one", tmp_path / "other"
    joined(one, [early, late], known)
    joined(other, [late, early, late], known)
    assert dumped(one) == dumped(other)
    # Both count the question that failed too, which the later one, made anew by this test, has not asked.
    assert dumped(one, but=frozenset({"source_days"})) == dumped(late, but=frozenset({"source_days"}))


def test_of_two_counts_of_a_day_the_greater_holds_and_a_day_that_is_none_is_left_out(
    tmp_path: Path, known: Rules
) -> None:
    asked(tmp_path / "first", ended=True)
    archive = Archive.open(asked(tmp_path / "second", ended=True, answer="failed"))
    with archive.writing() as db:
        db.execute("UPDATE source_days SET items = 7, reason = 'HTTP 500'")
        db.execute("INSERT INTO source_days (source_id, day) VALUES (1, '2021-02-30'), (1, 'tomorrow')")
    archive.close()
    for order in (["first", "second"], ["second", "first", "second"]):
        joined(tmp_path / "-".join(order), [tmp_path / name for name in order], known)
        (day,) = dumped(tmp_path / "-".join(order))["source_days"]
        assert "'asked': 1, 'answered': 1, 'failed': 1, 'items': 7, 'fresh': 0, 'new_items': 3" in day
        assert "'reason': 'HTTP 500'" in day


def test_what_the_last_question_to_a_source_said_holds(tmp_path: Path, known: Rules) -> None:
    failed = asked(tmp_path / "failed", ended=True, answer="failed", at=LATER)
    good = asked(tmp_path / "good", ended=True)
    joined(good, [failed], known)
    (source,) = dumped(good)["sources"]
    assert "'last_status': 'failed'" in source
    assert f"'last_success': '{NOW}'" in source
    assert dumped(good)["hosts"] == [str({"host": "slow.example", "rests_until": LATER, "reason": "HTTP 429"})]
    archive = Archive.open(good)
    assert [one.status for one in archive.coverage.asked(1, "gdelt", NOW, LATER)][-2:] == ["failed", "failed"]
    archive.close()


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("waiting", "pruned"), ("off-topic", "pruned"), ("failed", "pruned"), ("stored", "stored"), ("", "pruned")],
)
def test_what_one_has_pruned_the_other_does_not_fetch(state: str, outcome: str, tmp_path: Path, known: Rules) -> None:
    for name, mine in (("pruned", "pruned"), ("other", state)):
        archive = Archive.open(asked(tmp_path / name, ended=True))
        if mine:
            row = CandidateRow(url="https://wire.example/a", host="wire.example", title="Talks")
            archive.candidates.note(1, 1, [row], NOW)
            with archive.writing() as db:
                db.execute("UPDATE candidates SET state = ?, checked = ?", [mine, NOW])
        archive.close()
    for order in (["pruned", "other"], ["other", "pruned", "other"]):
        joined(tmp_path / "-".join(order), [tmp_path / name for name in order], known)
        (link,) = dumped(tmp_path / "-".join(order))["candidates"]
        assert f"'state': '{outcome}'" in link


def test_a_rest_or_a_pause_that_would_never_end_is_not_taken_over(tmp_path: Path, known: Rules) -> None:
    archive = Archive.open(asked(tmp_path / "hostile", ended=True))
    archive.hosts.rest("other.example", "9999-12-31T23:59:59Z", "HTTP 429")
    with archive.writing() as db:
        db.execute("UPDATE sources SET pause_minutes = 1000000000000")
    archive.close()
    joined(tmp_path / "here", [tmp_path / "hostile"], known)
    assert not [host for host in dumped(tmp_path / "here")["hosts"] if "other.example" in host]
    assert "1000000000000" not in str(dumped(tmp_path / "here")["sources"])
