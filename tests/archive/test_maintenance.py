from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.maintenance import FEW, FINISHED_DAYS, Chore, maintained, turned_over
from archive.store import Archive
from tests.ailing import files_of, ills, sql, store, values, warc_file

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=FINISHED_DAYS + 1)
PARTS = "SELECT COUNT(DISTINCT segid) FROM articles_fts_idx"


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "data")


def chores(data: Path) -> dict[str, Chore]:
    return {chore.name: chore for chore in maintained(data, NOW)}


def scatter(data: Path) -> None:
    """Write articles one by one, so that the full-text index lies in many parts."""
    with closing(Archive.open(data)) as archive, closing(files_of(data, archive.db)) as files:
        archive.db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('automerge', 0)")
        for number in range(100, 104):
            store(archive, files, number)


def test_a_scattered_index_is_brought_together_and_says_the_same(data: Path) -> None:
    scatter(data)
    query = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'envoys' ORDER BY rowid"
    before = values(data, query)
    assert values(data, PARTS)[0] > FEW
    assert chores(data)["search index"].is_done
    assert values(data, PARTS) == [1]
    assert values(data, query) == before
    assert ills(data, least="warning") == []


def test_what_is_together_is_left_alone(data: Path) -> None:
    before = values(data, "SELECT block FROM articles_fts_data ORDER BY id")
    chores(data)
    assert values(data, "SELECT block FROM articles_fts_data ORDER BY id") == before


def test_a_night_writes_no_more_than_its_share(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.maintenance.NIGHTLY", 0)
    scatter(data)
    chore = chores(data)["search index"]
    assert "the next night" in chore.text
    assert not chore.is_done


def test_the_planner_is_told_how_tables_are_filled(data: Path) -> None:
    chores(data)
    tables = set(values(data, "SELECT tbl FROM sqlite_stat1"))
    assert {"articles", "candidates", "records"} <= tables
    assert not any(str(table).startswith("articles_fts") for table in tables)


def test_the_log_is_emptied(data: Path) -> None:
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("UPDATE runs SET outcome = 'x'")
        db.commit()
        assert chores(data)["log"].is_done
        assert (data / "news.db-wal").stat().st_size == 0


def test_a_reader_that_holds_the_log_is_told_and_not_waited_for(data: Path) -> None:
    with closing(sqlite3.connect(data / "news.db")) as db:
        db.execute("BEGIN")
        db.execute("SELECT COUNT(*) FROM runs").fetchone()
        sql(data, "UPDATE runs SET outcome = 'x'")
        chore = chores(data)["log"]
    assert "a reader holds the rest" in chore.text
    assert not chore.is_done


def test_old_days_of_sources_are_forgotten(data: Path) -> None:
    sql(data, "DELETE FROM source_days")
    assert "0 days" in chores(data)["forgetting"].text
    sql(data, f"INSERT INTO source_days (source_id, day) VALUES (1, '2001-01-01'), (1, '{NOW:%Y-%m-%d}')")
    assert "1 days" in chores(data)["forgetting"].text
    assert values(data, "SELECT day FROM source_days") == [f"{NOW:%Y-%m-%d}"]


def test_free_pages_are_given_back_where_the_database_was_made_to(data: Path) -> None:
    assert "free pages" not in chores(data)
    sql(data, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = DELETE; VACUUM; PRAGMA journal_mode = WAL")
    sql(data, "CREATE TABLE large AS SELECT zeroblob(100000); DROP TABLE large")
    assert "given back" in chores(data)["free pages"].text
    assert values(data, "PRAGMA freelist_count") == [0]


def test_an_old_warc_file_is_finished_and_records_go_into_a_new_one(data: Path) -> None:
    old = warc_file(data)
    before = old.read_bytes()
    assert "not 7 days old" in turned_over(data, NOW).text
    assert old.name in turned_over(data, LATER).text
    assert "not 7 days old, or empty" in turned_over(data, LATER + timedelta(days=99)).text
    assert ills(data, least="warning") == []
    with closing(Archive.open(data)) as archive, closing(files_of(data, archive.db)) as files:
        store(archive, files, 100)
    assert old.read_bytes() == before
    assert len([*(data / "warc").iterdir()]) == 2
    assert ills(data, least="warning") == []


def test_what_a_killed_crawl_left_behind_is_cut_off_before_a_file_is_finished(data: Path) -> None:
    old = warc_file(data)
    before = old.read_bytes()
    with old.open("ab") as file:
        file.write(before[:100])
    turned_over(data, LATER)
    assert old.read_bytes() == before


def test_a_new_file_that_was_torn_is_begun_again(data: Path) -> None:
    turned_over(data, LATER)
    new = max((data / "warc").iterdir())
    whole = new.stat().st_size
    for size in (0, 1, whole // 2):
        with new.open("r+b") as file:
            file.truncate(size)
        with closing(Archive.open(data)) as archive, closing(files_of(data, archive.db)) as files:
            store(archive, files, 100 + size)
            archive.db.execute("UPDATE articles SET record_id = NULL")
            archive.db.execute("UPDATE versions SET record_id = NULL")
            archive.db.execute("DELETE FROM records WHERE warc_file = ?", [new.name])
            archive.db.conn.commit()
        assert new.stat().st_size > whole
