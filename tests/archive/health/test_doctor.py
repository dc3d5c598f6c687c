from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from archive.health.doctor import EXAMINATIONS, examined
from archive.health.patient import Patient
from archive.lock import CrawlLock
from archive.store import Archive
from tests.ailing import NOW, files_of, ills, mended, overwrite, patient, sql, store, values, warc_file

Plant = Callable[[Path], None]


def told(data: Path, **options: bool) -> set[str]:
    return {one.examination for one in ills(data, **options)}


def by_sql(script: str) -> Plant:
    return lambda data: sql(data, script)


def damage_a_record(data: Path) -> None:
    offset, length = values(data, "SELECT warc_offset + warc_length / 2 FROM records WHERE id = 3")[0], 4
    overwrite(warc_file(data), offset, b"\xff" * length)


def forge_a_record(data: Path) -> None:
    sql(data, "UPDATE records SET digest = (SELECT digest FROM records WHERE id = 1) WHERE id = 2")


def move_a_record(data: Path) -> None:
    sql(data, "UPDATE records SET warc_offset = warc_offset + 1 WHERE id = 2")


def name_another_page(data: Path) -> None:
    sql(data, "UPDATE records SET url = 'https://wire.example/elsewhere' WHERE id = 2")


def point_behind_the_end(data: Path) -> None:
    sql(data, "UPDATE records SET warc_offset = 999999 WHERE id = 2")


def take_a_file_away(data: Path) -> None:
    warc_file(data).unlink()
    (data / "warc" / "dossier-20190401000000-00007.warc.gz").touch()


def name_no_file(data: Path) -> None:
    sql(data, "UPDATE records SET warc_file = '../../etc/passwd' WHERE id = 2")


def leave_a_building(data: Path) -> None:
    (data / "snapshots" / ".building").mkdir(parents=True)
    (data / "snapshots" / ".building" / "articles.csv").write_text("url\n")


FAULTS: dict[str, tuple[str, Plant]] = {
    "a full-text trigger dropped": ("schema", by_sql("DROP TRIGGER articles_au")),
    "a trigger changed": ("schema", by_sql(
        "DROP TRIGGER articles_ad; CREATE TRIGGER articles_ad AFTER DELETE ON articles BEGIN SELECT 1; END")),
    "an index dropped": ("schema", by_sql("DROP INDEX articles_published")),
    "a view dropped": ("schema", by_sql("DROP VIEW widest_stories")),
    "a view in the place of another": ("schema", by_sql(
        "DROP VIEW widest_stories; CREATE VIEW widest_stories AS SELECT 1")),
    "a text that the index does not know": ("full text", by_sql(
        "DROP TRIGGER articles_au; UPDATE articles SET body = body || ' zither' WHERE id = 2")),
    "an entry without article": ("full text", by_sql("INSERT INTO articles_fts (rowid, title) VALUES (77, 'ghost')")),
    "an article without entry": ("full text", by_sql(
        "INSERT INTO articles_fts (articles_fts, rowid, title, byline, summary, body) "
        "SELECT 'delete', id, title, byline, summary, body FROM articles WHERE id = 3")),
    "a story miscounted": ("derived data", by_sql("UPDATE stories SET size = 5 WHERE id = 1")),
    "outlets miscounted": ("derived data", by_sql("UPDATE stories SET outlets = 1 WHERE id = 1")),
    "a story of a stranger": ("derived data", by_sql("UPDATE stories SET article_id = 4 WHERE id = 1")),
    "a story of nobody": ("derived data", by_sql("INSERT INTO stories (article_id) VALUES (1)")),
    "an article without story": ("derived data", by_sql("UPDATE articles SET story_id = NULL WHERE id = 3")),
    "an article of a story that is gone": ("derived data", by_sql("DELETE FROM stories WHERE id = 2")),
    "a wrong month": ("derived data", by_sql("UPDATE articles SET month = '2018-01' WHERE id = 1")),
    "no month": ("derived data", by_sql("UPDATE articles SET month = '' WHERE id = 5")),
    "an address lost": ("derived data", by_sql("DELETE FROM aliases WHERE url = 'https://tal.example/doha'")),
    "stored without article": ("derived data", by_sql(
        "UPDATE candidates SET state = 'stored' WHERE url = 'https://wire.example/waiting'")),
    "a line miscounted": ("lines", by_sql("UPDATE furniture SET articles = 7 WHERE line_hash = 8")),
    "a line uncounted": ("lines", by_sql("DELETE FROM furniture WHERE line_hash = 7")),
    "a line of nobody": ("lines", by_sql("INSERT INTO furniture VALUES (3, 99, 2)")),
    "a hash lost": ("fingerprints", by_sql("DELETE FROM fingerprints WHERE article_id = 2 AND hash = 11")),
    "a sketch out of order": ("fingerprints", by_sql(
        "UPDATE sketches SET hashes = x'0c000000000000000b00000000000000ff' WHERE article_id = 2")),
    "a hash of nobody": ("references", by_sql("INSERT INTO fingerprints VALUES (5, 900)")),
    "an alias to nothing": ("references", by_sql("INSERT INTO aliases VALUES ('https://gone.example/', 900, 'amp')")),
    "a membership of nothing": ("references", by_sql(
        "INSERT INTO article_topics (article_id, topic_id, score, verdict) VALUES (900, 1, 1.0, 'keep')")),
    "an article of a record that is gone": ("references", by_sql("UPDATE articles SET record_id = 900 WHERE id = 1")),
    "a damaged record": ("kept bytes", damage_a_record),
    "a record with another digest": ("kept bytes", forge_a_record),
    "a record beside its place": ("kept bytes", move_a_record),
    "a record of another page": ("kept bytes", name_another_page),
    "a record behind the end": ("kept bytes", point_behind_the_end),
    "a file that is gone": ("kept bytes", take_a_file_away),
    "a file of no such name": ("kept bytes", name_no_file),
    "a snapshot that was killed": ("folder", leave_a_building),
}  # fmt: skip


def test_an_archive_in_health_is_well_in_every_way(data: Path) -> None:
    found = [*examined(patient(data))]
    assert [one for one in found if one.state != "well"] == []
    assert {one.examination for one in found} == {one.name for one in EXAMINATIONS}


def test_a_quick_look_at_an_archive_in_health_finds_nothing(data: Path) -> None:
    assert ills(data, quick=True, least="warning") == []


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_and_mended_and_no_text_is_lost(data: Path, name: str) -> None:
    examination, plant = FAULTS[name]
    before = texts(data)
    plant(data)
    planted = texts(data)
    found = ills(data)
    assert examination in {one.examination for one in found}
    assert all(one.mend for one in found)
    assert mended(data, found)
    assert ills(data) == []
    assert texts(data) == planted
    assert len(planted) == len(before)
    assert values(data, "SELECT COUNT(*) FROM articles_fts WHERE articles_fts MATCH 'zither'") == [
        sum("zither" in body.lower() for body in values(data, "SELECT title || body FROM articles"))
    ]


def texts(data: Path) -> list[str]:
    query = "SELECT url || title || body FROM articles ORDER BY id"
    return values(data, query) + values(data, "SELECT title || body FROM versions ORDER BY id")


@pytest.mark.parametrize("plant", [
    "UPDATE versions SET article_id = 900",
    "INSERT INTO article_topics (article_id, topic_id, score, verdict, answer) VALUES (1, 9, 0.5, 'keep', 'yes')",
])  # fmt: skip
def test_a_fault_that_cannot_be_mended_is_told_and_left(data: Path, plant: str) -> None:
    sql(data, plant)
    before = texts(data)
    (fault,) = ills(data)
    assert (fault.examination, fault.is_mendable) == ("references", False)
    assert mended(data) == []
    assert texts(data) == before
    assert [one.what for one in ills(data)] == [fault.what]


def test_bytes_that_are_lost_leave_an_event_and_are_never_cut_from_the_file(data: Path) -> None:
    damage_a_record(data)
    last = values(data, "SELECT id FROM records ORDER BY warc_offset DESC LIMIT 1")[0]
    sql(data, f"UPDATE records SET digest = 'sha1:none' WHERE id = {last}")
    before = warc_file(data).read_bytes()
    mended(data)
    assert values(data, "SELECT detail FROM events WHERE kind = 'bytes lost'")[0].startswith("of the page fetched 2019")
    with closing(Archive.open(data)) as archive, closing(files_of(data, archive.db)) as files:
        store(archive, files, 20)
    assert warc_file(data).read_bytes() == before
    assert len([*(data / "warc").iterdir()]) == 2


def test_a_disk_that_is_not_mounted_is_no_reason_to_let_go_of_bytes(data: Path) -> None:
    (data / "warc").rename(data.parent / "elsewhere")
    (fault,) = ills(data)
    assert "mount" in fault.mend
    mended(data)
    assert len(values(data, "SELECT id FROM records")) == 7


def test_a_torn_tail_is_harmless_and_left_to_the_writer(data: Path) -> None:
    with warc_file(data).open("ab") as file:
        file.write(b"\x1f\x8b\x08 half a record")
    assert ills(data, least="warning") == []
    assert any("cuts off" in one.what for one in examined(patient(data)))


def test_records_that_the_archive_does_not_name_are_a_warning(data: Path) -> None:
    sql(data, "UPDATE articles SET record_id = NULL WHERE id = 3; DELETE FROM records WHERE id = 3")
    (found,) = ills(data, least="warning")
    assert (found.state, found.what[:8]) == ("warning", "1 record")


def test_a_whole_file_that_the_archive_does_not_name_is_a_warning(data: Path) -> None:
    shutil.copy(warc_file(data), data / "warc" / "dossier-20190301000000-00000.warc.gz")
    sql(data, "UPDATE articles SET record_id = NULL; DELETE FROM records WHERE id < 3")
    (found,) = ills(data, least="warning")
    assert found.what == "9 records in the files that the archive does not name"


def test_records_that_two_rows_name_are_a_warning(data: Path) -> None:
    columns = "url, article_id, fetched, status, digest, warc_file, warc_offset, warc_length"
    sql(data, f"INSERT INTO records ({columns}) SELECT {columns} FROM records WHERE id = 4")
    (found,) = ills(data, least="warning")
    assert found.what == "1 record that two rows name, or that lie over others"


@pytest.mark.parametrize("turn", [1, 4])
def test_a_file_that_is_written_anew_meanwhile_is_no_fault(data: Path, turn: int) -> None:
    turns = []

    def rewrite(what: str, done: int, total: int) -> None:
        turns.append(what)
        if sum(one.startswith("kept bytes") for one in turns) == turn:
            old, new = warc_file(data), data / "warc" / "dossier-20260301120000-00009.warc.gz"
            new.write_bytes(old.read_bytes())
            sql(data, f"UPDATE records SET warc_file = '{new.name}'")
            old.write_bytes(b"")

    found = [*examined(Patient(data=data, now=NOW, progress=rewrite))]
    assert [one for one in found if one.state == "fault"] == []


def test_snapshots_are_compared_with_their_sums(data: Path) -> None:
    folder = data / "snapshots" / "2026-02-01"
    folder.mkdir(parents=True)
    (folder / "articles.csv").write_text("url\n")
    (folder / "SHA256SUMS").write_text(f"{sha256(b'url' + bytes([10])).hexdigest()}  articles.csv\n")
    assert ills(data) == []
    (folder / "articles.csv").write_text("url\nhttps://forged.example/\n")
    assert [one.what for one in ills(data)] == ["2026-02-01: articles.csv is not what was written"]
    (folder / "articles.csv").unlink()
    assert [one.what for one in ills(data)] == ["2026-02-01: articles.csv is not there"]
    (folder / "SHA256SUMS").write_text(f"{'0' * 64}  ../../news.db\n")
    assert "a line that is none of it" in ills(data)[0].what


def test_a_trigger_of_somebody_else_is_a_warning(data: Path) -> None:
    sql(data, "CREATE TRIGGER mine AFTER INSERT ON runs BEGIN SELECT 1; END")
    (found,) = ills(data, least="warning")
    assert found.state == "warning"


def test_articles_of_the_future_are_a_warning(data: Path) -> None:
    sql(data, "UPDATE articles SET fetched = '2031-01-01T00:00:00Z' WHERE id = 2")
    assert [one.examination for one in ills(data, least="warning")] == ["clock"]


def test_an_older_and_a_newer_release_are_told_apart(data: Path) -> None:
    sql(data, "DELETE FROM _sqlite_migrations WHERE name = 'm009_catalogue'")
    assert [one.what for one in ills(data)] == ["written by an older dossier (without m009_catalogue)"]
    sql(data, "UPDATE _sqlite_migrations SET name = 'm999_wings' WHERE name = 'm008_judgement'")
    assert [one.what for one in ills(data)] == ["written by a newer dossier (m999_wings)"]


def test_the_holder_of_the_lock_is_named(data: Path) -> None:
    lock = CrawlLock(data)
    lock.take()
    try:
        assert any("this repair" in one.what for one in examined(patient(data)))
        (data / "crawl.lock").write_text("process 999999999 since 2026-02-28T11:00:00Z\n")
        assert any("not on this machine" in one.what for one in ills(data, least="warning"))
        (data / "crawl.lock").write_text(f"process {os.getppid()} since 2026-02-20T11:00:00Z\n")
        assert any(f"`kill {os.getppid()}`" in one.mend for one in ills(data, least="warning"))
    finally:
        lock.release()


def test_a_look_while_a_writer_commits_finds_nothing(data: Path) -> None:
    is_over = threading.Event()

    def write() -> None:
        with closing(Archive.open(data)) as archive, closing(files_of(data, archive.db)) as files:
            archive.transactions.before_commit.append(files.sync)
            number = 100
            while not is_over.is_set() or number < 110:
                store(archive, files, number)
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        found = [one for _ in range(4) for one in ills(data)]
    finally:
        is_over.set()
        writer.join()
    assert found == []
    assert len(values(data, "SELECT id FROM articles")) > 10
    assert ills(data) == []
