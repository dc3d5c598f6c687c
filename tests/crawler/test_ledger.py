from __future__ import annotations

from datetime import UTC, date, datetime

from archive.rows import QuestionRow
from crawler.ledger import asked_about, question_of
from pipelines.topic import Topic

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_the_ledger_is_asked_about_some_days_around_the_window() -> None:
    topic = Topic(name="talks", since=date(2019, 3, 1), until=date(2019, 3, 31))
    assert asked_about(topic, NOW) == ("2019-01-20T00:00:00Z", "2019-05-11T00:00:00Z")
    assert asked_about(Topic(name="talks"), NOW)[0].startswith("199")


def test_a_line_that_does_not_say_when_it_was_asked_is_none() -> None:
    row = QuestionRow(place="https://gdelt.example/", status="complete", asked="", since="2019-03-01T00:00:00Z")
    assert question_of(row) is None


def test_a_line_is_taken_with_its_times() -> None:
    row = QuestionRow(place="x", status="saturated", asked="2026-05-01T12:00:00Z", resume="halved")
    question = question_of(row)
    assert question is not None
    assert (question.place, question.asked, question.since, question.resume) == ("x", NOW, None, "halved")
