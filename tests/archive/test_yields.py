from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from archive.rows import CandidateRow, CaptureRows, OutcomeRow
from archive.store import Archive
from archive.yields import Yields

NOW = "2019-02-01T12:00:00Z"


@pytest.fixture
def source(archive: Archive) -> int:
    return archive.sources.ensure("feeds", "https://a.example/feed", "a.example")


def end(archive: Archive, source: int, url: str, *states: str, topic: int = 1) -> None:
    """Announce a link and write these outcomes of it, one after the other."""
    host = url.split("/")[2]
    archive.candidates.note(topic, source, [CandidateRow(url=url, host=host, score=0.5)], NOW)
    query = "SELECT id FROM candidates WHERE topic_id = ? AND url = ?"
    number = archive.db.execute(query, [topic, url]).fetchone()[0]
    for state in states:
        archive.candidates.finish(OutcomeRow(candidate_id=number, state=state), NOW)


def test_kept_and_dropped_pages_are_counted_by_host(archive: Archive, source: int) -> None:
    end(archive, source, "https://a.example/1", "stored")
    end(archive, source, "https://a.example/2", "stored")
    end(archive, source, "https://a.example/3", "off-topic")
    end(archive, source, "https://b.example/1", "off-topic")
    found = Yields(archive).of(1, ["a.example", "b.example", "c.example", "a.example"])
    assert found == {"a.example": (2, 1), "b.example": (0, 1)}


def test_only_the_hosts_asked_for_are_told(archive: Archive, source: int) -> None:
    end(archive, source, "https://a.example/1", "stored")
    assert Yields(archive).of(1, ["b.example"]) == {}
    assert Yields(archive).of(1, []) == {}


def test_topics_have_their_own_yields(archive: Archive, source: int) -> None:
    other = archive.topics.ensure("other", "", "")
    end(archive, source, "https://a.example/1", "stored")
    end(archive, source, "https://a.example/1", "off-topic", topic=other)
    assert Yields(archive).of(1, ["a.example"]) == {"a.example": (1, 0)}
    assert Yields(archive).of(other, ["a.example"]) == {"a.example": (0, 1)}


@pytest.mark.parametrize(
    ("states", "kept", "dropped"),
    [
        pytest.param(("stored", "stored"), 1, 0, id="a new version"),
        pytest.param(("stored", "unchanged", "stored"), 1, 0, id="a new version after a look that found none"),
        pytest.param(("stored", "off-topic"), 1, 0, id="an article that was rewritten"),
        pytest.param(("off-topic", "off-topic"), 0, 1, id="dropped twice"),
        pytest.param(("off-topic", "stored"), 0, 1, id="kept after all"),
        pytest.param(("failed", "failed", "stored"), 1, 0, id="fetched at the third try"),
        pytest.param(("waiting", "off-topic"), 0, 1, id="put back once"),
    ],
)
def test_a_link_counts_once(archive: Archive, source: int, states: tuple[str, ...], kept: int, dropped: int) -> None:
    end(archive, source, "https://a.example/1", *states)
    assert Yields(archive).of(1, ["a.example"]) == {"a.example": (kept, dropped)}


@pytest.mark.parametrize("state", ["unchanged", "duplicate", "not-an-article", "refused", "failed", "waiting"])
def test_outcomes_that_say_nothing_of_the_topic_count_nothing(archive: Archive, source: int, state: str) -> None:
    end(archive, source, "https://a.example/1", state)
    assert Yields(archive).of(1, ["a.example"]) == {}


def test_a_stored_capture_counts_in_its_own_transaction(archive: Archive, rows: Callable[..., CaptureRows]) -> None:
    archive.articles.store(rows(1), NOW)
    assert Yields(archive).of(1, ["wire.example"]) == {"wire.example": (1, 0)}
    archive.db.execute("CREATE TRIGGER full BEFORE UPDATE ON candidates BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(sqlite3.IntegrityError):
        archive.articles.store(rows(2), NOW)
    assert Yields(archive).of(1, ["wire.example"]) == {"wire.example": (1, 0)}


def test_a_hostile_host_is_only_a_text(archive: Archive, source: int) -> None:
    host = """x'"]) OR 1=1 --"""
    end(archive, source, f"https://{host.replace('/', '')}/1", "stored")
    assert Yields(archive).of(1, [host]) == {host: (1, 0)}
