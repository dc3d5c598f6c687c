"""The wheel of this checkout, and environments of their own in which it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterable, Mapping
from configparser import ConfigParser
from importlib.metadata import entry_points
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROOMS = ("archive", "crawler", "pipelines")
BESIDE = ("pyproject.toml", "README.md", "LICENSE")
LITTER = (
    "archive/data/topics/mine.toml",
    "archive/demo/press.json",
    "archive/data/news.db",
    "crawler/__pycache__/x.md",
)
"""What users and Python leave in a checkout."""
BORROWED = {"scrapy", "datasette", "warcio"}
"""Commands of others that come along."""
BUILD = "from setuptools.build_meta import build_wheel; build_wheel({!r})"


def tracked() -> list[str]:
    """The files of the three rooms that belong to the project."""
    listed = subprocess.run(["git", "ls-files", *ROOMS], cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(listed.stdout.splitlines())


def checkout(folder: Path, litter: Iterable[str] = ()) -> Path:
    """A checkout: what belongs to the project, and empty files of others."""
    for name in (*tracked(), *BESIDE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name in litter:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("", encoding="utf-8")
    return folder


def wheel_of(source: Path) -> Path:
    """The wheel of a checkout, as `pip wheel --no-build-isolation --no-deps` builds it."""
    folder = source / "dist"
    command = [sys.executable, "-W", "ignore", "-c", BUILD.format(str(folder))]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


def unpacked(wheel: Path, folder: Path) -> Path:
    """An environment with the wheel in it, which borrows all else from ours; its folder of commands."""
    commands = lent(folder)
    with zipfile.ZipFile(wheel) as zipped:
        zipped.extractall(packages(folder))
    scripts = ConfigParser()
    scripts.read(next(packages(folder).glob("dossier_news-*.dist-info")) / "entry_points.txt", encoding="utf-8")
    written(commands, scripts["console_scripts"])
    return commands


def developed(source: Path) -> Path:
    """The environment that `make setup` leaves in a checkout, borrowed from ours; its folder of commands."""
    commands = lent(source / ".venv", source)
    written(commands, {"dossier": "crawler.cli:main"})
    return commands


def lent(folder: Path, *before: Path) -> Path:
    """An environment that sees the packages of ours, and folders before them.

    Lines of a .pth file lend them. They do not lend our own checkout, which is installed by a .pth file itself.
    """
    venv.create(folder, symlinks=True)
    lines = "".join(f"{path}\n" for path in (*before, sysconfig.get_path("purelib")))
    (packages(folder) / "lent.pth").write_text(lines, encoding="utf-8")
    installed = entry_points(group="console_scripts")
    written(folder / "bin", {one.name: one.value for one in installed if one.name in BORROWED})
    return folder / "bin"


def packages(folder: Path) -> Path:
    """Where an environment has its packages."""
    return Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))


def written(commands: Path, places: Mapping[str, str]) -> None:
    """Write commands as pip does."""
    for name, place in places.items():
        module, _, function = place.partition(":")
        text = f"#!{commands / 'python'}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n"
        (commands / name).write_text(text, encoding="utf-8")
        (commands / name).chmod(0o755)
