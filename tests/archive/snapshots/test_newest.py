from __future__ import annotations

from contextlib import closing
from pathlib import Path

from archive.queries import open_reader
from archive.snapshots import snapshot
from archive.snapshots.newest import last
from tests.filling import fill


def test_the_newest_snapshot_says_what_it_said_when_it_was_made(tmp_path: Path) -> None:
    assert last(tmp_path) is None
    fill(tmp_path)
    with closing(open_reader(tmp_path)) as db:
        snapshot(db, tmp_path, "2019-03-14")
        done = snapshot(db, tmp_path, "2019-03-15", bodies=True)
    found = last(tmp_path)
    assert found is not None
    assert (found.folder, found.rows, found.changes) == (done.folder, done.rows, done.changes)
    (done.folder / "datapackage.json").write_text("{", encoding="utf-8")
    found = last(tmp_path)
    assert found is not None
    assert (found.folder, found.articles, found.rows) == (done.folder, 0, {})
