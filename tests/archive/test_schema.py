from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from datasette.utils import detect_fts
from sqlite_utils import Database

from archive import schema
from archive.rows import CaptureRows
from archive.schema import migrate, migrations, rebuild
from archive.store import Archive, StoreError

NOW = "2019-02-01T12:00:00Z"
Make = Callable[..., CaptureRows]
NAMES = [
    "m001_create_tables",
    "m002_full_text",
    "m003_views",
    "m004_discovery",
    "m005_listeners",
    "m006_spares",
    "m007_extraction",
    "m008_judgement",
    "m009_catalogue",
    "m010_source_days",
    "m011_merging",
]


def matches(db: Database, word: str) -> int:
    return int(db.execute("SELECT COUNT(*) FROM articles_fts WHERE articles_fts MATCH ?", [word]).fetchone()[0])


def whole(db: Database) -> bool:
    """Whether the database, its references and its full-text index are sound; FTS5 raises where they are not."""
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
    is_sound = db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return is_sound and db.execute("PRAGMA foreign_key_check").fetchall() == []


def fill(db: Database) -> None:
    """Two articles by plain SQL, as any release would find them."""
    db.execute("INSERT INTO outlets (id, domain) VALUES (1, 'a.example')")
    for number, word in enumerate(("quorum", "ceasefire"), 1):
        about = {"id": number, "url": f"https://a.example/{number}", "outlet_id": 1, "title": f"Day {number}"}
        text = {"fetched": NOW, "content_hash": word, "body": f"The envoys and the {word}."}
        db["articles"].insert(about | text)


@pytest.mark.parametrize("stop", NAMES[1:])
def test_a_filled_archive_of_any_age_is_migrated_and_searched(stop: str, tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    migrations.apply(db, stop_before=stop)
    fill(db)
    migrate(db, tmp_path / "news.db")
    assert migrations.pending(db) == []
    assert [matches(db, word) for word in ("envoy", "quorum", "truce")] == [2, 1, 0]
    assert whole(db)
    db.close()


def test_every_migration_has_its_number_and_is_proven_above(archive: Archive) -> None:
    assert [migration.name for migration in migrations.applied(archive.db)] == NAMES == sorted(NAMES)


def test_articles_are_rebuilt_with_all_that_hangs_on_them(
    archive: Archive, rows: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A migration of the next release adds a column to a filled archive."""
    for number in range(1, 6):
        archive.articles.store(rows(number), NOW)
    before = hanging(archive.db)
    archive.close()
    next_release = schema.Migrations("dossier")
    next_release._migrations = [*migrations._migrations]

    @next_release()
    def m999_places(db: Database) -> None:
        sql = db.execute("SELECT sql FROM sqlite_master WHERE name = 'articles'").fetchone()[0]
        columns = sql[sql.index("(") + 1 : sql.rindex(")")]
        rebuild(db, columns.replace("    body TEXT", "    place TEXT DEFAULT 'Doha',\n    body TEXT"))

    monkeypatch.setattr(schema, "migrations", next_release)
    opened = Archive.open(archive.folder)
    assert [column.name for column in opened.db["articles"].columns][-2:] == ["place", "body"]
    assert hanging(opened.db) == before
    assert opened.db.execute("SELECT DISTINCT place FROM articles").fetchall() == [("Doha",)]
    assert matches(opened.db, "envoys") == 5
    opened.db.execute("UPDATE articles SET body = 'The quorum was there.' WHERE id = 3")
    opened.db.execute("DELETE FROM fingerprints WHERE article_id = 3")
    assert (matches(opened.db, "quorum"), matches(opened.db, "envoys")) == (1, 4)
    assert whole(opened.db)
    with pytest.raises(sqlite3.IntegrityError):
        opened.db.execute("INSERT INTO aliases (url, article_id, kind) VALUES ('https://x.example/', 99, 'requested')")
    opened.close()


def hanging(db: Database) -> list[tuple[str, str]]:
    """All indexes, triggers and views."""
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger', 'view') AND sql NOT NULL ORDER BY name"
    )
    return list(db.execute(query).fetchall())


def test_a_rebuilt_table_keeps_the_body_last(archive: Archive) -> None:
    with pytest.raises(ValueError, match="last column"), archive.writing() as db:
        rebuild(db, "id INTEGER PRIMARY KEY, body TEXT, url TEXT")
    assert archive.db["articles"].exists()
    assert not archive.db["articles_new"].exists()


def test_a_change_of_other_columns_leaves_the_full_text_index_alone(archive: Archive, rows: Make) -> None:
    archive.articles.store(rows(1), NOW)
    query = "SELECT COUNT(*), SUM(LENGTH(block)) FROM articles_fts_data"
    before = archive.db.execute(query).fetchall()
    archive.db.execute("UPDATE articles SET story_relation = 'exact copy', words = 7, month = '2019-02'")
    assert archive.db.execute(query).fetchall() == before
    archive.db.execute("UPDATE articles SET body = 'quorum'")
    assert archive.db.execute(query).fetchall() != before


def touched(db: Database) -> list[int]:
    """The articles that have changed, in the order of their last change; forgotten then."""
    found = [article_id for (article_id,) in db.execute("SELECT article_id FROM touched ORDER BY seq").fetchall()]
    db.execute("DELETE FROM touched")
    return found


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE articles SET title = 'Doha' WHERE id = 2", [2]),
        ("UPDATE OR IGNORE articles SET month = '2019-07'", [1, 2, 3]),
        ("UPDATE articles SET published = NULL, body = 'quorum' WHERE id = 1", [1]),
        ("UPDATE articles SET title = title, body = body, published = published, story_id = story_id", []),
        ("UPDATE articles SET story_similarity = 0.5, section = 'world', fetched = '2020'", []),
        ("UPDATE article_topics SET verdict = 'drop' WHERE article_id != 2", [1, 3]),
        ("UPDATE article_topics SET verdict = verdict, score = 0.1", []),
        ("UPDATE article_topics SET topic_id = 2 WHERE article_id = 3", [3]),
        ("INSERT OR REPLACE INTO article_topics (article_id, topic_id, score, verdict) VALUES (2, 2, 1, 'keep')", [2]),
        ("DELETE FROM article_topics WHERE article_id = 1", [1]),
    ],
)
def test_whatever_changes_of_an_article_it_is_touched_and_else_not(
    archive: Archive, rows: Make, change: str, found: list[int]
) -> None:
    archive.topics.ensure("other", "Another one", "")
    for number in (1, 2, 3):
        archive.articles.store(rows(number), NOW)
    assert touched(archive.db) == [1, 2, 3]
    archive.db.execute(change)
    assert touched(archive.db) == found


def test_the_numbers_of_changes_grow_whatever_was_the_last_and_whatever_is_gone(archive: Archive, rows: Make) -> None:
    archive.articles.store(rows(1), NOW)
    archive.db.execute("PRAGMA foreign_keys = OFF")
    seen = []
    for change in ("UPDATE articles SET kind = 'x'", "UPDATE articles SET kind = 'y'", "DELETE FROM articles"):
        archive.db.execute(change)
        seen += archive.db.execute("SELECT article_id, seq FROM touched").fetchall()
    assert [article_id for article_id, _ in seen] == [1, 1, 1]
    assert seen[0][1] < seen[1][1] < seen[2][1]
    archive.db.execute("VACUUM")
    assert archive.db.execute("SELECT article_id, seq FROM touched").fetchall() == seen[-1:]


def test_what_a_server_keeps_is_read_without_the_rows_of_articles(archive: Archive) -> None:
    asked = "SELECT id, outlet_id, month, language, kind, byline, published, story_id, story_relation FROM articles"
    plan = archive.db.execute(f"EXPLAIN QUERY PLAN {asked} INDEXED BY articles_catalogue WHERE id > 7").fetchall()
    assert [row[3] for row in plan] == ["SEARCH articles USING COVERING INDEX articles_catalogue (id>?)"]


def test_datasette_finds_the_full_text_index(archive: Archive) -> None:
    assert detect_fts(archive.db.conn, "articles") == "articles_fts"


@pytest.mark.parametrize(("word", "found"), [("negotiating", 1), ("NEGOTIATED", 1), ("Erdogan", 1), ("resume", 1)])
def test_words_are_found_in_any_form_and_without_their_accents(
    archive: Archive, rows: Make, word: str, found: int
) -> None:
    archive.articles.store(rows(1, body="They negotiate: Erdoğan's résumé."), NOW)
    assert matches(archive.db, word) == found


@pytest.mark.parametrize("view", ["latest_articles", "articles_by_month", "widest_stories", "rejected_candidates"])
def test_a_view_can_be_read(archive: Archive, rows: Make, view: str) -> None:
    archive.articles.store(rows(1), NOW)
    archive.db.execute(f"SELECT * FROM {view}").fetchall()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    db = Database(tmp_path / "news.db")
    db["articles"].insert({"id": 1, "text": "mine"})
    db.close()
    with pytest.raises(StoreError, match="some other program"):
        Archive.open(tmp_path)
    with Database(tmp_path / "news.db") as again:
        assert list(again["articles"].rows) == [{"id": 1, "text": "mine"}]


def test_an_archive_of_a_newer_release_is_left_alone(tmp_path: Path) -> None:
    archive = Archive.open(tmp_path)
    migrations._record_applied(archive.db, "m998_from_the_future")
    archive.close()
    with pytest.raises(StoreError, match="m998_from_the_future"):
        Archive.open(tmp_path)
