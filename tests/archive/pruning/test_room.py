from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.pruning.room import give_back
from archive.store import Archive
from tests.filling import fill


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An archive out of which much was just taken."""
    data = fill(tmp_path)
    with closing(Archive.open(data)) as archive:
        with archive.writing() as db:
            db.execute("UPDATE articles SET body = ? WHERE id = 1", ["many words " * 300_000])
        with archive.writing() as db:
            db.execute("UPDATE articles SET body = 'few' WHERE id = 1")
    return data


def test_the_disk_is_given_back(data: Path) -> None:
    before = (data / "news.db").stat().st_size
    with closing(Archive.open(data)) as archive:
        room = give_back(archive)
        assert give_back(archive).freed == 0
    assert room.freed == before - (data / "news.db").stat().st_size > 1_000_000


def test_where_the_disk_has_no_room_for_that_it_says_so_and_goes_on(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    with closing(Archive.open(data)) as archive:
        room = give_back(archive)
    assert (room.freed, room.why) == (0, "the disk has no room to write it anew")
    assert room.kept > 1_000_000


def test_another_program_that_holds_the_database_is_no_fault(data: Path) -> None:
    with closing(Archive.open(data)) as archive, closing(Archive.open(data)) as other, other.writing():
        room = give_back(archive)
    assert room.freed == 0
    assert "locked" in room.why
