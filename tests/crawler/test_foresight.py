"""What links are worth when they are handed out, on a real archive."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.rows import CandidateRow, OutcomeRow
from archive.store import Archive
from crawler.foresight import ENOUGH, Foresight

NOW = "2020-10-12T12:00:00Z"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.open(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def foresight(archive: Archive) -> Foresight:
    topic = archive.topics.ensure("court", "", "")
    return Foresight(archive=archive, topic_id=topic, language="en")


def announce(foresight: Foresight, name: str, title: str, score: float, host: str = "daily.example") -> int:
    """The id of a candidate that a feed announces."""
    archive, url = foresight.archive, f"https://{host}/{name}"
    source = archive.sources.ensure("feeds", f"https://{host}/feed", host)
    archive.candidates.note(
        foresight.topic_id, source, [CandidateRow(url=url, host=host, title=title, score=score)], NOW
    )
    return int(archive.db.execute("SELECT id FROM candidates WHERE url = ?", [url]).fetchone()[0])


def read(foresight: Foresight, name: str, title: str, *, is_kept: bool, reason: str = "score 0.05, below") -> None:
    """A page was announced, read and judged."""
    number = announce(foresight, name, title, 0.3)
    state = "stored" if is_kept else "off-topic"
    outcome = OutcomeRow(candidate_id=number, state=state, reason="" if is_kept else reason, score=0.7)
    foresight.archive.candidates.finish(outcome, NOW)


def taken(foresight: Foresight) -> list[str]:
    run = foresight.archive.runs.start(foresight.topic_id, NOW)
    rows = foresight.archive.candidates.take(foresight.topic_id, run, 10, 10, NOW, foresight.worth)
    return [row.url.rpartition("/")[2] for row in rows]


def test_what_nothing_was_read_about_keeps_its_score(foresight: Foresight) -> None:
    announce(foresight, "weak", "Senators meet", 0.3)
    announce(foresight, "strong", "Justices meet", 0.9)
    assert taken(foresight) == ["strong", "weak"]


def test_headlines_that_were_kept_raise_the_links_that_share_their_words(foresight: Foresight) -> None:
    announce(foresight, "other", "Hurricane nears the coast", 0.32)
    announce(foresight, "barrett", "Barrett faces the committee", 0.3)
    for number in range(12):
        read(foresight, f"kept{number}", f"Barrett answers question {number}", is_kept=True)
        read(foresight, f"left{number}", f"Hurricane rages for night {number}", is_kept=False)
    assert taken(foresight) == ["barrett", "other"]
    kept = "SELECT score, link_score FROM candidates WHERE url LIKE '%/barrett'"
    assert foresight.archive.db.execute(kept).fetchone() == (0.3, 0.3)


def test_a_page_that_was_dropped_for_its_day_blames_no_words(foresight: Foresight) -> None:
    for number in range(12):
        read(foresight, f"old{number}", f"Barrett in {number}", is_kept=False, reason="published 2010-01-01, before")
    assert foresight.archive.candidates.judged(foresight.topic_id, 100) == []


def test_a_host_whose_links_were_mostly_kept_comes_first(foresight: Foresight) -> None:
    announce(foresight, "a", "Court sits", 0.5, "never.example")
    announce(foresight, "b", "Court sits", 0.5, "often.example")
    for host, is_kept in (("never.example", 0), ("often.example", 1)):
        foresight.archive.db.execute(
            "INSERT INTO yields VALUES (?, ?, ?, ?)", [foresight.topic_id, host, 40 * is_kept, 40 * (1 - is_kept)]
        )
    assert taken(foresight) == ["b", "a"]


def test_lessons_are_learnt_again_only_after_enough_pages(foresight: Foresight) -> None:
    foresight.learn()
    for number in range(ENOUGH - 1):
        read(foresight, f"kept{number}", f"Barrett answers question {number}", is_kept=True)
    foresight.learn()
    assert foresight.learnt == {}
    read(foresight, "one-more", "Barrett answers once more", is_kept=True)
    foresight.learn()
    assert foresight.learnt["barrett"] > 0


def test_what_a_text_scored_is_not_what_its_link_had_promised(foresight: Foresight) -> None:
    read(foresight, "kept", "Barrett answers", is_kept=True)
    (row,) = foresight.archive.candidates.judged(foresight.topic_id, 10)
    assert (row.promised, row.decision) == (0.3, "keep")
