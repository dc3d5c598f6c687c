from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import queries
from archive.condition import condition
from archive.history import history, pairs
from archive.queries import NoArchiveError, Reader, open_reader, row, rows
from archive.schema import migrations
from archive.search import search
from archive.store import Archive
from tests.filling import ARTICLES, HOSTILE, NOW, fill

VALUES = {
    "limit": 5, "window": 100, "url": "https://wire.example/doha", "article": 4, "story": 1, "candidate": 1,
    "host": "slow.example", "now": NOW, "topic": 1, "name": "talks", "match": '"doha"', "ids": "[1, 2]",
    "domain": "wire.example", "dropped": 8, "version": 1,
}  # fmt: skip
NAMED = sorted(name for name, value in vars(queries).items() if name.isupper() and "SELECT" in str(value))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def db(filled: Path) -> Iterator[Reader]:
    with closing(open_reader(filled)) as opened:
        yield opened


@pytest.mark.parametrize("name", NAMED)
def test_every_named_query_answers(db: Reader, name: str) -> None:
    sql = getattr(queries, name).replace("{columns}", "url, story, topics")
    assert rows(db, sql, **VALUES)


def test_a_reader_cannot_write(db: Reader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM articles")


def test_a_missing_archive_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoArchiveError, match="run `dossier crawl` first"):
        open_reader(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_database_of_something_else_is_no_archive(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "news.db")) as other:
        other.execute("CREATE TABLE notes (text)")
    with pytest.raises(NoArchiveError, match="no archive"):
        open_reader(tmp_path)


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    with closing(open_reader(fill(tmp_path / "50% off? #1 & a b"))) as db:
        assert rows(db, queries.TOTALS)[0]["articles"] == len(ARTICLES)


def test_reader_and_writer_do_not_wait_for_each_other_and_the_reader_sees_one_moment(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(open_reader(tmp_path)) as reading, closing(Archive.open(tmp_path)) as archive:
        before = row(reading, queries.TOTALS)
        with archive.writing() as db:
            db.execute("DELETE FROM versions")
            assert row(reading, queries.TOTALS) == before
        assert row(reading, queries.TOTALS) == before
        with closing(open_reader(tmp_path)) as later:
            assert rows(later, queries.TOTALS)[0]["versions"] == 0


def test_the_story_of_an_address_has_who_announced_it_and_what_became_of_it(db: Reader) -> None:
    told = history(db, "https://wire.example/doha", NOW)
    assert told.candidates[0]["state"] == "stored"
    assert told.candidates[0]["sightings"][0]["source"] == "https://wire.example/feed.xml"
    assert told.article is not None
    assert told.article["title"] == "Doha talks end with a draft"
    assert [one["outlet"] for one in told.story] == ["wire.example", "herald.example"]
    assert told.topics[0]["matched"] == [["doha", 0.4], ["talks", 0.2]]
    assert told.records[0]["warc_file"] == "a.warc.gz"


def test_every_address_of_an_article_tells_its_story(db: Reader) -> None:
    told = history(db, "https://wire.example/doha/amp", NOW)
    assert told.article is not None
    assert told.article["url"] == "https://wire.example/doha"
    assert [one["url"] for one in told.candidates] == ["https://wire.example/doha"]


def test_a_refused_address_tells_by_whom_and_a_resting_host_until_when(db: Reader) -> None:
    assert history(db, "https://closed.example/a", NOW).candidates[0]["reason"].startswith("robots")
    resting = history(db, "https://slow.example/b", NOW).candidates[0]
    assert resting["rest"]["rests_until"] == "2999-01-01T00:00:00Z"
    assert history(db, "https://slow.example/b", "3000-01-01T00:00:00Z").candidates[0]["rest"] is None


def test_an_address_never_seen_is_unknown(db: Reader) -> None:
    assert not history(db, "https://nobody.example/", NOW).is_known


def test_no_internal_id_leaves_the_archive_in_a_story(db: Reader) -> None:
    told = history(db, "https://wire.example/doha", NOW)
    kept = [
        *told.candidates,
        *told.story,
        *told.versions,
        *told.events,
        *told.records,
        *told.aliases,
        *told.topics,
        told.article or {},
    ]
    assert not [key for one in kept for key in one if key == "id" or key.endswith("_id")]


@pytest.mark.parametrize("matched", ["", "nonsense", "{}", "3", '[1, ["a"]]'])
def test_matched_terms_that_cannot_be_read_are_none(matched: str) -> None:
    assert pairs(matched) == []


def test_the_state_of_an_archive_adds_up(db: Reader, filled: Path) -> None:
    state = condition(db, filled, NOW)
    assert state.totals["articles"] == len(ARTICLES)
    assert state.topics[0]["keep"] + state.topics[0]["review"] == len(ARTICLES)
    assert sum(state.topics[0]["candidates"].values()) == len(ARTICLES) + 4
    assert state.runs[0]["counts"]["outcome/stored"] == 6
    assert [one["channel"] for one in state.sources] == ["sitemaps", "feeds"]
    assert state.failures[0]["due_again"] == 1
    assert state.resting[0]["host"] == "slow.example"
    assert state.disk["database"] > 0
    assert state.disk["warc"] == 0


def test_disk_use_counts_all_files_of_a_part(tmp_path: Path) -> None:
    data = fill(tmp_path)
    (data / "warc" / "deep").mkdir(parents=True)
    (data / "warc" / "a.warc.gz").write_bytes(b"x" * 1000)
    (data / "warc" / "deep" / "b.warc.gz").write_bytes(b"x" * 500)
    with closing(open_reader(data)) as db:
        assert condition(db, data, NOW).disk["warc"] == 1500


@pytest.mark.parametrize("name", ["LATEST", "BY_MONTH", "ARTICLE_OF", "STORY_OF", "CANDIDATES_OF"])
def test_what_is_asked_often_does_not_read_the_whole_archive(db: Reader, name: str) -> None:
    sql = getattr(queries, name)
    plan = [step["detail"] for step in rows(db, f"EXPLAIN QUERY PLAN {sql}", **VALUES)]
    whole = [step for step in plan if step.startswith("SCAN") and "INDEX" not in step and "SUBQUERY" not in step]
    assert not [step for step in whole if step.split()[1] in {"a", "articles", "c", "candidates"}]


def test_hostile_text_stays_text(db: Reader) -> None:
    found = search(db, "evil", 5).found[0]
    assert found.title == HOSTILE
    assert replace(found).url == "https://herald.example/hostile?a=1&b=%3C2%3E"


@pytest.mark.parametrize(("last", "mend"), [("m007_extraction", "rescore --dry-run"), ("m999_x", "update this one")])
def test_an_archive_of_another_release_is_told_with_what_to_do(last: str, mend: str, tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    migrations.apply(db, stop_before="m008_judgement")
    db.execute("UPDATE _sqlite_migrations SET name = ? WHERE name = 'm007_extraction'", [last])
    db.close()
    with pytest.raises(NoArchiveError, match=mend):
        open_reader(tmp_path)


def test_the_queries_are_those_of_the_newest_archive() -> None:
    assert [one.name for one in migrations.pending(Database(memory=True))][-1] == queries.NEWEST
