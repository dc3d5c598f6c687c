"""An archive in health, made once and copied for each test that makes it ill."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.ailing import healthy


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return healthy(tmp_path_factory.mktemp("whole") / "data")


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "data")
