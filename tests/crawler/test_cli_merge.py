from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.lock import CrawlLock
from archive.store import Archive
from crawler.cli import main
from crawler.exits import Exit
from tests.dumped import dumped
from tests.machines import Machine

BODY = "Negotiators took their seats again on Sunday, and a truce for the holiday was the first point of their agenda."


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    base = tmp_path_factory.mktemp("others")
    for name, hour in (("one", 1), ("two", 2)):
        with Machine(base / name, asks=[f"https://{name}.example/feed"]) as machine:
            machine.sees(f"https://{name}.example/talks-on-sunday-{hour}", f"{BODY}\nSaid {name}.", hour)
    return base / "one", base / "two"


def run(data: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "merge", *map(str, words)], prog_name="dossier")


def test_archives_are_joined_and_the_report_says_what_came(tmp_path: Path, others: tuple[Path, Path]) -> None:
    would = run(shutil.copytree(others[0], tmp_path / "data"), "--dry-run", others[1])
    assert f"{others[1]}: 1 new article, 0 versions, 1 record, 1 story would come in" in would.output
    assert dumped(tmp_path / "data") == dumped(others[0])
    done = run(tmp_path / "data", others[1])
    assert done.exit_code == Exit.DONE, done.output
    assert "1 new article, 0 versions, 1 record, 1 story came in; 0 articles changed." in done.output
    assert "1 link more" in done.output
    assert "dossier reextract" in done.output
    assert "Nothing new: all of it was here." in run(tmp_path / "data", others[1]).output


def test_as_json_it_is_one_object(tmp_path: Path, others: tuple[Path, Path]) -> None:
    told = json.loads(run(tmp_path / "data", "--json", *others).output)
    assert [(one["articles"], one["records"], one["stories"]) for one in told["merged"]] == [(1, 1, 1), (1, 1, 1)]
    assert told["dry_run"] is False


def test_whatever_cannot_be_merged_is_a_usage_error_and_nothing_is_written(
    tmp_path: Path, others: tuple[Path, Path]
) -> None:
    data = shutil.copytree(others[0], tmp_path / "data")
    (tmp_path / "empty").mkdir()
    for words, told in (
        ([others[1], tmp_path / "nowhere"], "there is no such folder"),
        ([others[1], tmp_path / "empty"], "holds no archive"),
        ([others[1], data], "is this archive itself"),
        ([others[1], others[1]], "is named twice"),
    ):
        done = run(data, *words)
        assert (done.exit_code, told in done.output) == (Exit.USAGE, True), done.output
    assert dumped(data) == dumped(others[0])
    assert "makes it" in run(tmp_path / "new", "--dry-run", others[1]).output
    assert not (tmp_path / "new").exists()


def test_topics_that_judge_otherwise_are_refused(tmp_path: Path, others: tuple[Path, Path]) -> None:
    data = shutil.copytree(others[0], tmp_path / "data")
    archive = Archive.open(data)
    archive.topics.ensure("talks", "", "[thresholds]\nkeep = 0.9\n[terms]\nnegotiators = 2\n")
    archive.close()
    done = run(data, others[1])
    assert done.exit_code == Exit.USAGE
    assert "the topic talks is another one in each archive" in done.output


def test_a_crawl_that_holds_the_archive_is_waited_for(tmp_path: Path, others: tuple[Path, Path]) -> None:
    data = shutil.copytree(others[0], tmp_path / "data")
    lock = CrawlLock(data)
    lock.take()
    try:
        assert run(data, others[1]).exit_code == Exit.BUSY
    finally:
        lock.release()


def test_where_the_disk_takes_no_more_it_says_so_and_goes_on_when_run_again(
    tmp_path: Path, others: tuple[Path, Path]
) -> None:
    data = shutil.copytree(others[0], tmp_path / "data")
    shutil.rmtree(data / "warc")
    (data / "warc").write_text("no folder", encoding="utf-8")
    done = run(data, others[1])
    assert done.exit_code == Exit.NOT_STORED
    assert "run this again" in done.output
    (data / "warc").unlink()
    assert run(data, others[1]).exit_code == Exit.DONE


def test_what_is_damaged_there_is_told_by_the_exit_code_too(tmp_path: Path, others: tuple[Path, Path]) -> None:
    there = shutil.copytree(others[1], tmp_path / "there")
    (file,) = (there / "warc").iterdir()
    file.write_bytes(b"")
    done = run(tmp_path / "data", there)
    assert done.exit_code == Exit.UNWELL
    assert "1 record could not be copied" in done.output
    assert run(tmp_path / "data", others[1]).exit_code == Exit.DONE
