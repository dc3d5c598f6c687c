"""What is handed to others: a wheel that holds all that is needed and nothing else, and locks without an address."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.wheels import LITTER, ROOT, checkout, tracked, unpacked, wheel_of

RUN = ROOT / "requirements-run.lock"
PINNED = re.compile(r"^([a-z0-9-]+)==(\S+)((?: ;[^\\\n]+)?)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)", re.MULTILINE)
LOOK = """
import json, pathlib
import archive
from crawler.folders import DEFAULT_TOPIC, PACKAGED_TOPICS, data_folder
from crawler.press.pieces import pieces
from pipelines.topic import load_topic
print(json.dumps({
    "where": archive.__file__, "pieces": len(pieces(2)), "data": str(data_folder()),
    "topic": load_topic(PACKAGED_TOPICS / f"{DEFAULT_TOPIC}.toml").name,
    "templates": len(list((pathlib.Path(archive.__file__).parent / "datasette" / "templates").glob("*.html"))),
}))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_of(checkout(tmp_path_factory.mktemp("checkout"), LITTER))


@pytest.fixture(scope="module")
def commands(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(wheel, tmp_path_factory.mktemp("environment"))


def elsewhere(*command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """A command run from a folder that has nothing to do with the project."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOSSIER", "PYTHON", "XDG"))}
    return subprocess.run(
        command, cwd=home, env={**kept, "HOME": str(home)}, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_wheel_holds_the_files_of_the_project_and_nothing_that_lies_about(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as zipped:
        names = zipped.namelist()
    assert sorted(name for name in names if ".dist-info/" not in name) == tracked()
    assert sum("/licenses/LICENSE" in name for name in names) == 1


def test_it_works_from_a_foreign_folder(commands: Path, tmp_path: Path) -> None:
    told = elsewhere(str(commands / "dossier"), "--version", home=tmp_path)
    assert (told.stdout, told.stderr) == (f"dossier, version {version('dossier-news')}\n", "")
    helped = elsewhere(str(commands / "dossier"), "--help", home=tmp_path)
    assert (helped.returncode, helped.stderr) == (0, "")
    assert "Try it:" in helped.stdout
    looked = elsewhere(str(commands / "python"), "-c", LOOK, home=tmp_path)
    assert looked.returncode == 0, looked.stderr
    found = json.loads(looked.stdout)
    assert Path(found["where"]).is_relative_to(commands.parent)
    assert found["pieces"] > 100
    assert found["topic"] == "us-taliban-peace-talks"
    assert found["templates"] == len([name for name in tracked() if re.search(r"/templates/\w+\.html", name)])
    assert found["data"] == str(tmp_path / ".local" / "share" / "dossier")
    assert list(tmp_path.iterdir()) == []


def pins(lock: Path) -> dict[str, tuple[str, str, str]]:
    """Version, condition and hashes of each package of a lock."""
    return {name: tuple(rest) for name, *rest in PINNED.findall(lock.read_text(encoding="utf-8"))}  # type: ignore[misc]


def test_what_runs_is_pinned_as_what_is_tested_is() -> None:
    run, tested = pins(RUN), pins(ROOT / "requirements.lock")
    assert run
    assert {name: (pin[0], pin[2]) for name, pin in run.items()} == {
        name: (tested[name][0], tested[name][2]) for name in run
    }
    assert not re.search(
        r"https?://|index-url|file:", RUN.read_text(encoding="utf-8").replace("--no-emit-index-url", "")
    )


def test_what_runs_is_what_is_needed_and_no_tool_of_ours() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[><=;\s\[]", one)[0].lower() for one in requirements}

    run = set(pins(RUN))
    assert names(project["dependencies"]) | names(extras["auth"]) <= run
    # What builds a wheel is needed to install from one, without a network.
    assert not names(extras["dev"]) - names(extras["auth"]) - {"setuptools"} & run
    assert "setuptools" in run


@pytest.mark.soak
def test_pip_installs_the_wheel_into_an_empty_environment_and_the_demo_runs(wheel: Path, tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "environment"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=120)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(wheel)], check=True, timeout=900)
    dossier = str(folder / "bin" / "dossier")
    done = elsewhere(dossier, "demo", "--no-serve", home=home)
    assert done.returncode == 0, done.stdout + done.stderr
    found = elsewhere(dossier, "--data", ".local/share/dossier/demo", "search", "ceasefire", home=home)
    assert ".example/" in found.stdout, found.stderr
