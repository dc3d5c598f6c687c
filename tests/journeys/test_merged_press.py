"""The demo press crawled by several machines: merged in any order, it is what one machine would have."""

from __future__ import annotations

import csv
import random
import shutil
import signal
import subprocess
import sys
import time
from itertools import permutations
from pathlib import Path

import pytest

from tests.dumped import dumped, pages
from tests.parted_press import ROOT, crawl, run

pytestmark = pytest.mark.soak

OF_THE_MOMENT = frozenset({"fetched", "removed"})
KILLS = 60


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crawl(tmp_path_factory.mktemp("one") / "whole")


@pytest.fixture(scope="module", params=["in three parts", "on three days"])
def parts(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three archives: each with a third of the outlets, or all of them on one day or the other and half on both."""
    base = tmp_path_factory.mktemp("parts")
    if request.param == "in three parts":
        return [crawl(base / f"part{share}", share, 3) for share in range(3)]
    return [crawl(base / "one", days=(1,)), crawl(base / "two", days=(2,)), crawl(base / "half", 0, 2)]


def merged(base: Path, first: Path, *others: Path) -> Path:
    base.mkdir(parents=True, exist_ok=True)
    folder = shutil.copytree(first, base / "merged")
    for other in others:
        run(folder, None, "merge", str(other))
    return folder


def snapshot(data: Path) -> dict[str, bytes]:
    """The files of a snapshot, bodies too."""
    shutil.rmtree(data / "snapshots", ignore_errors=True)
    run(data, None, "snapshot", "--bodies")
    folder = next((data / "snapshots").glob("2*"))
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}


def rows(data: Path) -> list[dict[str, str]]:
    """The articles of a snapshot, without what depends on when they were fetched."""
    text = snapshot(data)["articles.csv"].decode().splitlines(keepends=True)
    return [{key: value for key, value in row.items() if key not in OF_THE_MOMENT} for row in csv.DictReader(text)]


def test_all_six_orders_are_one_archive_and_that_of_one_machine(parts: list[Path], whole: Path, tmp_path: Path) -> None:
    found = [merged(tmp_path / str(at), *order) for at, order in enumerate(permutations(parts))]
    for other in found[1:]:
        assert snapshot(other) == snapshot(found[0])
        assert dumped(other) == dumped(found[0])
        assert pages(other) == pages(found[0])
    alone = shutil.copytree(whole, tmp_path / "alone")
    for data in (found[0], alone):
        run(data, None, "reextract")
    assert rows(found[0]) == rows(alone)
    versions = [len(dumped(data)["versions"]) for data in (found[0], alone)]
    assert versions[0] == versions[1]


def test_killed_at_any_instant_it_comes_to_the_same_end(parts: list[Path], tmp_path: Path) -> None:
    first, *others = parts
    wanted = dumped(merged(tmp_path / "wanted", *parts))
    chance, kills = random.Random(7), 0
    command = [sys.executable, "-m", "crawler.cli", "--data", str(tmp_path / "killed"), "merge", *map(str, others)]
    while kills < KILLS:
        shutil.rmtree(tmp_path / "killed", ignore_errors=True)
        shutil.copytree(first, tmp_path / "killed")
        for _ in range(6):
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
                time.sleep(chance.uniform(0.4, 2.5))
                kills += running.poll() is None
                running.send_signal(signal.SIGKILL)
        run(tmp_path / "killed", None, "merge", *map(str, others))
        assert dumped(tmp_path / "killed") == wanted
        assert set(pages(tmp_path / "killed")) == set(pages(tmp_path / "wanted" / "merged"))
