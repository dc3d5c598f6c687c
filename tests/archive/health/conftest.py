"""An archive in health, made once and copied for each test that makes it ill."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from archive.store import Archive
from tests.ailing import files_of, healthy, ills, settled, store


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "data")


MANY = 80
BODY = "\n".join(
    f"A paragraph on withdrawal and ceasefire, number {number}, as it was read out." for number in range(90)
)


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of so many articles that its tables have several levels, some with texts of many pages."""
    data = healthy(tmp_path_factory.mktemp("large") / "data")
    with closing(Archive.open(data)) as archive, closing(files_of(data, archive.db)) as files:
        with archive.writing():
            for number in range(100, 100 + MANY):
                store(archive, files, number)
            archive.db.execute("UPDATE articles SET body = ? WHERE id % 10 = 0", [BODY])
        files.sync()
    settled(data)
    assert ills(data) == []
    return data
