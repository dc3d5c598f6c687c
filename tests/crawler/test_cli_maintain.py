from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.lock import CrawlLock
from crawler.cli import main
from crawler.exits import Exit
from tests.ailing import overwrite, settled


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "data")


def maintain(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "maintain", *arguments])


def test_it_says_what_it_did_in_five_lines(data: Path) -> None:
    result = maintain(data)
    assert result.exit_code == Exit.DONE
    names = [line.partition(":")[0] for line in result.output.splitlines()]
    assert names == ["search index", "statistics", "forgetting", "log", "WARC files"]


def test_programs_are_told_the_same(data: Path) -> None:
    found = json.loads(maintain(data, "--json").stdout)
    assert [one["name"] for one in found] == ["search index", "statistics", "forgetting", "log", "WARC files"]
    assert set(found[0]) == {"name", "text", "seconds", "longest", "is_done"}


def test_while_a_crawl_runs_all_but_the_new_file_is_done(data: Path) -> None:
    lock = CrawlLock(data)
    lock.take()
    try:
        result = maintain(data)
    finally:
        lock.release()
    assert result.exit_code == Exit.BUSY
    assert len(result.stdout.splitlines()) == 4
    assert "no new WARC file was begun" in result.stderr


def test_without_an_archive_nothing_is_made(tmp_path: Path) -> None:
    assert maintain(tmp_path / "nothing").exit_code == Exit.USAGE
    assert not (tmp_path / "nothing").exists()


def test_a_damaged_archive_is_left_alone(data: Path) -> None:
    settled(data)
    overwrite(data / "news.db", 0, bytes(4096))
    before = (data / "news.db").read_bytes()
    assert maintain(data).exit_code == Exit.NOT_STORED
    assert (data / "news.db").read_bytes() == before
