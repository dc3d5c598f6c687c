from __future__ import annotations

import csv
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.errors import StoreError
from archive.queries import open_reader
from archive.snapshots import parquet, snapshot
from archive.store import Archive
from tests.filling import HOSTILE, fill

reading = pytest.importorskip("pyarrow.parquet", reason="the extra is not installed: pip install '.[parquet]'")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("filled") / "data")


def taken(data: Path, day: str, **options: Any) -> Path:
    with closing(open_reader(data)) as db:
        return snapshot(db, data, day, parquet=True, **options).folder


def test_a_parquet_file_holds_the_rows_of_its_csv_file_typed(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "PIECE", 1)  # pieces as small as the longest row allows
    with closing(Archive.open(filled)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET section = ?, published_offset = -300 WHERE id = 1", ['a\x00b,\r\n"c"'])
    folder = taken(filled, "2019-03-14", bodies=True)
    assert reading.ParquetFile(folder / "articles.parquet").metadata.num_row_groups > 1
    found = reading.read_table(folder / "articles.parquet").to_pylist()
    with (folder / "articles.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [one["url"] for one in found] == [one["url"] for one in rows]
    assert HOSTILE in {one["title"] for one in found}
    one = next(one for one in found if one["url"] == "https://wire.example/doha")
    assert one["published"].isoformat() == "2019-03-12T09:30:00+00:00"
    assert (one["section"], one["published_offset"], one["is_paywalled"]) == ('a\x00b,\r\n"c"', -300, False)
    assert (one["modified"], one["summary"]) == (None, "Working groups are to meet in April.")
    for name in ("stories", "versions", "outlets", "sources", "coverage", "changes"):
        assert reading.ParquetFile(folder / f"{name}.parquet").schema_arrow.names


def test_the_same_tables_give_the_same_parquet_files(filled: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(filled, tmp_path / "data", symlinks=True))
    one, same = taken(filled, "2019-03-14"), taken(other, "2019-03-15", zipped=True)
    for name in ("articles", "stories", "sources"):
        assert (one / f"{name}.parquet").read_bytes() == (same / f"{name}.parquet").read_bytes()
    assert "articles.parquet" in (one / "SHA256SUMS").read_text(encoding="utf-8")


def test_where_the_library_is_missing_it_is_said_before_anything_is_written(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "find_spec", lambda _name: None)
    with pytest.raises(StoreError, match=r"pip install 'dossier-news\[parquet\]'"):
        taken(filled, "2019-03-20")
    assert not (filled / "snapshots" / "2019-03-20").exists()
