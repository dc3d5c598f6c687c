from __future__ import annotations

import os
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from crawler.cli import main
from crawler.cli.schedule_files import account_of, cron, github, systemd, user_units
from crawler.folders import DEFAULT_TOPIC
from crawler.schedule.files.installation import installation
from crawler.schedule.files.quoting import FileRefused
from crawler.schedule.files.sealing import owner_of


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "my data").mkdir()
    return tmp_path / "my data"


def asked(command: click.Command, data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "schedule", str(command.name), *words])


@pytest.mark.parametrize(
    ("command", "words"), [(cron, ()), (systemd, ()), (systemd, ("--timers",)), (github, ("--install", "wheels/d.whl"))]
)
def test_files_are_shown_and_what_to_do_with_them_apart(data: Path, command: click.Command, words: tuple[str]) -> None:
    done = asked(command, data, *words)
    assert done.exit_code == 0, done.output
    assert "# Seal " in done.stdout
    assert [line.split(":")[0] for line in done.stderr.strip().splitlines()][:3] == ["Install", "See", "Remove"]
    assert not {"Install", "Remove"} & {line.split(":")[0] for line in done.stdout.splitlines()}
    assert sorted(path.name for path in data.parent.iterdir()) == ["my data"]


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        ((), "{dossier} schedule systemd --name dossier --write && systemctl --user daemon-reload"),
        (("--timers",), "{dossier} schedule systemd --timers --every 1h --name dossier --write && systemctl"),
        (("--write",), "systemctl --user daemon-reload"),
        (("--write", "{there}"), "install -D -m 644 -t {usual} {there}/dossier.service && systemctl"),
    ],
    ids=["shown", "timers shown", "written", "written elsewhere"],
)
def test_the_way_to_install_units_begins_with_putting_them_where_systemd_looks(
    data: Path, tmp_path: Path, words: tuple[str, ...], begins: str
) -> None:
    usual, there = data.parent / "config" / "systemd" / "user", tmp_path / "there"
    there.mkdir()
    done = asked(systemd, data, *(word.format(there=there) for word in words))
    command = shlex.join(installation(data).command())
    told = begins.format(dossier=command, usual=shlex.quote(str(usual)), there=shlex.quote(str(there)))
    assert done.stderr.lstrip().startswith(f"Install:  {told}")


@pytest.mark.parametrize(
    ("command", "words", "places"),
    [
        (cron, (), ["my data/dossier.cron"]),
        (systemd, (), ["config/systemd/user/dossier.service"]),
        (systemd, ("--name", "news"), ["config/systemd/user/news.service"]),
        (github, ("--install", "."), [f".github/workflows/dossier-{DEFAULT_TOPIC}.yml"]),
    ],
)
def test_files_are_written_where_they_belong_and_again_only_as_long_as_nobody_changed_them(
    data: Path, command: click.Command, words: tuple[str], places: list[str]
) -> None:
    files = [data.parent / place for place in places]
    told = asked(command, data, *words, "--dry-run").stdout
    assert told == "".join(f"would be new: {file}\n" for file in files)
    told = told.replace("would be ", "")
    assert not any(file.exists() for file in files)
    assert asked(command, data, *words, "--write").stdout == told
    assert all(owner_of(file.read_text("utf-8")) for file in files)
    assert asked(command, data, *words, "--write").stdout == told.replace("new:", "unchanged:")
    files[0].write_text(files[0].read_text("utf-8") + "# mine\n", "utf-8")
    refused = asked(command, data, *words, "--write")
    assert refused.exit_code == 2
    assert f"{files[0]} was not written by Dossier" in refused.stderr
    assert files[0].read_text("utf-8").endswith("# mine\n")
    assert asked(command, data, *words, "--write", "--force").stdout == told.replace("new:", "overwritten:")
    assert not files[0].read_text("utf-8").endswith("# mine\n")


def test_a_folder_can_be_named(data: Path) -> None:
    (data.parent / "units").mkdir()
    done = asked(systemd, data, "--timers", "--write", "units")
    assert done.exit_code == 0, done.output
    assert len(list((data.parent / "units").iterdir())) == 4
    refused = asked(cron, data, "--write", DEFAULT_TOPIC)
    assert refused.exit_code == 2
    assert "there is no such folder; make it, or leave DIR out" in refused.stderr


def test_the_same_file_of_another_archive_is_left_alone(data: Path) -> None:
    assert asked(systemd, data, "--write").exit_code == 0
    other = asked(systemd, data.parent, "--write")
    assert other.exit_code == 2
    assert "not written by Dossier for this archive" in other.stderr


@pytest.mark.parametrize(
    ("command", "words", "fault"),
    [
        (cron, ("nowhere",), "no such topic or file"),
        (systemd, (DEFAULT_TOPIC,), "the daemon takes no topics from its command line; give --timers"),
        (systemd, ("--name", "a b"), "is no name for a unit"),
        (github, ("--install", "a\nb"), "has a line break"),
        (cron, ("--every", "7m"), "Invalid value for '--every'"),
    ],
)
def test_a_mistake_is_told_with_its_mend(data: Path, command: click.Command, words: tuple[str], fault: str) -> None:
    done = asked(command, data, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert fault in done.stderr


def test_a_fault_of_dossier_toml_is_told(data: Path) -> None:
    (data / "dossier.toml").write_text("[alert]\n", encoding="utf-8")
    done = asked(cron, data)
    assert done.exit_code == 2
    assert "it may have [schedule] and [alerts]" in done.stderr


def test_units_of_a_user_lie_where_systemd_looks(tmp_path: Path) -> None:
    assert user_units({"XDG_CONFIG_HOME": str(tmp_path)}) == tmp_path / "systemd" / "user"
    for unusable in ({}, {"XDG_CONFIG_HOME": "relative"}):
        assert user_units(unusable) == Path.home() / ".config" / "systemd" / "user"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_system_runs_it_as_the_owner_of_the_archive_and_never_as_root(data: Path) -> None:
    with pytest.raises(FileRefused, match="belongs to root"):
        account_of(data / "not yet")
    os.chown(data, 1, 1)
    assert account_of(data / "not yet") == "daemon"
    os.chown(data, 54_321, 1)
    with pytest.raises(FileRefused, match="nobody known owns"):
        account_of(data)
