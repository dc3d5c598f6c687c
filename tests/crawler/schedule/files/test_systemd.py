from __future__ import annotations

import os
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.schedule.files.installation import Followed, Installation
from crawler.schedule.files.quoting import FileRefused
from crawler.schedule.files.systemd import Place, daemon_units, hint, timer_units
from tests.extras import needs
from tests.schedulers import command_lines, systemd_reads

NIGHT = ("snapshot", "maintain", "watch")


@pytest.fixture
def started(here: Installation, tmp_path: Path) -> Installation:
    """The same, with a program that can be started."""
    program = tmp_path / "my tools" / "100%" / "$HOME" / "dossier"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    return replace(here, program=(str(program),))


def verified(units: dict[str, str], folder: Path) -> str:
    """What `systemd-analyze verify` says against them."""
    folder.mkdir(exist_ok=True)
    for name, text in units.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(f"./{name}" for name in units)],
        cwd=folder, env={**os.environ, "SYSTEMD_UNIT_PATH": f"{folder}:"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr if done.returncode == 0 else done.stderr or "failed"


@needs("systemd-analyze", "systemd")
@pytest.mark.parametrize("account", ["", "daemon"])
def test_systemd_finds_nothing_against_them(started: Installation, tmp_path: Path, account: str) -> None:
    place = Place(account=account, folder=tmp_path)
    assert verified(daemon_units(started, place) | timer_units(started, place, 60), tmp_path / "units") == ""


@needs("systemd-analyze", "systemd")
def test_systemd_would_have_said_so(here: Installation, tmp_path: Path) -> None:
    assert "is not executable" in verified(daemon_units(here, Place(folder=tmp_path)), tmp_path / "units")


@needs("systemd-analyze", "systemd")
def test_systemd_reads_the_daemon_as_it_was_meant(here: Installation, tmp_path: Path) -> None:
    read = systemd_reads(daemon_units(here, Place(folder=tmp_path / "a 100% $b")), "dossier.service")
    assert command_lines(read) == [[*here.program, "--data", str(here.data), "schedule", "run"]]
    assert read["ReadWritePaths"] == [f"{here.data} /tmp /var/tmp"]  # it lies in /tmp
    assert read["WorkingDirectory"] == [str(tmp_path / "a 100% $b")]
    assert (read["Type"], read["Restart"], read["KillMode"]) == (["exec"], ["on-failure"], ["mixed"])
    assert read["ProtectSystem"] == ["strict"]


@needs("systemd-analyze", "systemd")
def test_systemd_reads_the_timers_as_they_were_meant(here: Installation, tmp_path: Path) -> None:
    units = timer_units(here, Place(name="news", folder=tmp_path), 60)
    services = [name for name in units if name.endswith(".service")]
    assert [name.removesuffix(".service") + ".timer" for name in services] == [
        name for name in units if "timer" in name
    ]
    # One unit holds all of them, so that one reading is enough.
    text = units[services[0]] + "".join(
        line + "\n" for name in services[1:] for line in units[name].splitlines() if line.startswith("ExecStart")
    )
    assert command_lines(systemd_reads({"all.service": text}, "all.service")) == [
        [*here.program, "--data", str(here.data), *words]
        for words in (
            ["crawl", "talks", *here.wishes.crawl_options],
            ["crawl", "/srv/my topics/my heat.toml", *here.wishes.crawl_options],
            *([verb] for verb in NIGHT),
        )
    ]


def test_a_crawl_that_finds_another_one_at_work_is_no_failure(here: Installation, tmp_path: Path) -> None:
    units = timer_units(here, Place(folder=tmp_path), 60)
    assert all("SuccessExitStatus=5\n" in text for name, text in units.items() if name.endswith(".service"))
    assert all("Persistent=true\nRandomizedDelaySec=" in text for name, text in units.items() if "timer" in name)


def test_a_topic_that_makes_no_name_for_a_unit_has_one_all_the_same(here: Installation, tmp_path: Path) -> None:
    topics = tuple(Followed(name=name, typed=f"/{name}.toml") for name in ("a b", "a@b", "../x", "ok_1"))
    names = list(timer_units(replace(here, topics=topics), Place(folder=tmp_path), 60))
    assert len(names) == len(set(names)) == 10
    assert all(name.replace("-", "").replace("_", "").replace(".", "").isalnum() for name in names)
    assert "dossier-crawl-ok_1.timer" in names


def test_what_needs_a_capability_is_asked_in_units_of_the_system_only(here: Installation, tmp_path: Path) -> None:
    own, system = (
        daemon_units(here, Place(account=account, folder=tmp_path))["dossier.service"] for account in ("", "news")
    )
    assert "User=news\n" in system
    assert "After=network-online.target\n" in system
    assert "CapabilityBoundingSet=\n" in system
    assert not any(word in own for word in ("Capabilit", "PrivateDevices", "KernelModules", "User=", "network-online"))


@needs("systemd-analyze", "systemd")
def test_it_is_exposed_to_little(here: Installation, tmp_path: Path) -> None:
    for name, text in daemon_units(here, Place(account="daemon", folder=tmp_path)).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", "./dossier.service"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-500:] + done.stderr


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("/srv/news", {"ProtectHome=true", "PrivateTmp=true"}),
        ("/home/ann/news", {"ProtectHome=read-only", "PrivateTmp=true"}),
        ("/tmp/news", {"ProtectHome=true", "PrivateTmp=false", "ReadWritePaths=/tmp /var/tmp"}),
    ],
)
def test_an_archive_is_not_hidden_from_its_own_unit(data: str, lines: set[str]) -> None:
    here = Installation(program=("/opt/dossier",), data=Path(data), topics=())
    unit = daemon_units(here, Place(folder=Path("/srv")))["dossier.service"]
    assert lines <= set(unit.splitlines())
    assert f"ReadWritePaths={data}" in unit.splitlines()


@pytest.mark.parametrize("name", ["", "a b", "../a", "-a", "a.service", "a@b", "x" * 101])
def test_a_name_that_makes_no_unit_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileRefused, match="is no name for a unit"):
        Place(name=name, folder=tmp_path)


def test_the_hint_names_what_is_to_be_started_and_removed(here: Installation, tmp_path: Path) -> None:
    place = Place(folder=tmp_path)
    files = [tmp_path / "my units" / name for name in timer_units(here, place, 60)]
    install, see, remove = hint(files, place, here).splitlines()
    data = shlex.quote(str(here.data))
    assert install.startswith(f"Install:  mkdir -p {data} && systemctl --user daemon-reload && systemctl --user enable")
    assert install.count(".timer") == see.count(".timer") == 3
    assert ".service" not in install
    assert set(shlex.split(remove.partition("; rm ")[2])) == set(map(str, files))
    here.data.mkdir()
    system = hint([Path("/etc/dossier.service")], Place(account="news", folder=tmp_path), here)
    assert system.startswith("Install:  sudo systemctl daemon-reload && sudo systemctl enable --now dossier.service\n")
