"""Memberships: how far each article of an archive belongs to a topic, read and written in one pass over all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archive.belonging import IN, follow, put_membership
from archive.rows import MembershipRow

if TYPE_CHECKING:
    from archive.store import Archive

COLUMNS = """a.id, a.url, a.title, a.summary, a.body, a.published,
    m.score, COALESCE(m.verdict, ''), COALESCE(m.matched, '[]'), COALESCE(m.reason, ''), COALESCE(m.answer, '')"""
TEXTS = f"""
SELECT {COLUMNS} FROM articles AS a
LEFT JOIN article_topics AS m ON m.article_id = a.id AND m.topic_id = :topic
WHERE a.id > :after ORDER BY a.id LIMIT :limit
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """An article as a topic judges it, and its verdict so far: `verdict` is empty and `score` None where it has none.

    `published` is ISO 8601 UTC text. `answer` is what the user said of it, empty for nothing.
    """

    id: int
    url: str
    title: str
    summary: str = field(repr=False)
    body: str = field(repr=False)
    published: str | None
    score: float | None = None
    verdict: str = ""
    matched: str = "[]"
    reason: str = ""
    answer: str = ""


class Memberships:
    """The verdicts of topics on the articles of an archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def texts(self, topic_id: int, after: int, limit: int) -> list[StoredText]:
        """The next articles behind an id, those of other topics too; a topic with the id 0 is nobody's."""
        with self.archive.reading() as db:
            rows = db.execute(TEXTS, {"topic": topic_id, "after": after, "limit": limit}).fetchall()
        return list(map(stored_text, rows))

    def count(self) -> int:
        """How many articles there are."""
        with self.archive.reading() as db:
            return int(db.execute("SELECT COUNT(*) FROM articles").fetchone()[0])

    def put(self, text: StoredText, belongs: MembershipRow) -> None:
        """Write another verdict on an article, and let the outcome of its candidates follow, in one transaction."""
        with self.archive.writing() as db:
            put_membership(db, text.id, belongs)
            if not text.verdict and belongs.verdict in IN:
                follow(db, text.id, belongs, is_in=True)


def stored_text(row: Sequence[Any]) -> StoredText:
    """A row of COLUMNS, frozen."""
    number, url, title, summary, body, published, score, verdict, matched, reason, answer = row
    return StoredText(
        id=number, url=url, title=title, summary=summary, body=body, published=published, score=score,
        verdict=verdict, matched=matched, reason=reason, answer=answer,
    )  # fmt: skip
