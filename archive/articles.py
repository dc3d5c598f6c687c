"""Articles: what is known of one, whose copy it may be, and the one transaction that stores it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from archive.candidates import finish
from archive.records import insert_record
from archive.rows import ArticleRow, CaptureRows, Kin, KnownArticle
from archive.sources import outlet_id, put_validator
from archive.stories import Stories

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

LEAD = 400  # characters of a body that the copy rule compares
ANY = 2**63 - 1  # no shingle hash is as large

KNOWN = """
SELECT a.id, a.url, a.content_hash, a.words_hash, a.words, a.story_id, r.digest
FROM articles AS a LEFT JOIN records AS r ON r.id = a.record_id WHERE a.{key} = ?
"""

KIN = f"""
SELECT a.id, s.id, o.domain, a.title, substr(a.body, 1, {LEAD}), a.published, a.words, a.words_hash,
    (SELECT COUNT(*) FROM fingerprints WHERE article_id = a.id AND hash < ?)
FROM articles AS a JOIN stories AS s ON s.id = a.story_id JOIN outlets AS o ON o.id = a.outlet_id
"""

PROBE = "SELECT article_id FROM fingerprints WHERE hash = ? LIMIT ?"


class Articles:
    """The articles of an archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def known(self, urls: Sequence[str]) -> KnownArticle | None:
        """The article that one of these URLs leads to, the first that does."""
        with self.archive.reading() as db:
            for url in urls:
                row = db.execute(KNOWN.format(key="url"), [url]).fetchone()
                if row is None and (
                    alias := db.execute("SELECT article_id FROM aliases WHERE url = ?", [url]).fetchone()
                ):
                    row = db.execute(KNOWN.format(key="id"), [alias[0]]).fetchone()
                if row is not None:
                    return KnownArticle(
                        id=row[0], url=row[1], content_hash=row[2], words_hash=row[3], words=row[4], story_id=row[5],
                        digest=row[6],
                    )  # fmt: skip
        return None

    def exact(self, words_hash: str) -> Kin | None:
        """The representative of the story that holds an article of exactly these words."""
        query = f"""{KIN} WHERE a.id = (SELECT st.article_id FROM stories AS st WHERE st.id = (
            SELECT story_id FROM articles WHERE words_hash = ? ORDER BY id LIMIT 1))"""
        with self.archive.reading() as db:
            row = db.execute(query, [ANY, words_hash]).fetchone()
        return None if row is None else kin_of(row, row[8])

    def kin(self, hashes: Sequence[int], cap: int = 50, limit: int = 20, below: int = ANY) -> list[Kin]:
        """Story representatives that share most of these shingle hashes; a hash of over `cap` articles says nothing.

        Of a representative's own hashes those below `below` are counted: as many as it could share.
        """
        shared: dict[int, int] = {}
        with self.archive.reading() as db:
            for number in hashes:
                found = db.execute(
                    "SELECT article_id FROM fingerprints WHERE hash = ? LIMIT ?", [number, cap + 1]
                ).fetchall()
                for (article,) in found if len(found) <= cap else ():
                    shared[article] = shared.get(article, 0) + 1
            best = sorted(shared, key=lambda article: (-shared[article], article))[:limit]
            marks = ", ".join("?" * len(best))
            rows = db.execute(f"{KIN} WHERE a.id IN ({marks})", [below, *best]).fetchall()
        return sorted((kin_of(row, shared[row[0]]) for row in rows), key=lambda kin: (-kin.shared, kin.article_id))

    def last_record(self, warc_file: str) -> int:
        """Where the last committed record of a WARC file ends, in bytes; 0 if there is none."""
        query = "SELECT warc_offset + warc_length FROM records WHERE warc_file = ? ORDER BY warc_offset DESC LIMIT 1"
        with self.archive.reading() as db:
            row = db.execute(query, [warc_file]).fetchone()
        return 0 if row is None else int(row[0])

    def store(self, rows: CaptureRows, now: str) -> int:
        """The id of the article, stored with all that belongs to it in one transaction."""
        with self.archive.writing() as db:
            article_id = rows.article_id
            if rows.change == "new" or article_id is None:
                article_id = self._insert(db, rows)
            elif rows.change == "version":
                self._replace(db, rows, article_id)
            self._attach(db, rows, article_id)
            finish(db, rows.outcome, now)
        return article_id

    def _insert(self, db: Database, rows: CaptureRows) -> int:
        record_id = insert_record(db, rows.record)
        values = {**columns_of(db, rows.article), "url": rows.article.url, "record_id": record_id, "story_id": None}
        names = ", ".join([*values, "body"])
        marks = ", ".join("?" * (len(values) + 1))
        cursor = db.execute(
            f"INSERT INTO articles ({names}) VALUES ({marks})",
            [*values.values(), rows.article.body],
        )
        article_id = int(cursor.lastrowid or 0)
        own_record(db, record_id, article_id)
        Stories(db).place(article_id, rows)
        return article_id

    def _replace(self, db: Database, rows: CaptureRows, article_id: int) -> None:
        record_id = insert_record(db, rows.record)
        own_record(db, record_id, article_id)
        db.execute(
            """INSERT INTO versions (article_id, fetched, title, body, content_hash, record_id)
            SELECT id, fetched, title, body, content_hash, record_id FROM articles WHERE id = ?""",
            [article_id],
        )
        values = {**columns_of(db, rows.article), "record_id": record_id, "body": rows.article.body}
        sets = ", ".join(f"{name} = ?" for name in values)
        db.execute(f"UPDATE articles SET {sets} WHERE id = ?", [*values.values(), article_id])
        Stories(db).refresh(article_id, rows.fingerprints)

    def _attach(self, db: Database, rows: CaptureRows, article_id: int) -> None:
        if rows.change == "unchanged":
            own_record(db, insert_record(db, rows.record), article_id)
        belongs = rows.membership
        db.execute(
            """INSERT INTO article_topics (article_id, topic_id, score, verdict, matched) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (article_id, topic_id) DO UPDATE SET score = excluded.score, verdict = excluded.verdict,
            matched = excluded.matched WHERE score != excluded.score OR verdict != excluded.verdict""",
            [article_id, belongs.topic_id, belongs.score, belongs.verdict, belongs.matched],
        )
        for url, kind in rows.aliases:
            db.execute(
                "INSERT OR IGNORE INTO aliases (url, article_id, kind) VALUES (?, ?, ?)", [url, article_id, kind]
            )
        if rows.validator is not None:
            put_validator(db, rows.validator)


def alias_of(db: Database, url: str) -> int | None:
    """The article that a URL is another address of, or None."""
    row = db.execute("SELECT article_id FROM aliases WHERE url = ?", [url]).fetchone()
    return None if row is None else int(row[0])


def columns_of(db: Database, article: ArticleRow) -> dict[str, Any]:
    """The columns that a new text sets: all but the article's own URL, story and body."""
    values = asdict(article)
    outlet = outlet_id(db, values.pop("outlet"), values.pop("outlet_name"))
    for name in ("url", "body"):
        del values[name]
    return {"outlet_id": outlet, **values, "month": (article.published or article.fetched)[:7]}


def own_record(db: Database, record_id: int | None, article_id: int) -> None:
    """Say which article a record is of."""
    if record_id is not None:
        db.execute("UPDATE records SET article_id = ? WHERE id = ?", [article_id, record_id])


def kin_of(row: Iterable[Any], shared: int) -> Kin:
    """A row of the query KIN, as a frozen row."""
    article, story, outlet, title, lead, published, words, words_hash, fingerprints = row
    return Kin(
        article_id=article, story_id=story, outlet=outlet, title=title, lead=lead, published=published, words=words,
        words_hash=words_hash, fingerprints=fingerprints, shared=shared,
    )  # fmt: skip
