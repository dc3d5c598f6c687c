from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.queries import DATABASE
from archive.serving.edition import Edition
from archive.store import Archive
from tests.filling import fill
from tests.serving import Visitor, serving

PLACES = ("/", "/article/1", "/search?q=until:2018", "/search.csv", "/news/articles.json")


def written(data: Path, sql: str) -> None:
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        db.execute(sql)


def always(ask: Visitor) -> None:
    """Let the archive be looked at before each page."""
    site = ask.served.dossier
    object.__setattr__(site, "edition", Edition(site.catalogue.refresh, every=0, patience=10))


def swapped(backup: Path, data: Path) -> None:
    (backup / DATABASE).replace(data / DATABASE)
    for name in ("-wal", "-shm"):
        (data / f"{DATABASE}{name}").unlink(missing_ok=True)


def written_over(backup: Path, data: Path) -> None:
    shutil.copyfile(backup / DATABASE, data / DATABASE)


def restored(backup: Path, data: Path) -> None:
    with closing(sqlite3.connect(backup / DATABASE)) as source, closing(sqlite3.connect(data / DATABASE)) as target:
        source.backup(target)


@pytest.mark.parametrize("put", [swapped, written_over, restored])
def test_a_backup_that_is_put_in_its_place_is_served(
    tmp_path: Path, put: Callable[[Path, Path], None], capfd: pytest.CaptureFixture[str]
) -> None:
    data, backup = fill(tmp_path / "data"), fill(tmp_path / "backup")
    written(backup, "UPDATE articles SET title = 'Restored', published = '2018-01-01T00:00:00Z' WHERE id = 1")
    with serving(data) as ask:
        assert not [place for place in PLACES if "Restored" in ask(place).text]
        put(backup, data)
        always(ask)
        assert [place for place in PLACES if "Restored" in ask(place).text] == list(PLACES)
    assert "The archive was replaced, and opened again." in capfd.readouterr().err


def test_an_earlier_state_of_the_same_archive_is_served(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    shutil.copytree(data, tmp_path / "backup")
    written(data, "UPDATE articles SET title = 'Later' WHERE id = 1")
    with serving(data) as ask:
        assert "Later" in ask("/").text
        restored(tmp_path / "backup", data)
        always(ask)
        assert "Later" not in ask("/").text
        assert ask("/search?q=title:later").text.count('class="entry"') == 0


def test_what_cannot_be_served_is_told_and_the_next_backup_is_taken(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    data, good, bad = fill(tmp_path / "data"), fill(tmp_path / "good"), tmp_path / "bad"
    written(good, "UPDATE articles SET title = 'Restored' WHERE id = 1")
    bad.mkdir()
    (bad / DATABASE).write_bytes(b"no archive" * 1000)
    with serving(data) as ask:
        assert ask("/news/articles.json").status_code == 200
        swapped(bad, data)
        always(ask)
        monkeypatch.setattr("archive.serving.renewal.AGAIN", 0.0)
        ask("/about")
        ask("/about")
        assert capfd.readouterr().err.count("the new one cannot be served") == 1
        swapped(good, data)
        assert "Restored" in ask("/article/1").text


def test_an_archive_that_is_only_written_to_stays_open(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    with serving(data) as ask:
        site = ask.served.dossier
        always(ask)
        for number in range(3):
            written(data, f"UPDATE articles SET title = 'Number {number}' WHERE id = 1")
            with closing(sqlite3.connect(data / DATABASE)) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                db.execute("VACUUM")
            assert f"Number {number}" in ask("/").text
        (data / DATABASE).rename(data / "elsewhere")
        assert ask("/article/1").status_code == 200
        assert ask.served.dossier is site
