from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.lock import CrawlLock
from crawler.cli import main
from crawler.exits import Exit
from tests.ailing import overwrite, settled, sql, values


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "data")


def doctor(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "doctor", *arguments])


def findings(result: Result) -> list[dict[str, Any]]:
    found = json.loads(result.stdout)
    assert all(set(one) == {"examination", "state", "what", "mend", "repaired"} for one in found)
    return found


def test_an_archive_in_health_is_well(data: Path) -> None:
    result = doctor(data)
    assert result.exit_code == Exit.DONE
    assert result.output.endswith("All is well.\n")
    assert all(line.startswith("well ") for line in result.output.splitlines()[:-1])


@pytest.mark.parametrize(
    ("text", "fault"),
    [("[schedule]\nshortst = 3\n", "shortst"), ("[alerts]\nkinds = ['rain']\n", "names 'rain'")],
    ids=["schedule", "alerts"],
)
def test_a_key_that_nobody_reads_is_a_fault(data: Path, text: str, fault: str) -> None:
    (data / "dossier.toml").write_text(text, encoding="utf-8")
    result = doctor(data, "--quick", "-q")
    assert result.exit_code == Exit.UNWELL
    assert fault in " ".join(result.output.split())


def test_quietly_only_what_is_not_well_is_told(data: Path) -> None:
    assert doctor(data, "--quick", "-q").output == "All is well.\n"
    (data / "holiday.jpg").touch()
    told = doctor(data, "--quick", "-q").output.splitlines()
    assert [line.partition(" ")[0] for line in told] == ["warning", "1"]


def test_a_warning_alone_ends_well(data: Path) -> None:
    (data / "holiday.jpg").touch()
    result = doctor(data, "--quick")
    assert result.exit_code == Exit.DONE
    assert result.output.endswith("1 warning.\n")


def test_a_fault_is_told_with_its_mend_and_mended_when_asked(data: Path) -> None:
    sql(data, "DROP TRIGGER articles_au; UPDATE stories SET size = 9")
    result = doctor(data)
    assert result.exit_code == Exit.UNWELL
    assert "dropped or changed (articles_au); `dossier doctor --repair` makes them again" in result.output
    assert "2 faults. `dossier doctor --repair` mends what it can." in result.output
    result = doctor(data, "--repair")
    assert result.exit_code == Exit.DONE
    assert "mended   schema: made again: articles_au" in result.output
    assert result.output.endswith("2 faults mended. All is well.\n")
    assert "mended" not in doctor(data, "--repair").output


def test_programs_are_told_what_was_mended(data: Path) -> None:
    sql(data, "UPDATE stories SET size = 9")
    assert [one["repaired"] for one in findings(doctor(data, "--json")) if one["state"] == "fault"] == [False]
    result = doctor(data, "--repair", "--json")
    assert result.exit_code == Exit.DONE
    assert [one["repaired"] for one in findings(result) if one["state"] == "fault"] == [True]


def test_what_is_left_keeps_the_exit_code(data: Path) -> None:
    sql(data, "PRAGMA foreign_keys = OFF; UPDATE versions SET article_id = 900; UPDATE stories SET size = 9")
    result = doctor(data, "--repair")
    assert result.exit_code == Exit.UNWELL
    assert result.output.endswith("1 fault mended. 1 fault left.\n")


def test_a_damaged_database_is_saved_and_kept_aside(data: Path) -> None:
    settled(data)
    overwrite(data / "news.db", 0, os.urandom(4096))
    assert doctor(data).exit_code == Exit.UNWELL
    result = doctor(data, "--repair")
    assert result.exit_code == Exit.DONE, result.output
    assert "saved 12 of aliases" in result.output
    assert len(values(data, "SELECT id FROM articles")) == 6
    assert len([*data.glob("news.db.damaged-*")]) >= 1


def test_what_cannot_be_mended_is_not_stored(data: Path) -> None:
    settled(data)
    overwrite(data / "news.db", 0, os.urandom((data / "news.db").stat().st_size))
    result = doctor(data, "--repair")
    assert result.exit_code == Exit.NOT_STORED
    assert "take it from a backup" in result.output


def test_a_crawl_is_not_disturbed_by_a_look_and_keeps_a_repair_out(data: Path) -> None:
    lock = CrawlLock(data)
    lock.take()
    try:
        assert doctor(data, "--quick").exit_code == Exit.DONE
        assert doctor(data, "--repair").exit_code == Exit.BUSY
    finally:
        lock.release()


def test_a_look_makes_no_folder(tmp_path: Path) -> None:
    for arguments in ((), ("--repair",)):
        result = doctor(tmp_path / "nothing", *arguments)
        assert result.exit_code == Exit.UNWELL
        assert "name the folder of an archive with --data" in result.output
    assert not (tmp_path / "nothing").exists()


def test_files_that_are_written_by_hand_are_read(data: Path) -> None:
    (data / "topics").mkdir()
    (data / "topics" / "mine.toml").write_text("name = [")
    (data / "dossier.toml").write_text("[wings]\n")
    result = doctor(data, "--quick")
    assert result.exit_code == Exit.UNWELL
    assert "mine.toml" in result.output
    assert "'wings' is no table of it" in result.output
    assert "can be read by other users" in result.output


def test_hostile_names_reach_no_terminal(data: Path) -> None:
    (data / "a\x1b[31m\u202eb").touch()
    sql(data, "UPDATE records SET url = 'https://x.example/\x1b[31m', digest = 'sha1:x' WHERE id = 1")
    assert "\x1b" not in doctor(data).output
    assert "\u202e" not in doctor(data, "--json").output
