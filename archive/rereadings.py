"""Rereadings: what the archive has of an article, to be read again from its own bytes, and the new reading of it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from archive.captures import refresh
from archive.furniture import unpacked
from archive.rows import ArticleRow, DetailRows, MembershipRow, Reading

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

CHOSEN = """
SELECT articles.id FROM articles JOIN outlets ON outlets.id = outlet_id
WHERE record_id IS NOT NULL AND COALESCE(published, fetched) >= :since AND (:outlet = '' OR domain = :outlet)
ORDER BY COALESCE(published, fetched), articles.id
"""
WITHOUT_BYTES = """
SELECT COUNT(*) FROM articles JOIN outlets ON outlets.id = outlet_id
WHERE record_id IS NULL AND COALESCE(published, fetched) >= :since AND (:outlet = '' OR domain = :outlet)
"""
# What was announced of it: by the address under which it was asked for first. CROSS JOIN and + keep the order: SQLite
# would go through all candidates, for each article.
ANNOUNCED = """
SELECT candidates.title, candidates.published FROM aliases CROSS JOIN topics
CROSS JOIN candidates ON candidates.topic_id = topics.id AND candidates.url = aliases.url
WHERE article_id = ? ORDER BY +candidates.id LIMIT 1
"""
COLUMNS = tuple(one.name for one in fields(ArticleRow) if one.name not in {"outlet", "outlet_name"})
STORED = f"""
SELECT domain, {", ".join(f"articles.{name}" for name in COLUMNS)}
FROM articles JOIN outlets ON outlets.id = outlet_id WHERE articles.id = ?
"""
DEFINITIONS = """
SELECT topic_id, name, definition, verdict FROM article_topics JOIN topics ON topics.id = topic_id
WHERE article_id = ? ORDER BY topic_id
"""
FLAGS = ("is_paywalled", "is_partial", "is_agency")


class Rereadings:
    """The articles of an archive, as they are read again."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def chosen(self, since: str = "", outlet: str = "") -> array[int]:
        """The ids of the articles whose bytes are kept, by date: those since an ISO day, of that outlet."""
        with self.archive.reading() as db:
            rows = db.execute(CHOSEN, {"since": since, "outlet": outlet})
            return array("q", (number for (number,) in rows))

    def without_bytes(self, since: str = "", outlet: str = "") -> int:
        """How many articles of that choice cannot be read again."""
        with self.archive.reading() as db:
            return int(db.execute(WITHOUT_BYTES, {"since": since, "outlet": outlet}).fetchone()[0])

    def reading(self, article_id: int) -> Reading | None:
        """Where an article's bytes lie and what was announced of it; None where it is gone."""
        with self.archive.reading() as db:
            record = self.archive.records.of_article(article_id)
            announced = db.execute(ANNOUNCED, [article_id]).fetchone() or ("", None)
        if record is None:
            return None
        return Reading(article_id=article_id, record=record, title=announced[0], published=announced[1])

    def stored(self, article_id: int) -> tuple[ArticleRow, DetailRows]:
        """An article as it is in the archive, with what stands beside its text."""
        with self.archive.reading() as db:
            domain, *values = db.execute(STORED, [article_id]).fetchone()
            return _article(domain, dict(zip(COLUMNS, values, strict=True))), _details(db, article_id)

    def topics(self, article_id: int) -> list[tuple[int, str, str, str]]:
        """Id, name and definition of the topics that have judged an article, and the verdict of each."""
        with self.archive.reading() as db:
            return [tuple(row) for row in db.execute(DEFINITIONS, [article_id]).fetchall()]

    def refresh(
        self,
        article_id: int,
        article: ArticleRow,
        details: DetailRows,
        fingerprints: Sequence[int],
        memberships: Sequence[MembershipRow],
    ) -> None:
        """Put a new reading of the same bytes in the place of the old one, in one transaction."""
        with self.archive.writing() as db:
            refresh(db, article_id, article, details, fingerprints, memberships)


def _article(domain: str, values: dict[str, Any]) -> ArticleRow:
    return ArticleRow(outlet=domain, **values | {name: bool(values[name]) for name in FLAGS})


def _details(db: Database, article_id: int) -> DetailRows:
    witnesses = "SELECT field, witness, others FROM witnesses WHERE article_id = ? ORDER BY field"
    captions = "SELECT caption FROM captions WHERE article_id = ? ORDER BY place"
    posts = "SELECT line, published, title FROM posts WHERE article_id = ? ORDER BY line"
    lines = "SELECT lines, furniture FROM article_lines WHERE article_id = ?"
    found = db.execute(lines, [article_id]).fetchone() or (b"", b"")
    return DetailRows(
        witnesses=tuple(map(tuple, db.execute(witnesses, [article_id]).fetchall())),
        captions=tuple(caption for (caption,) in db.execute(captions, [article_id]).fetchall()),
        posts=tuple(map(tuple, db.execute(posts, [article_id]).fetchall())),
        lines=unpacked(found[0]),
        furniture=unpacked(found[1]),
    )
