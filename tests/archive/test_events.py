from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.events import DATING, MEANINGS, QUOTING
from archive.rows import CaptureRows, EventRow
from archive.store import Archive

NOW, LATER, LATEST = "2019-02-01T12:00:00Z", "2019-02-02T12:00:00Z", "2019-02-03T12:00:00Z"
Make = Callable[..., CaptureRows]


def events(archive: Archive) -> list[tuple[str, str, str]]:
    return archive.db.execute("SELECT kind, at, detail FROM events ORDER BY id").fetchall()


def since(archive: Archive) -> str | None:
    found: str | None = archive.db.execute("SELECT removed FROM articles WHERE id = 1").fetchone()[0]
    return found


def test_an_event_is_written_once_however_often_a_page_shows_it(archive: Archive, rows: Make) -> None:
    first = archive.articles.store(rows(1), NOW)
    seen = (EventRow(kind="boring", detail="counter"), EventRow(kind="update", detail="Update: more."))
    for at, some in ((NOW, seen[:1]), (LATER, seen), (LATEST, seen)):
        archive.articles.store(replace(rows(1, change="unchanged", article_id=first), events=some), at)
    assert events(archive) == [("boring", NOW, "counter"), ("update", LATER, "Update: more.")]


def test_a_page_that_may_be_missing_by_a_hiccup_is_gone_at_the_second_look(archive: Archive, rows: Make) -> None:
    captured = rows(1)
    article, candidate = archive.articles.store(captured, NOW), captured.outcome.candidate_id
    gone = replace(captured.outcome, state="gone", reason="gone: HTTP 404")
    assert not archive.events.missed(article, candidate, "gone: HTTP 404", NOW, is_sure=False)
    archive.candidates.finish(gone, NOW)
    assert (since(archive), events(archive)) == (None, [])
    assert archive.events.missed(article, candidate, "gone: HTTP 404", LATER, is_sure=False)
    assert not archive.events.missed(article, candidate, "gone: HTTP 404", LATEST, is_sure=False)
    assert (since(archive), events(archive)) == (LATER, [("removed", LATER, "gone: HTTP 404")])


def test_a_hiccup_is_forgotten_when_the_page_answers_again(archive: Archive, rows: Make) -> None:
    captured = rows(1)
    article, candidate = archive.articles.store(captured, NOW), captured.outcome.candidate_id
    for state in ("gone", "unchanged", "gone"):
        if state == "gone":
            assert not archive.events.missed(article, candidate, "gone: HTTP 404", NOW, is_sure=False)
        archive.candidates.finish(replace(captured.outcome, state=state), NOW)
    assert events(archive) == []


def test_a_page_can_go_and_come_back_again_and_again(archive: Archive, rows: Make) -> None:
    captured = rows(1)
    article = archive.articles.store(captured, NOW)
    assert not archive.events.answered(article, NOW)
    assert archive.events.missed(article, captured.outcome.candidate_id, "gone: HTTP 410", NOW, is_sure=True)
    assert archive.events.answered(article, LATER)
    assert since(archive) is None
    assert archive.events.missed(article, captured.outcome.candidate_id, "gone: HTTP 410", LATEST, is_sure=True)
    back = replace(rows(1, change="unchanged", article_id=article), events=(EventRow(kind="returned"),))
    archive.articles.store(back, LATEST)
    assert [kind for kind, _, _ in events(archive)] == ["removed", "returned"] * 2


def test_a_text_that_is_back_changes_places_with_the_one_of_now(archive: Archive, rows: Make) -> None:
    def texts() -> list[tuple[str, ...]]:
        return archive.db.execute(
            "SELECT body, content_hash FROM articles UNION ALL SELECT body, content_hash FROM versions"
        ).fetchall()

    first = archive.articles.store(rows(1, body="One."), NOW)
    archive.articles.store(rows(1, change="version", article_id=first, body="Two."), LATER)
    archive.articles.store(rows(1, change="version", article_id=first, body="Three."), LATER)
    assert [body for body, _ in texts()] == ["Three.", "One.", "Two."]
    back = rows(1, change="restored", article_id=first, body=" One.", content_hash="cOne.", fetched=LATEST)
    archive.articles.store(back, LATEST)
    assert texts() == [("One.", "cOne."), ("Two.", "cTwo."), ("Three.", "cThree.")]
    assert archive.db.execute("SELECT fetched FROM articles").fetchone() == (LATEST,)
    archive.db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")


def test_a_page_that_shows_an_earlier_text_changes_neither_its_score_nor_what_makes_the_next_request_conditional(
    archive: Archive, rows: Make
) -> None:
    first = archive.articles.store(rows(1), NOW)
    tables = ("articles", "versions", "article_topics", "validators", "sketches")
    before = [archive.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables]
    shown = rows(1, change="flapping", article_id=first, body="Other.")
    archive.articles.store(replace(shown, membership=replace(shown.membership, score=0.1)), LATER)
    assert [archive.db.execute(f"SELECT * FROM {table}").fetchall() for table in tables] == before


def test_earlier_texts_come_with_the_one_of_the_same_content_first(archive: Archive, rows: Make) -> None:
    first = archive.articles.store(rows(1, body="One."), NOW)
    for body in ("Two.", "Three.", "Four."):
        archive.articles.store(rows(1, change="version", article_id=first, body=body), LATER)
    assert [text.body for text in archive.texts.earlier(first, "cOne.")] == ["One.", "Three.", "Two."]
    assert archive.texts.now(first).body == "Four."


@pytest.mark.parametrize("kind", sorted(QUOTING | DATING))
def test_every_event_has_a_meaning(kind: str) -> None:
    assert MEANINGS[kind]
