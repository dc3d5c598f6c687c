from __future__ import annotations

from pathlib import Path

from archive.merging.merge import Rules
from archive.rows import QuestionRow
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
    assert dumped(one) == dumped(other) == dumped(late)


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
