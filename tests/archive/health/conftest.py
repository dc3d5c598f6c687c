"""An archive in health, made once and copied for each test that makes it ill."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "data")
