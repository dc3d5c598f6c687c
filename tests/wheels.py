"""The wheel of this checkout, and environments of their own in which it is installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
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


def checkout(folder: Path) -> Path:
    """A checkout in which somebody has worked: what belongs to the project, and litter."""
    for name in (*tracked(), *BESIDE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name in LITTER:
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
    """An environment with the wheel in it, which borrows all else from ours; its folder of commands.

    A line of a .pth file lends the packages, but not the checkout, which is installed by a .pth file itself.
    """
    venv.create(folder, symlinks=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    with zipfile.ZipFile(wheel) as zipped:
        zipped.extractall(packages)
    (packages / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    scripts = ConfigParser()
    scripts.read(next(packages.glob("dossier_news-*.dist-info")) / "entry_points.txt", encoding="utf-8")
    commands = dict(scripts["console_scripts"])
    commands |= {one.name: one.value for one in entry_points(group="console_scripts") if one.name in BORROWED}
    for name, place in commands.items():
        module, _, function = place.partition(":")
        text = f"#!{folder / 'bin' / 'python'}\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n"
        (folder / "bin" / name).write_text(text, encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    return folder / "bin"
