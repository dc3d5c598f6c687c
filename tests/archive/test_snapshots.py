from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from archive.cells import guarded
from archive.errors import StoreError
from archive.queries import open_reader
from archive.snapshots import COLUMNS, Snapshot, snapshot
from archive.store import Archive
from tests.filling import ARTICLES, HOSTILE, Filling, fill

DAY = "2019-03-14"
FILES = {"articles.csv", "articles-spreadsheet.csv", "README.md"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return fill(tmp_path / "data")


def taken(data: Path, day: str = DAY, *, bodies: bool = False) -> Snapshot:
    with closing(open_reader(data)) as db:
        return snapshot(db, data, day, bodies=bodies)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def read(path: Path) -> list[dict[str, str]]:
    encoding = "utf-8-sig" if "spreadsheet" in path.name else "utf-8"
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_the_rows_are_keyed_and_ordered_by_address_with_the_columns_promised(data: Path) -> None:
    done = taken(data)
    articles = read(done.folder / "articles.csv")
    assert done.articles == len(ARTICLES)
    assert list(articles[0]) == list(COLUMNS)
    urls = [article["url"] for article in articles]
    assert urls == sorted(urls)
    assert len(set(urls)) == len(ARTICLES)
    copy = next(
        article
        for article in articles
        if article["outlet"] == "herald.example" and article["story_relation"] != "original"
    )
    assert copy["story"] == "https://wire.example/doha"
    removed = {article["url"]: article["removed"] for article in articles if article["removed"]}
    assert removed == {"https://wire.example/ceasefire": "2019-03-13T18:00:00Z"}
    assert (copy["topics"], copy["verdicts"], copy["scores"]) == ("talks", "keep", "0.83")


def test_an_unchanged_archive_gives_the_same_bytes(data: Path) -> None:
    one, other = taken(data), taken(data, "2019-03-15")
    assert contents(one.folder) == contents(other.folder)


def test_the_order_of_arrival_leaves_no_trace(tmp_path: Path) -> None:
    def filled(folder: Path, order: list[int]) -> Path:
        archive = Archive.open(folder)
        filling = Filling(archive, archive.topics.ensure("talks", "Peace talks", ""))
        filling.source = archive.sources.ensure("feeds", "https://wire.example/feed.xml", "wire.example")
        for place in order:
            filling.store(place, ARTICLES[place])
        archive.close()
        return taken(folder).folder

    assert contents(filled(tmp_path / "a", [0, 2, 3, 5])) == contents(filled(tmp_path / "b", [5, 3, 2, 0]))


def test_a_snapshot_of_the_same_day_replaces_the_first_and_leaves_nothing_beside_it(data: Path) -> None:
    taken(data)
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        db.execute("UPDATE articles SET section = 'World' WHERE id = 1")
    assert b"World" in (taken(data).folder / "articles.csv").read_bytes()
    assert {path.name for path in (data / "snapshots").iterdir()} == {DAY, ".lock"}
    assert {path.name for path in (data / "snapshots" / DAY).iterdir()} == FILES


def test_bodies_are_written_when_they_are_asked_for_only(data: Path) -> None:
    assert "body" not in read(taken(data).folder / "articles.csv")[0]
    articles = read(taken(data, bodies=True).folder / "articles.csv")
    assert {article["body"] for article in articles} >= {ARTICLES[0]["body"], ARTICLES[2]["body"]}


def test_the_file_for_programs_holds_what_the_archive_holds(data: Path) -> None:
    assert HOSTILE in {article["title"] for article in read(taken(data).folder / "articles.csv")}


def test_no_cell_of_the_file_for_spreadsheets_begins_a_formula(data: Path) -> None:
    folder = taken(data, bodies=True).folder
    exact, safe = read(folder / "articles.csv"), read(folder / "articles-spreadsheet.csv")
    assert len(exact) == len(safe)
    assert any(article["title"].startswith("'=HYPERLINK") for article in safe)
    texts = [value for article in safe for name, value in article.items() if not name.startswith("published_offset")]
    assert texts == [guarded(text) for text in texts]


def test_a_spreadsheet_is_told_that_the_file_is_utf8(data: Path) -> None:
    folder = taken(data).folder
    assert (folder / "articles-spreadsheet.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert not (folder / "articles.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_readme_says_what_each_column_says(data: Path) -> None:
    text = (taken(data).folder / "README.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in text for name in COLUMNS)


def test_what_a_killed_snapshot_left_is_removed_by_the_next(data: Path) -> None:
    left = data / "snapshots" / ".building"
    left.mkdir(parents=True)
    (left / "articles.csv").write_text("half")
    folder = taken(data).folder
    assert not left.exists()
    assert "half" not in (folder / "articles.csv").read_text(encoding="utf-8")


AGAIN = """
import sys
from contextlib import closing
from pathlib import Path
from archive.queries import open_reader
from archive.snapshots import snapshot
data = Path(sys.argv[1])
with closing(open_reader(data)) as db:
    print("ready", flush=True)
    while True:
        snapshot(db, data, "2019-03-14", bodies=True)
"""


def test_a_kill_at_any_moment_leaves_a_whole_snapshot(data: Path) -> None:
    whole = contents(taken(data, bodies=True).folder)
    for number in range(5):
        process = subprocess.Popen([sys.executable, "-c", AGAIN, str(data)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.013 * (number + 1))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert contents(data / "snapshots" / DAY) == whole


def test_a_snapshot_that_cannot_be_written_says_so(data: Path) -> None:
    (data / "snapshots").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be written"):
        taken(data)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
def test_a_full_disk_is_told_and_the_old_snapshot_stays(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(taken(data).folder)
    real = Path.open

    def full(path: Path, *words: object, **names: object) -> object:
        return real(Path("/dev/full") if path.name == "articles.csv" else path, *words, **names)  # type: ignore[call-overload]  # passes on

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        with pytest.raises(StoreError, match="No space left") as fault:
            taken(data)
    assert fault.value.kind == "full"
    assert contents(data / "snapshots" / DAY) == before
    assert not (data / "snapshots" / ".building").exists()


ONCE = """
import resource, sys
from contextlib import closing
from pathlib import Path
from archive.queries import open_reader
from archive.snapshots import snapshot
data = Path(sys.argv[1])
with closing(open_reader(data)) as db:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    snapshot(db, data, "2019-03-14", bodies=True)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_does_not_grow_with_the_archive(data: Path) -> None:
    with closing(Archive.open(data)) as archive, archive.writing() as db:
        db.execute("DROP TRIGGER articles_ai")  # the index plays no part, and would take most of the time
        columns = ", ".join(name for name in archive.db["articles"].columns_dict if name not in {"id", "url", "body"})
        db.execute(
            f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
            INSERT INTO articles (url, {columns}, body)
            SELECT 'https://wire.example/' || i, {columns}, hex(zeroblob(10000)) FROM n, articles WHERE id = 1"""
        )
    done = subprocess.run([sys.executable, "-c", ONCE, str(data)], capture_output=True, text=True, check=True)
    assert (data / "snapshots" / DAY / "articles.csv").stat().st_size > 10_000_000
    assert int(done.stdout) < 6_000  # kilobytes, for 10 MB of text
