from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.cells import guarded
from archive.condition import weights
from archive.snapshots import readme
from archive.snapshots.articles import ARTICLES as TABLE
from archive.snapshots.tables import TABLES as TABLES_READ
from archive.store import Archive
from tests.filling import ARTICLES, HOSTILE, Filling
from tests.snapshotted import (
    DAY,
    FILES,
    NEXT,
    check,
    contents,
    described,
    lasting,
    read,
    taken,
    written,
)


def test_the_rows_are_keyed_and_ordered_by_address_with_the_columns_promised(data: Path) -> None:
    done = taken(data)
    assert {path.name for path in done.folder.iterdir()} == FILES
    articles = read(done.folder / "articles.csv")
    assert done.articles == len(ARTICLES)
    assert list(articles[0]) == TABLE.names
    urls = [article["url"] for article in articles]
    assert urls == sorted(urls)
    assert len(set(urls)) == len(ARTICLES)
    copy = next(
        article
        for article in articles
        if article["outlet"] == "herald.example" and article["story_relation"] != "original"
    )
    assert copy["story"] == "https://wire.example/doha"
    assert copy["wire"] == "AFP"
    removed = {article["url"]: article["removed"] for article in articles if article["removed"]}
    assert removed == {"https://wire.example/ceasefire": "2019-03-13T18:00:00Z"}
    assert (copy["topics"], copy["verdicts"], copy["scores"]) == ("talks", "keep", "0.83")


def test_what_stands_beside_the_articles_is_there_too(data: Path) -> None:
    folder = taken(data, words=lambda text: 100 + len(text.split())).folder
    stories = {one["story"]: one for one in read(folder / "stories.csv")}
    shared = stories["https://wire.example/doha"]
    assert (shared["articles"], shared["outlets"], shared["languages"]) == ("2", "2", "en")
    assert (shared["first_published"], shared["last_published"]) == ("2019-03-12T09:30:00Z", "2019-03-12T11:00:00Z")
    assert stories["https://tal.example/doha"]["languages"] == "de"
    (version,) = read(folder / "versions.csv")
    assert (version["url"], version["version"], version["words"]) == ("https://wire.example/kabul-market", "1", "115")
    outlets = {one["outlet"]: one for one in read(folder / "outlets.csv")}
    assert (outlets["herald.example"]["articles"], outlets["herald.example"]["copies"]) == ("2", "1")
    assert outlets["wire.example"]["first_published"] == "2019-01-20T10:00:00Z"
    sources = {one["url"]: one for one in read(folder / "sources.csv")}
    assert sources["https://tal.example/news.xml"]["reason"] == "HTTP 500"
    assert read(folder / "coverage.csv") == [
        {"topic": "talks", "channel": "feeds", "month": "2019-03", "status": "complete", "questions": "1", "found": "6"}
    ]


def test_a_line_says_what_its_columns_say_also_where_some_are_looked_up_at_once(data: Path) -> None:
    with written(data) as db:
        db.execute("UPDATE article_topics SET verdict = 'drop' WHERE article_id = 1")
        db.execute("UPDATE articles SET byline = 'a' || char(0) || '\"b' WHERE id IN (1, 2)")
        folder = taken(data).folder
        for table in TABLES_READ:
            rows = db.execute(table.values(*table.names)) if table.name != "versions" else []
            expected = [
                dict(zip(table.names, ("" if one is None else str(one) for one in row), strict=True)) for row in rows
            ]
            assert not expected or read(folder / f"{table.name}.csv") == expected
    assert ("", "") in {(one["topics"], one["scores"]) for one in read(folder / "articles.csv")}


def test_no_id_of_the_archive_is_in_any_file(data: Path) -> None:
    before = lasting(taken(data, bodies=True).folder)
    with written(data) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        for table, columns in {
            "articles": ("articles.id", "versions.article_id", "article_topics.article_id", "stories.article_id"),
            "outlets": ("outlets.id", "articles.outlet_id", "sources.outlet_id"),
            "stories": ("stories.id", "articles.story_id"),
            "topics": ("topics.id", "article_topics.topic_id", "runs.topic_id"),
            "sources": ("sources.id", "coverage.source_id"),
            "runs": ("runs.id", "coverage.run_id"),
            "versions": ("versions.id",),
        }.items():
            most = db.execute(f"SELECT 1000 + MAX(id) FROM {table}").fetchone()[0]
            for place in columns:
                where, column = place.split(".")
                db.execute(f"UPDATE {where} SET {column} = {most} - {column}")
        db.execute("VACUUM")
    assert lasting(taken(data, NEXT, bodies=True).folder) == before


def test_an_unchanged_archive_gives_the_same_bytes(data: Path) -> None:
    one, other = taken(data, zipped=True), taken(data, NEXT, zipped=True)
    assert lasting(one.folder) == lasting(other.folder)
    assert (other.changes.base, other.rows["changes"]) == (DAY, 0)
    again = taken(data, NEXT, zipped=True)
    assert contents(again.folder) == contents(other.folder)
    assert again.changes.base == DAY


def test_the_order_of_arrival_leaves_no_trace(tmp_path: Path) -> None:
    def made(folder: Path, order: list[int]) -> dict[str, bytes]:
        archive = Archive.open(folder)
        for name in ("talks", "peace") if order[0] else ("peace", "talks"):
            archive.topics.ensure(name, name.title(), "")
        filling = Filling(archive, archive.topics.ensure("talks", "Peace talks", ""))
        filling.source = archive.sources.ensure("feeds", "https://wire.example/feed.xml", "wire.example")
        for place in order:
            filling.store(place, ARTICLES[place])
        archive.close()
        with written(folder) as db:
            db.execute(
                """INSERT INTO article_topics (article_id, topic_id, score, verdict)
                SELECT articles.id, topics.id, 0.7, 'review' FROM articles, topics WHERE name = 'peace'"""
            )
        return contents(taken(folder).folder)

    one, other = made(tmp_path / "a", [0, 2, 3, 5]), made(tmp_path / "b", [5, 3, 2, 0])
    assert one == other
    assert b'"peace talks","review keep","0.7 0.83"' in one["articles.csv"]


def test_a_snapshot_of_the_same_day_replaces_the_first_and_leaves_nothing_beside_it(data: Path) -> None:
    taken(data)
    with written(data) as db:
        db.execute("UPDATE articles SET section = 'World' WHERE id = 1")
    assert b"World" in (taken(data).folder / "articles.csv").read_bytes()
    assert {path.name for path in (data / "snapshots").iterdir()} == {DAY, ".lock", "latest"}
    assert {path.name for path in (data / "snapshots" / DAY).iterdir()} == FILES


def test_a_snapshot_of_a_day_to_come_is_told_and_the_pointer_leads_to_the_one_just_taken(data: Path) -> None:
    taken(data, day="2099-01-01")
    done = taken(data)
    assert done.later == ("2099-01-01",)
    assert str((data / "snapshots" / "latest").readlink()) == DAY


def test_the_pointer_weighs_nothing_of_what_it_leads_to(data: Path) -> None:
    taken(data)
    root = data / "snapshots"
    files = [path for path in root.rglob("*") if path.is_file() and path.parent.name != "latest"]
    linked = (root / "latest").lstat().st_size
    assert weights(data)["snapshots"] == sum(path.stat().st_size for path in files) + linked


def test_bodies_are_written_when_they_are_asked_for_only(data: Path) -> None:
    assert "body" not in read(taken(data).folder / "articles.csv")[0]
    folder = taken(data, bodies=True).folder
    assert {article["body"] for article in read(folder / "articles.csv")} >= {ARTICLES[0]["body"], ARTICLES[2]["body"]}
    assert read(folder / "versions.csv")[0]["body"] == ARTICLES[3]["body"]


def test_no_cell_of_a_file_for_spreadsheets_begins_a_formula(data: Path) -> None:
    folder = taken(data, bodies=True).folder
    exact, safe = read(folder / "articles.csv"), read(folder / "articles-spreadsheet.csv")
    assert HOSTILE in {article["title"] for article in exact}
    assert any(article["title"].startswith("'=HYPERLINK") for article in safe)
    assert [list(map(guarded, one.values())) for one in exact] == [list(one.values()) for one in safe]
    raw = (folder / "articles-spreadsheet.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\r\n")
    assert not (folder / "articles.csv").read_bytes().startswith(b"\xef\xbb\xbf")


ANY_TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from('\x00\r\n",;=+-@ \t＝')), max_size=40)


@pytest.fixture(scope="module")
def rewritten(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(filled, tmp_path_factory.mktemp("rewritten") / "data"))


@settings(max_examples=10, deadline=None)
@given(title=ANY_TEXT, section=ANY_TEXT, tag=ANY_TEXT, offset=st.none() | st.integers(-900, 900), half=st.booleans())
def test_every_text_comes_back_as_it_was(
    rewritten: Path, title: str, section: str, tag: str, offset: int | None, half: bool
) -> None:
    tail = b"\xed\xa0\xbd" if half else b""  # half a surrogate pair, as UTF-8 does not have it
    with written(rewritten) as db:
        db.execute(
            "UPDATE articles SET title = CAST(? AS TEXT), section = ?, tags = ?, published_offset = ? WHERE id = 3",
            [title.encode() + tail, section, json.dumps([tag]), offset],
        )
    folder = taken(rewritten).folder
    exact, safe = (
        next(one for one in read(folder / name) if one["url"] == "https://tal.example/doha")
        for name in ("articles.csv", "articles-spreadsheet.csv")
    )
    assert exact["title"] == title + tail.decode(errors="replace")
    assert (exact["section"], json.loads(exact["tags"])) == (section, [tag])
    assert exact["published_offset"] == safe["published_offset"] == ("" if offset is None else str(offset))
    assert safe["title"] == guarded(exact["title"])
    assert [one["title"] for one in read(folder / "stories.csv") if one["story"] == exact["url"]] == [exact["title"]]


def test_a_huge_cell_is_whole_for_programs_and_cut_for_spreadsheets(data: Path) -> None:
    text = 'He said "no", \n' * 20_000
    with written(data) as db:
        db.execute("UPDATE articles SET summary = ? WHERE id = 1", [text])
    folder = taken(data).folder
    limit = csv.field_size_limit(10_000_000)
    try:
        assert text in {one["summary"] for one in read(folder / "articles.csv")}
        assert text[:32_000] in {one["summary"] for one in read(folder / "articles-spreadsheet.csv")}
    finally:
        csv.field_size_limit(limit)


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "zipped"])
def test_a_snapshot_is_what_its_descriptor_says(data: Path, zipped: bool) -> None:
    taken(data)
    with written(data) as db:
        db.execute("UPDATE articles SET title = 'Other', content_hash = 'other' WHERE id = 1")
    folder = taken(data, NEXT, bodies=True, zipped=zipped).folder
    assert check(folder) == []
    assert described(folder)["base"] == DAY
    assert described(folder)["topics"] == [{"name": "talks", "title": "Peace talks"}]
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.count(": OK") == len(FILES) - 1


@pytest.mark.parametrize(
    ("name", "was", "is_", "fault"),
    [
        ("articles.csv", b"2019-03-12T09:30:00Z", b"2019-03-12 09:30:00Z", "type-error"),
        ("stories.csv", b'"https://wire.example/doha"', b'"https://wire.example/duha"', "foreign-key"),
        ("versions.csv", b"kabul", b"kubal", "hash-count"),
    ],
)
def test_a_file_that_was_tampered_with_is_found_out(data: Path, name: str, was: bytes, is_: bytes, fault: str) -> None:
    folder = taken(data).folder
    text = (folder / name).read_bytes()
    assert was in text
    (folder / name).write_bytes(text.replace(was, is_, 1))
    assert any(fault in one for one in check(folder))
    assert subprocess.run(["sha256sum", "-c", "--status", "SHA256SUMS"], cwd=folder, check=False).returncode == 1


def test_the_readme_says_what_each_column_says(data: Path) -> None:
    folder = taken(data).folder
    text = (folder / "README.md").read_text(encoding="utf-8")
    for one in described(folder)["resources"]:
        assert one["path"] in text
        assert all(f"| {field['name']} |" in text for field in one["schema"]["fields"])


@pytest.mark.parametrize(
    ("topics", "said"),
    [
        ((), "on some topics,\n"),
        ((("talks", ""), ("dam", "The dam: `a` [b](c)\n# d")), "on *talks*, *The dam: \\`a\\` \\[b\\](c) \\# d*,\n"),
        (tuple((f"t{number}", "") for number in range(12)), "*t9*, 2 more topics,\n"),
    ],
    ids=["none", "hostile title", "many"],
)
def test_the_readme_names_the_topics(topics: tuple[tuple[str, str], ...], said: str) -> None:
    assert said in readme.text([], [{"name": name, "title": title} for name, title in topics])


def test_the_hashes_are_those_of_the_files(data: Path) -> None:
    folder = taken(data, zipped=True).folder
    for one in described(folder)["resources"]:
        content = (folder / one["path"]).read_bytes()
        assert (one["bytes"], one["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
