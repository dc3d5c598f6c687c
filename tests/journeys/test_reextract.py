"""Every article once more from its kept bytes: the real command on an archive of the press that we ship."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from archive.lock import CrawlLock
from archive.records import insert_record
from archive.store import Archive
from archive.warc import WarcFiles
from tests.warm import ran

TABLES = ("articles", "versions", "stories", "fingerprints", "furniture", "article_lines", "witnesses", "captions",
          "posts", "article_topics")  # fmt: skip
SPOIL = "UPDATE articles SET body = 'Zzz xyzzy.', title = 'None', content_hash = 'x', extractor = 'older' WHERE id = 1"
LARGEST = """
SELECT domain, COUNT(*) FROM articles JOIN outlets ON outlets.id = outlet_id GROUP BY domain ORDER BY 2 DESC LIMIT 1
"""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for an archive that is crawled once for all tests of this file; nobody writes into it."""
    return tmp_path_factory.mktemp("crawled")


@pytest.fixture
def archived(small_reader: Any, crawled: Path) -> Any:
    """A reader with a copy of that archive."""
    if not (crawled / "news.db").exists():
        small_reader.crawl()
        shutil.copytree(small_reader.data, crawled, dirs_exist_ok=True)
    else:
        shutil.copytree(crawled, small_reader.data, dirs_exist_ok=True)
    return small_reader


def reextract(reader: Any, *options: str, code: int = 0) -> dict[str, Any]:
    """The report of a whole run, which has no proxy through which it could reach anybody."""
    done = ran(reader.command("reextract", "--json", *options)[3:], os.environ, 120)
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
    report: dict[str, Any] = json.loads(done.stdout) if done.stdout.strip() else {}
    return {**report, "stderr": done.stderr}


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for that archive once all of it is read again, which the first test does."""
    return tmp_path_factory.mktemp("settled")


def test_what_an_outlet_shares_leaves_older_articles_too_and_a_second_run_changes_nothing(
    archived: Any, settled: Path
) -> None:
    warc, asked = archived.warc(), len(archived.press.log)
    first = reextract(archived)
    (count,) = archived.rows("SELECT COUNT(*) FROM articles")[0]
    assert first["read"] == count
    assert 0 < first["changed"] < count / 2
    assert (first["unread"], first["without_bytes"]) == (0, 0)
    assert first["words_lost"] > first["words_gained"]
    assert first["examples"][0]["went"]
    archived.sound()
    before = archived.dump(*TABLES)
    assert before["versions"] == []

    second = reextract(archived)
    assert (second["read"], second["changed"], second["examples"]) == (count, 0, [])
    assert archived.dump(*TABLES) == before
    assert archived.warc() == warc
    assert len(archived.press.log) == asked
    shutil.copytree(archived.data, settled, dirs_exist_ok=True)


def test_a_text_of_older_rules_is_replaced_and_is_no_version(archived: Any, settled: Path) -> None:
    if (settled / "news.db").exists():
        shutil.copytree(settled, archived.data, dirs_exist_ok=True)
    else:
        reextract(archived)
    before = archived.dump(*TABLES)
    archived.write(SPOIL)
    report = reextract(archived)
    assert report["changed"] == 1
    assert {"title", "body", "extractor"} <= set(report["fields"])
    assert report["words_lost"] == 2
    assert report["words_gained"] == report["examples"][0]["gained"] > 50
    assert archived.dump(*TABLES) == before
    archived.sound()


def test_the_report_is_readable_on_any_terminal(archived: Any) -> None:
    archived.write(
        "UPDATE articles SET body = 'Überfällig ' || char(27) || '[31m [bold]', extractor = 'older' WHERE id < 4"
    )
    environment = {**archived.environment(), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(archived.command("reextract"), text=True, capture_output=True, timeout=60, check=False,
                          env=environment)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"\n{'':19}- ?berf?llig [31m [bold]\n" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_dry_run_tells_and_writes_nothing(archived: Any) -> None:
    archived.write(SPOIL)
    before = archived.dump(*TABLES)
    report = reextract(archived, "--dry-run")
    assert report["changed"] >= 1
    assert archived.dump(*TABLES) == before


def test_only_what_is_chosen_is_read(archived: Any) -> None:
    outlet, count = archived.rows(LARGEST)[0]
    assert reextract(archived, "--outlet", outlet)["read"] == count
    (later,) = archived.rows("SELECT COUNT(*) FROM articles WHERE published >= '2019-02-01'")[0]
    assert reextract(archived, "--since", "2019-02-01")["read"] == later
    assert "no outlet of this archive" in reextract(archived, "--outlet", "nobody.example", code=2)["stderr"]


def test_what_cannot_be_read_any_more_stays_as_it_was_and_is_named(archived: Any) -> None:
    archive = Archive.open(archived.data)
    files = WarcFiles(archived.data / "warc", committed=archive.articles.last_record)
    blank = files.append(url="https://courier.example/gone", fetched="2020-01-01T00:00:00Z", status=200, headers=(),
                         body=b"<html><body><p> </p></body></html>")  # fmt: skip
    files.close()
    with archive.writing() as db:
        db.execute("UPDATE articles SET record_id = ? WHERE id = 1", [insert_record(db, blank)])
        db.execute("UPDATE records SET warc_file = 'dossier-20200101000000-99999.warc.gz' "
                   "WHERE id = (SELECT record_id FROM articles WHERE id = 2)")  # fmt: skip
        db.execute("UPDATE articles SET record_id = NULL WHERE id = 3")
    archive.close()
    query = "SELECT id, title, body FROM articles WHERE id IN (1, 2, 3) ORDER BY id"
    before = archived.rows(query)
    report = reextract(archived)
    assert (report["unread"], report["without_bytes"]) == (2, 1)
    reasons = {entry["page"]: entry["reason"] for entry in report["unread_pages"]}
    assert reasons["https://courier.example/gone"] == "there is no text of an article in it"
    assert "No such file" in reasons["article 2"]
    assert archived.rows(query) == before


def test_one_that_is_killed_goes_on_from_where_it_was(archived: Any) -> None:
    archived.write("UPDATE articles SET body = 'Nothing of it.', content_hash = 'x', extractor = 'older'")
    undisturbed = archived.data.with_name("undisturbed")
    shutil.copytree(archived.data, undisturbed)
    running = subprocess.Popen(archived.command("reextract", "--json"), stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while archived.rows("SELECT COUNT(*) FROM articles WHERE extractor != 'older'") == [(0,)]:
        assert time.monotonic() < until
        time.sleep(0.01)
    running.kill()
    running.wait()
    archived.sound()
    reextract(archived)
    mine = archived.dump(*TABLES)
    other = type(archived)(press=archived.press, data=undisturbed, topic=archived.topic)
    reextract(other)
    assert other.dump(*TABLES) == mine


def begun(archived: Any, **popen: Any) -> subprocess.Popen[str]:
    """A run under way: of all articles, each of which will be another, at least one is written."""
    archived.write("UPDATE articles SET body = 'Nothing of it.', content_hash = 'x', extractor = 'older'")
    command = archived.command("reextract")
    running = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **popen)
    until = time.monotonic() + 60
    while archived.rows("SELECT COUNT(*) FROM articles WHERE extractor != 'older'") == [(0,)]:
        assert time.monotonic() < until
        time.sleep(0.01)
    return running


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_one_that_is_asked_to_stop_does_so_and_is_run_again(archived: Any, number: signal.Signals) -> None:
    with begun(archived) as running:
        running.send_signal(number)
        try:
            _, told = running.communicate(timeout=20)
        finally:
            running.kill()
    assert running.returncode == 6
    assert "stopped by request" in told
    archived.sound()
    reextract(archived)
    assert archived.rows("SELECT COUNT(*) FROM articles WHERE extractor = 'older'") == [(0,)]


@pytest.mark.soak
def test_an_archive_that_stays_locked_ends_it_with_its_own_code(archived: Any) -> None:
    archived.write("UPDATE articles SET extractor = 'older'")
    other = sqlite3.connect(archived.data / "news.db")
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "locked by another program" in reextract(archived, code=3)["stderr"]
    finally:
        other.rollback()
        other.close()
    reextract(archived)
    archived.sound()


def test_a_full_disk_ends_it_with_its_own_code(archived: Any) -> None:
    room = (archived.data / "news.db").stat().st_size

    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    archived.write("UPDATE articles SET body = 'Nothing of it.' || hex(zeroblob(30000)), extractor = 'older'")
    command = archived.command("reextract", "--json")
    done = subprocess.run(command, text=True, capture_output=True, timeout=60, check=False, preexec_fn=small_disk)
    assert done.returncode == 3, done.stderr
    archived.sound()
    reextract(archived)
    assert archived.rows("SELECT COUNT(*) FROM articles WHERE extractor = 'older'") == [(0,)]


def test_it_waits_for_nobody_who_holds_the_archive(archived: Any) -> None:
    lock = CrawlLock(archived.data)
    lock.take()
    try:
        assert "held by another crawl" in reextract(archived, code=5)["stderr"]
    finally:
        lock.release()


def test_there_is_nothing_to_read_where_there_is_no_archive(reader: Any) -> None:
    assert "no archive" in reextract(reader, code=2)["stderr"].lower()
