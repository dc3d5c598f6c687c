from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.queries import open_reader
from archive.snapshots import Snapshot, snapshot
from archive.snapshots.changes import short
from archive.store import Archive
from tests.filling import fill

DAY, NEXT, LATER = "2019-03-14", "2019-03-15", "2019-03-16"
MOVE = """
UPDATE articles SET title = 'Talks end without a draft', words = 300, content_hash = 'other',
    fetched = '2019-03-15T08:00:00Z' WHERE url = 'https://wire.example/doha';
UPDATE articles SET removed = '2019-03-15T09:00:00Z' WHERE url = 'https://tal.example/doha';
UPDATE article_topics SET score = 0.5 WHERE article_id = (SELECT id FROM articles WHERE url LIKE '%/talks');
PRAGMA foreign_keys = OFF;
DELETE FROM articles WHERE url = 'https://wire.example/kabul-market';
UPDATE articles SET url = 'https://wire.example/new' WHERE url LIKE 'https://herald.example/hostile%';
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a snapshot, in which five articles are another matter since."""
    data = fill(tmp_path_factory.mktemp("first") / "data")
    taken(data, DAY)
    with closing(Archive.open(data)) as archive:
        archive.db.conn.executescript(MOVE)
    return data


@pytest.fixture
def data(first: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(first, tmp_path / "data", symlinks=True))


def taken(data: Path, day: str, **options: Any) -> Snapshot:
    with closing(open_reader(data)) as db:
        return snapshot(db, data, day, **options)


def read(done: Snapshot) -> dict[str, dict[str, str]]:
    with (done.folder / "changes.csv").open(encoding="utf-8", newline="") as file:
        return {one["url"]: one for one in csv.DictReader(file)}


def test_a_person_reads_what_is_new_changed_and_gone(data: Path) -> None:
    done = taken(data, NEXT)
    found = read(done)
    assert list(found) == sorted(found)
    assert {url.removeprefix("https://"): one["change"] for url, one in found.items()} == {
        "herald.example/hostile?a=1&b=%3C2%3E": "gone",
        "herald.example/world/talks": "changed",
        "tal.example/doha": "changed",
        "wire.example/doha": "changed",
        "wire.example/kabul-market": "gone",
        "wire.example/new": "added",
    }
    told = found["https://wire.example/doha"]
    assert told["columns"] == "title fetched words content_hash"
    assert told["before"] == "title: Doha talks end with a draft | words: 43"
    assert told["after"] == "title: Talks end without a draft | words: 300"
    assert found["https://herald.example/world/talks"]["after"] == "scores: 0.5"
    assert found["https://tal.example/doha"]["before"] == "removed: –"
    gone = found["https://wire.example/kabul-market"]
    assert (gone["title"], gone["outlet"], gone["published"]) == (
        "Kabul market reopens", "wire.example", "2019-02-03T00:00:00Z",
    )  # fmt: skip
    assert done.changes.counts == {"added": 1, "changed": 3, "texts": 1, "taken_down": 1, "gone": 2}
    assert (done.changes.base, done.rows["changes"]) == (DAY, 6)
    safe = (done.folder / "changes-spreadsheet.csv").read_text(encoding="utf-8-sig")
    assert "\"'=HYPERLINK" in safe


def test_the_first_snapshot_has_nothing_to_compare_with(data: Path) -> None:
    done = taken(data, "2019-03-01")
    assert (done.changes.base, done.changes.faults) == (None, ())
    assert (done.folder / "changes.csv").read_text(encoding="utf-8").count("\n") == 1
    assert json.loads((done.folder / "datapackage.json").read_text(encoding="utf-8"))["base"] is None


def test_the_base_is_the_last_one_before_that_day(data: Path) -> None:
    taken(data, LATER)
    assert taken(data, NEXT).changes.base == DAY
    assert taken(data, LATER).changes.base == NEXT
    assert taken(data, LATER).changes.counts["added"] == 0


def test_the_base_may_be_compressed(data: Path) -> None:
    plain = read(taken(data, NEXT))
    base = data / "snapshots" / DAY
    shutil.rmtree(data / "snapshots" / NEXT)
    (base / "articles.csv.gz").write_bytes(gzip.compress((base / "articles.csv").read_bytes()))
    (base / "articles.csv").unlink()
    (base / "SHA256SUMS").unlink()
    assert read(taken(data, NEXT)) == plain


def as_an_older_release_wrote_it(base: Path, dropped: set[str]) -> None:
    with (base / "articles.csv").open(encoding="utf-8", newline="") as file:
        articles = list(csv.DictReader(file))
    text = io.StringIO()
    writer = csv.DictWriter(
        text, [name for name in articles[0] if name not in dropped], extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(articles)
    for path in base.iterdir():
        path.unlink()
    (base / "articles.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    (base / "README.md").write_text("# Snapshot of a news archive\n", encoding="utf-8")


def test_a_base_of_an_older_release_is_compared_by_the_columns_that_it_has(data: Path) -> None:
    exact = read(taken(data, NEXT))
    as_an_older_release_wrote_it(data / "snapshots" / DAY, {"wire", "is_agency", "scores"})
    done = taken(data, NEXT)
    assert done.changes.missing == ("scores", "wire", "is_agency")
    assert exact.keys() - read(done).keys() == {"https://herald.example/world/talks"}
    assert read(done)["https://wire.example/doha"] == exact["https://wire.example/doha"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-400])


def scrambled(path: Path) -> None:
    path.with_name("SHA256SUMS").unlink()
    head, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(head + b"".join(reversed(rest)))


def unreadable(path: Path) -> None:
    path.with_name("SHA256SUMS").unlink()
    path.write_bytes(b"\xff\xfe" * 500)


def cut_gzip(path: Path) -> None:
    path.with_name("SHA256SUMS").unlink()
    path.with_name("articles.csv.gz").write_bytes(gzip.compress(path.read_bytes())[:-20])
    path.unlink()


def away(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [cut, scrambled, unreadable, cut_gzip, away])
def test_a_damaged_base_is_told_and_the_one_before_it_is_taken(harm: Any, data: Path) -> None:
    shutil.copytree(data / "snapshots" / DAY, data / "snapshots" / "2019-03-13")
    harm(data / "snapshots" / DAY / "articles.csv")
    done = taken(data, NEXT)
    assert done.changes.base == "2019-03-13"
    assert done.rows["changes"] == 6
    (fault,) = done.changes.faults
    assert fault.startswith(DAY)
    told = json.loads((done.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert told["changes"]["unreadable"] == [fault]
    shutil.rmtree(data / "snapshots" / "2019-03-13")
    done = taken(data, NEXT)
    assert (done.changes.base, done.rows["changes"]) == (None, 0)


@pytest.mark.parametrize(("value", "shown"), [("", "–"), ("a\n b", "a b"), ("x" * 500, "x" * 159 + "…")])
def test_values_are_shown_on_one_line(value: str, shown: str) -> None:
    assert short(value) == shown
