"""One article, looked at again and again: what becomes of it in the stages that follow its reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.store import Archive
from pipelines.items import Capture
from tests.pipelines.stages.conftest import BODY

Make = Callable[..., Capture]
Keep = Callable[[Capture], Capture]
Look = Callable[..., str]

FIRST, OTHER, THIRD = BODY, BODY.replace("two\npoints", "three\npoints"), f"{BODY}\nNobody knows why."
DAY = datetime(2021, 8, 15, tzinfo=UTC)


@pytest.fixture
def look(make: Make, keep: Keep) -> Look:
    """Look at the page of the one article; what becomes of it. Its bytes are others every time."""
    count = iter(range(1_000))

    def looked(body: str = FIRST, *, modified: datetime | None = None, captured: bool = False, **facts: str) -> str:
        capture = make(body=body, html=f"<html>{next(count)}".encode(), **facts)
        assert capture.article is not None
        capture.article = replace(capture.article, modified=modified)
        if captured:
            capture.page = replace(capture.page, captured=capture.page.fetched + timedelta(days=400))
        kinship = keep(capture).kinship
        assert kinship is not None
        return kinship.change

    return looked


def events(archive: Archive) -> list[tuple[str, str]]:
    return archive.db.execute("SELECT kind, detail FROM events ORDER BY id").fetchall()


def texts(archive: Archive) -> list[str]:
    query = "SELECT body FROM articles UNION ALL SELECT body FROM versions"
    return [body for (body,) in archive.db.execute(query).fetchall()]


def reason(archive: Archive) -> tuple[str, str]:
    found: tuple[str, str] = archive.db.execute("SELECT state, reason FROM candidates").fetchone()
    return found


def test_a_boring_change_leaves_the_text_and_is_told_once(look: Look, archive: Archive) -> None:
    look()
    drawn = FIRST.replace(", ", " , ").replace("-", "–")
    assert [look(body) for body in (drawn, drawn, FIRST, drawn)] == ["unchanged"] * 4
    assert reason(archive) == ("unchanged", "the page changed and says the same: typography")
    assert look(FIRST.replace("\n", " ")) == "unchanged"
    assert events(archive) == [("boring", "typography"), ("boring", "white space")]
    assert texts(archive) == [FIRST]
    assert archive.db.execute("SELECT COUNT(*) FROM records").fetchone() == (1,)


def test_small_steps_are_each_compared_with_the_text_that_was_kept(look: Look, archive: Archive) -> None:
    steps = ("3 minutes ago", "2 hours ago", "2 days ago")
    assert [look(FIRST.replace("on Sunday", step)) for step in steps] == ["new", "unchanged", "version"]
    assert len(texts(archive)) == 2


def test_flapping_between_two_texts_makes_no_versions(look: Look, archive: Archive) -> None:
    shown = [FIRST, OTHER, FIRST, OTHER, FIRST, OTHER, FIRST]
    changes = ["new", "version", "flapping", "unchanged", "flapping", "unchanged", "flapping"]
    assert [look(body) for body in shown] == changes
    assert texts(archive) == [OTHER, FIRST]
    assert events(archive) == [("flapping", "2021-08-15T12:00:00Z")]
    assert reason(archive)[1] == "an earlier text of it is shown again, that of 2021-08-15T12:00:00Z"


def test_an_earlier_text_that_stays_is_the_text_again_and_no_version(look: Look, archive: Archive) -> None:
    shown = [FIRST, OTHER, THIRD, FIRST, FIRST, FIRST]
    assert [look(body) for body in shown] == ["new", "version", "version", "flapping", "restored", "unchanged"]
    assert texts(archive) == [FIRST, OTHER, THIRD]
    assert [kind for kind, _ in events(archive)] == ["flapping", "restored"]
    hashes = "SELECT a.words_hash = (SELECT words_hash FROM articles), COUNT(*) FROM articles AS a"
    assert archive.db.execute(hashes).fetchone() == (1, 1)
    assert look(OTHER) == "flapping"


def test_two_earlier_texts_in_turn_are_none_that_stays(look: Look, archive: Archive) -> None:
    for body in (FIRST, OTHER, THIRD):
        look(body)
    with archive.writing() as db:  # all looks of a test are at noon, and earlier texts are told apart by their time
        db.execute("UPDATE versions SET fetched = '2021-08-14T12:00:00Z' WHERE id = 1")
    assert [look(body) for body in (FIRST, OTHER, FIRST, OTHER)] == ["flapping"] * 4


def test_an_earlier_text_in_other_type_is_that_text(look: Look, archive: Archive) -> None:
    drawn = FIRST.replace(", ", " , ")
    assert [look(body) for body in (FIRST, OTHER, drawn, drawn)] == ["new", "version", "flapping", "restored"]
    assert texts(archive) == [FIRST, OTHER]
    assert look(FIRST) == "unchanged"


@pytest.mark.parametrize(
    ("days", "changes"),
    [
        ((1, 2, 3), ["new", "version", "restored"]),
        ((1, 2, 1, 1, 1), ["new", "version", "flapping", "flapping", "flapping"]),
        ((1, 1, 1, 1), ["new", "version", "flapping", "restored"]),
    ],
    ids=["modified later", "an old copy", "modified at the same time"],
)
def test_when_a_page_was_modified_says_whether_an_earlier_text_is_back(
    look: Look, days: tuple[int, ...], changes: list[str]
) -> None:
    shown = [FIRST, OTHER, *[FIRST] * 3]
    found = [look(body, modified=DAY + timedelta(days=day)) for body, day in zip(shown, days, strict=False)]
    assert found == changes


def test_a_new_text_that_is_off_the_topic_is_a_version_for_somebody_to_look_at(look: Look, archive: Archive) -> None:
    look()
    assert look(THIRD, decision="drop") == "version"
    assert archive.db.execute("SELECT verdict FROM article_topics").fetchall() == [("review",)]
    assert reason(archive)[0] == "stored"
    assert texts(archive) == [THIRD, FIRST]


def test_what_another_topic_has_is_left_where_it_is_off_the_topic(make: Make, keep: Keep, archive: Archive) -> None:
    keep(make())
    with archive.writing() as db:
        db.execute("INSERT INTO topics (name) VALUES ('other')")
        db.execute("UPDATE article_topics SET topic_id = 2")
    dropped = keep(make(decision="drop", body=OTHER))
    assert dropped.kinship is None
    assert reason(archive)[0] == "off-topic"


def test_a_correction_is_an_event_with_its_words(look: Look, archive: Archive) -> None:
    notice = "Correction: An earlier version of this article gave another number of points."
    look()
    assert look(f"{OTHER}\n{notice}") == "version"
    assert look(f"{OTHER}\nThe talks go on.\n{notice}") == "version"
    assert events(archive) == [("correction", notice)]


def test_a_notice_in_the_first_text_is_told_too(look: Look, archive: Archive) -> None:
    look(f"{FIRST}\nUpdate: The talks are over.")
    assert events(archive) == [("update", "Update: The talks are over.")]


def test_a_page_that_answers_again_is_back_and_one_out_of_an_archive_is_not(look: Look, archive: Archive) -> None:
    look()
    with archive.writing():
        archive.events.missed(1, 1, "gone: HTTP 410", "2021-08-16T12:00:00Z", is_sure=True)
    look(captured=True)
    assert [kind for kind, _ in events(archive)] == ["removed"]
    look()
    assert [kind for kind, _ in events(archive)] == ["removed", "returned"]
    assert archive.db.execute("SELECT removed FROM articles").fetchone() == (None,)
