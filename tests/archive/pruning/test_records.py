from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive.pruning.note import Place
from archive.pruning.records import Departures
from archive.rows import CandidateRow, OutcomeRow, RecordRow
from archive.store import Archive
from tests.filling import NOW, fill

PAGE = RecordRow(
    url="https://wire.example/rugby", fetched=NOW, status=200, digest="sha1:7", warc_file="a.warc.gz",
    warc_offset=20_000, warc_length=70,
)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive in which two topics have dropped one page, whose bytes are kept once."""
    with closing(Archive.open(fill(tmp_path))) as archive:
        for topic in (1, archive.topics.ensure("heat", "Heat", "")):
            archive.candidates.note(topic, 1, [CandidateRow(url=PAGE.url, host="wire.example")], NOW)
            query = "SELECT id FROM candidates WHERE topic_id = ? AND url = ?"
            (number,) = archive.db.execute(query, [topic, PAGE.url]).fetchone()
            archive.candidates.finish(OutcomeRow(candidate_id=number, state="off-topic"), NOW, PAGE)
        archive.db.execute("PRAGMA foreign_keys = OFF")
        yield archive


def pages(archive: Archive) -> int:
    return int(archive.db.execute("SELECT COUNT(*) FROM records WHERE url = ?", [PAGE.url]).fetchone()[0])


def test_the_bytes_of_a_dropped_page_stay_as_long_as_one_topic_means_them(archive: Archive) -> None:
    query = "SELECT id FROM candidates WHERE record_id IS NOT NULL AND url = ? ORDER BY id"
    one, other = (number for (number,) in archive.db.execute(query, [PAGE.url]).fetchall())
    departures = Departures(archive.db, archive.folder / "warc")
    with archive.writing() as db:
        departures.of_candidates(db, [one])
        for table, column in (("sightings", "candidate_id"), ("candidates", "id")):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", [one])
    assert (pages(archive), departures.note.places()) == (1, {})
    with archive.writing() as db:
        departures.of_candidates(db, [other])
    assert pages(archive) == 0
    assert departures.note.places() == {"a.warc.gz": [Place("a.warc.gz", 20_000, 70)]}
    assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_page_that_became_an_article_after_all_leaves_no_candidate_behind_that_names_it(archive: Archive) -> None:
    with archive.writing() as db:
        db.execute("UPDATE records SET article_id = 1 WHERE url = ?", [PAGE.url])
    departures = Departures(archive.db, archive.folder / "warc")
    with archive.writing() as db:
        assert departures.of_articles(db, [1]) == 2
        db.execute("UPDATE articles SET record_id = NULL WHERE id = 1")
    assert archive.db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert len(departures.note.places()["a.warc.gz"]) == 2


def test_what_is_noted_of_a_transaction_that_failed_is_still_named(archive: Archive) -> None:
    departures = Departures(archive.db, archive.folder / "warc")

    def broken() -> None:
        with archive.writing() as db:
            departures.of_articles(db, [1])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert archive.db.execute("SELECT COUNT(*) FROM records WHERE article_id = 1").fetchone() == (1,)
