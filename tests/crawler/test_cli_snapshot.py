"""`dossier snapshot` on a real archive, as its user meets it."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.snapshots import parquet
from crawler.cli import main
from crawler.cli import snapshot as verb
from tests.filling import ARTICLES, fill


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a snapshot of the day before yesterday."""
    data = fill(tmp_path_factory.mktemp("kept") / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verb, "now", lambda: datetime.fromisoformat("2026-03-12T03:00:00Z"))
        assert run(data, "snapshot").exit_code == 0
    return data


@pytest.fixture
def data(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(verb, "now", lambda: datetime.fromisoformat("2026-03-14T03:00:00Z"))
    return Path(shutil.copytree(kept, tmp_path / "data", symlinks=True))


def run(data: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *words], prog_name="dossier")


def test_it_says_where_it_is_what_is_in_it_and_what_changed(data: Path) -> None:
    base = data / "snapshots" / "2026-03-12"
    text = (base / "articles.csv").read_text(encoding="utf-8")
    (base / "articles.csv").write_text(text.replace("Kabul market reopens", "Kabul market closes"), encoding="utf-8")
    (base / "SHA256SUMS").unlink()
    lines = run(data, "snapshot").output.splitlines()
    assert lines[0].startswith(f"6 articles in {data}/snapshots/2026-03-14 (5 stories, 1 earlier text, 3 outlets; ")
    assert lines[1] == (
        "Since 2026-03-12: 0 added, 1 changed, 0 gone. Look at changes.csv there, "
        "or in a spreadsheet at changes-spreadsheet.csv."
    )
    assert len(lines) == 2


def test_json_tells_all_of_it(data: Path) -> None:
    done = json.loads(run(data, "snapshot", "--json").output)
    assert (done["articles"], done["day"], done["base"]) == (len(ARTICLES), "2026-03-14", "2026-03-12")
    assert done["changes"] == {"added": 0, "changed": 0, "texts": 0, "taken_down": 0, "gone": 0}
    assert done["rows"]["stories"] == 5


def test_status_tells_of_the_newest_one(data: Path) -> None:
    assert "Newest snapshot: 2026-03-12, 6 articles\n" in run(data, "status").output
    run(data, "snapshot")
    told = "Newest snapshot: 2026-03-14, 6 articles; since 2026-03-12 0 added, 0 changed, 0 gone\n"
    assert told in run(data, "status").output
    assert json.loads(run(data, "status", "--json").output)["snapshot"]["base"] == "2026-03-12"
    shutil.rmtree(data / "snapshots")
    assert "none yet: `dossier snapshot` takes one" in run(data, "status").output
    assert json.loads(run(data, "status", "--json").output)["snapshot"] is None


def test_words_of_earlier_texts_are_counted_as_those_of_articles(data: Path) -> None:
    run(data, "snapshot")
    assert ',15,"cTraders' in (data / "snapshots" / "latest" / "versions.csv").read_text(encoding="utf-8")


def test_the_newest_are_kept_and_the_others_go(data: Path) -> None:
    for day in ("2026-03-10", "2026-03-11"):
        shutil.copytree(data / "snapshots" / "2026-03-12", data / "snapshots" / day)
    told = run(data, "snapshot", "--gzip", "--keep-last", "1").output
    assert "Removed: 2026-03-10, 2026-03-11." in told
    assert (data / "snapshots" / "2026-03-12").is_dir()  # the one that changes.csv was compared with
    assert (data / "snapshots" / "latest" / "articles.csv.gz").is_file()


def test_a_damaged_older_one_is_told(data: Path) -> None:
    (data / "snapshots" / "2026-03-12" / "articles.csv").write_text("url\n", encoding="utf-8")
    done = run(data, "snapshot")
    assert done.exit_code == 0
    assert "dossier: not compared with 2026-03-12/articles.csv is damaged" in done.stderr
    assert "No older snapshot to compare with" in done.stdout


def test_columns_that_were_not_compared_are_named(data: Path) -> None:
    assert "body was not compared" in run(data, "snapshot", "--bodies").output


def test_a_snapshot_that_cannot_be_written_ends_with_its_own_code(data: Path) -> None:
    shutil.rmtree(data / "snapshots")
    (data / "snapshots").write_text("in the way")
    done = run(data, "snapshot")
    assert done.exit_code == 3
    assert "cannot be written" in done.stderr


def test_where_parquet_cannot_be_written_it_says_how_to_mend_that(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda _name: None)
    done = run(data, "snapshot", "--parquet")
    assert done.exit_code == 3
    assert "pip install 'dossier-news[parquet]', or leave out --parquet" in done.stderr
