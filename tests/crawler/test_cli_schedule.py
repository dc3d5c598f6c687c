from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.cli import main
from crawler.cli.schedule import COMMANDS
from crawler.exits import Exit
from crawler.schedule.holding import DAEMON, Holding
from crawler.schedule.keeping import NAME, Kept, write
from crawler.schedule.state import State

TOPIC = 'title = "Talks"\n[terms]\n"talks" = 1\n[[sources]]\nchannel = "feeds"\nurl = "http://127.0.0.1:9/feed.xml"\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "talks.toml").write_text(TOPIC, encoding="utf-8")
    return tmp_path


def ran(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "schedule", *words])


def test_its_commands_are_named_and_imported_when_they_are_used() -> None:
    shown = CliRunner().invoke(main, ["schedule", "--help"]).output
    assert all(f"  {name} " in shown for name in ("run", "status"))
    assert {"cron", "systemd", "github"} < set(COMMANDS)
    assert CliRunner().invoke(main, ["schedule", "walk"]).exit_code == Exit.USAGE


def test_a_dry_run_tells_the_next_day_and_writes_nothing(data: Path) -> None:
    before = sorted(data.rglob("*"))
    done = ran(data, "run", "--dry-run")
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert "crawl talks: it was not crawled yet" in lines[0]
    assert any("snapshot: the night of" in line for line in lines)
    assert "within 24 h as things stand" in lines[-1]
    assert sorted(data.rglob("*")) == before


def test_status_of_an_archive_that_nobody_keeps(data: Path) -> None:
    done = ran(data, "status")
    assert (done.exit_code, done.output) == (0, f"{data} is not kept going: `dossier schedule run` does\n")
    assert ran(data, "status", "--check").exit_code == Exit.UNWELL


def test_a_file_of_a_name_that_nobody_can_print_is_told_all_the_same(data: Path) -> None:
    name = "\udcff\x1b[31m"
    write(data, Kept(state=State(), jobs=(), faults={name: f"{name} is not TOML"}))
    for options in (("status",), ("status", "--json")):
        done = ran(data, *options)
        assert done.exit_code == 0
        assert "[31m is not TOML" in done.output
        assert "\x1b" not in done.output


def test_a_second_daemon_is_refused_and_told_of_the_first(data: Path) -> None:
    first = Holding(data / DAEMON).take(1)
    done = ran(data, "run", "--once")
    assert done.exit_code == Exit.BUSY
    assert f"{data} is kept by another daemon (process " in done.output
    first.release()


def test_without_a_topic_there_is_nothing_to_keep(tmp_path: Path) -> None:
    done = ran(tmp_path, "run", "--once")
    assert done.exit_code == Exit.USAGE
    assert "has no topic to follow yet; `dossier new NAME SEED...` makes one" in done.output


def test_wrong_rules_are_told_before_anything_is_done(data: Path) -> None:
    (data / "dossier.toml").write_text("[schedule]\nshortest = 0\n", encoding="utf-8")
    for options in (("run",), ("run", "--dry-run")):
        done = ran(data, *options)
        assert done.exit_code == Exit.USAGE
        assert "[schedule] shortest is 0" in done.output
    assert not (data / NAME).exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "schedule.lock").mkdir()
    done = ran(tmp_path, "run")
    assert done.exit_code == Exit.NOT_STORED
    assert str(tmp_path) in done.output


def test_once_does_what_is_due_and_status_tells_of_it(data: Path) -> None:
    """The real command in processes of its own: the feed of this machine is refused as private, and so is no fault."""
    (data / "dossier.toml").write_text("[schedule]\nbackfill = false\n", encoding="utf-8")
    done = ran(data, "run", "--once")
    assert done.exit_code == 0, done.output
    assert "crawl talks: done after" in done.output
    told = ran(data, "status")
    assert "crawl talks: done after" in told.output
    assert "What was to come" in told.output
    found: dict[str, Any] = json.loads(ran(data, "status", "--json").output)
    assert (found["well"], found["running"], found["late"]) == (False, None, [])
    assert {one["kind"] for one in found["ran"]} == {"crawl", "watch"}
    assert (data / "logs").is_dir()
    again = ran(data, "run", "--once")
    assert "crawl" not in again.output
