from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from scrapy.crawler import Crawler

from archive.records import Records
from archive.store import Archive
from archive.warc import read_record
from pipelines.items import Capture
from pipelines.stages.group import GroupPipeline
from pipelines.stages.preserve import PreservePipeline

Make = Callable[..., Capture]
Keep = Callable[[Capture], Capture]


def sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in (folder / "data" / "warc").glob("*")}


def rows(archive: Archive) -> int:
    return int(archive.db.execute("SELECT COUNT(*) FROM records").fetchone()[0])


def test_the_bytes_of_a_kept_page_can_be_read_again_by_the_row_of_its_record(
    make: Make, keep: Keep, archive: Archive, tmp_path: Path
) -> None:
    keep(make(html=b"<html>\xff the bytes as they came"))
    row = Records(archive).of_article(1)
    assert row is not None
    headers, body = read_record(tmp_path / "data" / "warc", row.warc_file, row.warc_offset, row.warc_length)
    assert body == b"<html>\xff the bytes as they came"
    assert ("Content-Type", "text/html") in headers
    assert (row.url, row.fetched, row.status) == (make().page.url, "2021-08-15T12:00:00Z", 200)


def test_every_version_has_its_own_record(make: Make, keep: Keep, archive: Archive, tmp_path: Path) -> None:
    keep(make(html=b"first"))
    keep(make(title="Later", html=b"second"))
    row = Records(archive).of_article(1)
    assert row is not None
    assert read_record(tmp_path / "data" / "warc", row.warc_file, row.warc_offset, row.warc_length)[1] == b"second"
    (earlier,) = archive.db.execute("SELECT record_id FROM versions").fetchone()
    assert archive.db.execute("SELECT warc_offset FROM records WHERE id = ?", [earlier]).fetchone()[0] < row.warc_offset


def test_the_same_bytes_again_are_a_note_of_where_they_lie(
    make: Make, keep: Keep, archive: Archive, tmp_path: Path
) -> None:
    html = bytes(range(256)) * 200
    keep(make(html=html))
    found = keep(make(html=html)).record
    assert found is not None
    assert rows(archive) == 2
    folder = tmp_path / "data" / "warc"
    assert read_record(folder, found.file, found.offset, found.length)[1] == b""
    original = Records(archive).of_article(1)
    assert original is not None
    assert original.warc_offset < found.offset
    assert original.digest == found.digest
    run = subprocess.run(
        [str(Path(sys.executable).with_name("warcio")), "check", "-v", str(folder / found.file)],
        capture_output=True,
        check=False,
    )
    assert run.returncode == 0
    assert b"revisit" in run.stdout


def test_an_unchanged_text_on_a_page_with_other_bytes_adds_nothing(
    make: Make, keep: Keep, archive: Archive, tmp_path: Path
) -> None:
    keep(make(html=b"<html>one advertisement"))
    before = sizes(tmp_path)
    assert keep(make(html=b"<html>another advertisement")).record is None
    assert sizes(tmp_path) == before
    assert rows(archive) == 1


def test_a_page_that_is_to_be_dropped_is_not_kept(make: Make, keep: Keep, archive: Archive, tmp_path: Path) -> None:
    assert keep(make(decision="drop")).record is None
    assert sizes(tmp_path) == {}


def test_a_topic_may_keep_the_pages_that_it_drops(
    make: Make, group: GroupPipeline, topic: Path, crawler: Crawler, archive: Archive
) -> None:
    topic.write_text('preserve = "all"\n' + topic.read_text(), encoding="utf-8")
    stage = PreservePipeline.from_crawler(crawler)
    try:
        assert stage.process_item(group.process_item(make(decision="drop"))).record is not None
        assert stage.process_item(group.process_item(make(decision="review"))).record is not None
    finally:
        stage.close_spider()


def test_what_a_dropped_page_left_is_entered_and_not_cut_off(
    make: Make, topic: Path, request: pytest.FixtureRequest, archive: Archive, tmp_path: Path
) -> None:
    topic.write_text('preserve = "all"\n' + topic.read_text(), encoding="utf-8")
    keep: Keep = request.getfixturevalue("keep")
    dropped = keep(
        make("https://courier.example/sport/a-long-way-to-the-cup", decision="drop", html=b"kept all the same")
    )
    keep(make())
    assert dropped.record is not None
    assert rows(archive) == 2
    found = read_record(tmp_path / "data" / "warc", dropped.record.file, dropped.record.offset, dropped.record.length)
    assert found[1] == b"kept all the same"


def test_a_record_whose_transaction_failed_gives_its_place_to_the_next(
    make: Make, keep: Keep, group: GroupPipeline, crawler: Crawler
) -> None:
    keep(make())
    stage = PreservePipeline.from_crawler(crawler)
    try:
        lost = stage.process_item(group.process_item(make(title="Never stored"))).record
    finally:
        stage.close_spider()
    found = keep(make(title="Stored")).record
    assert lost is not None
    assert found is not None
    assert (found.file, found.offset) == (lost.file, lost.offset)
