"""The tables of an archive, as numbered migrations: appended, never edited once released."""

from __future__ import annotations

from pathlib import Path

from sqlite_utils import Database, Migrations

from archive.changes import (
    ARTICLES,
    CATALOGUE,
    DISCOVERY,
    EXTRACTION,
    JUDGED_ARTICLES,
    JUDGEMENT,
    LISTENERS,
    MERGING,
    SOURCE_DAYS,
    SPARES,
)
from archive.errors import StoreError
from archive.tables import FULL_TEXT, INDEXES, TABLES, VIEWS

migrations = Migrations("dossier")


@migrations()
def m001_create_tables(db: Database) -> None:
    """All tables and indexes."""
    db.executescript(TABLES + INDEXES)


@migrations()
def m002_full_text(db: Database) -> None:
    """The full-text index of articles, kept in step by triggers."""
    db.executescript(FULL_TEXT)
    db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")


@migrations()
def m003_views(db: Database) -> None:
    """Views that a reader of the plain database meets first."""
    db.executescript(VIEWS)


@migrations()
def m004_discovery(db: Database) -> None:
    """The ledger of windows, the pace of sources, and where candidates can be had."""
    db.executescript(DISCOVERY)


@migrations()
def m005_listeners(db: Database) -> None:
    """Which topic heard last what a source lists."""
    db.executescript(LISTENERS)


@migrations()
def m006_spares(db: Database) -> None:
    """Where an archive has a page whose own address is asked first."""
    db.executescript(SPARES)


@migrations()
def m007_extraction(db: Database) -> None:
    """Witnesses, captions, the posts of live blogs, and the lines by which furniture is known."""
    rebuild(db, ARTICLES)
    db.executescript(EXTRACTION)


@migrations()
def m008_judgement(db: Database) -> None:
    """Credits, removals, answers, events, the ladder of rechecks, and rulings on stories."""
    rebuild(db, JUDGED_ARTICLES)
    db.executescript(JUDGEMENT)


@migrations()
def m009_catalogue(db: Database) -> None:
    """What a server keeps of articles in memory, in an index of its own, and which articles have changed since."""
    db.executescript(CATALOGUE)


@migrations()
def m010_source_days(db: Database) -> None:
    """How each source was on each day; nothing is known of the days before."""
    db.executescript(SOURCE_DAYS)


@migrations()
def m011_merging(db: Database) -> None:
    """What several archives say of one article, so that they can be joined in any order."""
    db.executescript(MERGING)


def migrate(db: Database, path: Path) -> None:
    """Bring a database to the newest schema, in one transaction; StoreError where it is not one of ours.

    It is called before foreign keys are enforced: to rebuild a table that others refer to means to drop it.
    """
    with Database(memory=True, execute_plugins=False) as empty:
        ours = {migration.name for migration in migrations.pending(empty)}
    done = {migration.name for migration in migrations.applied(db)}
    if not done and db.table_names():
        raise StoreError(f"{path} is the database of some other program; name another folder with --data")
    if newer := sorted(done - ours):
        raise StoreError(f"{path} was written by a newer dossier ({newer[-1]}); update this one")
    if done == ours:
        return
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(db)
    except BaseException:
        db.rollback()
        raise
    db.execute("COMMIT")


def rebuild(db: Database, columns: str) -> None:
    """Give `articles` other columns inside a migration; what keeps its name keeps its values.

    `columns` is the new column list as SQL, `body` last. sqlite-utils' `transform` and `add_foreign_key` would drop
    the full-text triggers without a word, so `articles` is never given to them: here its indexes and triggers are made
    again, and the full-text index is written anew.
    """
    kept = "SELECT sql FROM sqlite_master WHERE tbl_name = 'articles' AND type IN ('index', 'trigger') AND sql NOT NULL"
    statements = [sql for (sql,) in db.execute(kept).fetchall()]
    db.execute(f"CREATE TABLE articles_new ({columns})")
    names = [column.name for column in db["articles_new"].columns]
    if names[-1] != "body":
        raise ValueError("the body is the last column, so that the others are read without it")
    copied = ", ".join(column.name for column in db["articles"].columns if column.name in names)
    db.execute(f"INSERT INTO articles_new ({copied}) SELECT {copied} FROM articles ORDER BY id")
    db.execute("DROP TABLE articles")
    db.execute("PRAGMA legacy_alter_table = ON")  # else the views that name `articles` stop the renaming
    db.execute("ALTER TABLE articles_new RENAME TO articles")
    db.execute("PRAGMA legacy_alter_table = OFF")
    for statement in statements:
        db.execute(statement)
    db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')")
    if orphans := db.execute("PRAGMA foreign_key_check").fetchall():
        raise ValueError(f"{len(orphans)} rows refer to articles that are not there")
