"""A small archive to take snapshots of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.filling import fill


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("filled") / "data")


@pytest.fixture
def data(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "data", symlinks=True))
