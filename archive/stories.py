"""Stories: the groups of articles that carry one text, and who stands for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from archive.rows import CaptureRows

if TYPE_CHECKING:
    from sqlite_utils import Database


class Stories:
    """The stories of an archive, inside the caller's transaction.

    Only a story's representative has fingerprints: a copy joins the representative, not any member, and a text that a
    hundred outlets carried must not look like boilerplate.
    """

    def __init__(self, db: Database) -> None:
        self.db = db

    def place(self, article_id: int, rows: CaptureRows) -> None:
        """Put a new article into its story: one of its own, or the one that it is a copy of."""
        story_id = rows.story_id
        if story_id is None:
            story_id = int(self.db.execute("INSERT INTO stories (article_id) VALUES (?)", [article_id]).lastrowid or 0)
            self._relate(article_id, story_id, "original", 0.0)
            self._fingerprint(article_id, rows.fingerprints)
            return
        self._relate(article_id, story_id, rows.story_relation, rows.story_similarity)
        old = int(self.db.execute("SELECT article_id FROM stories WHERE id = ?", [story_id]).fetchone()[0])
        if self._stands_for(old, article_id):
            self.db.execute("UPDATE stories SET article_id = ? WHERE id = ?", [article_id, story_id])
            self._relate(article_id, story_id, "original", 0.0)
            self._relate(old, story_id, rows.story_relation, rows.story_similarity)
            self.db.execute("DELETE FROM fingerprints WHERE article_id = ?", [old])
            self._fingerprint(article_id, rows.fingerprints)
        self.db.execute(
            """UPDATE stories SET size = (SELECT COUNT(*) FROM articles WHERE story_id = :id),
            outlets = (SELECT COUNT(DISTINCT outlet_id) FROM articles WHERE story_id = :id) WHERE id = :id""",
            {"id": story_id},
        )

    def refresh(self, article_id: int, fingerprints: Sequence[int]) -> None:
        """Give a representative whose text changed the fingerprints of its new text."""
        if self.db.execute("SELECT 1 FROM stories WHERE article_id = ?", [article_id]).fetchone():
            self.db.execute("DELETE FROM fingerprints WHERE article_id = ?", [article_id])
            self._fingerprint(article_id, fingerprints)

    def _stands_for(self, old: int, new: int) -> bool:
        """Whether the newcomer stands for the story from now on: it is longer, or as long and earlier."""
        facts = "SELECT words, COALESCE(published, fetched) FROM articles WHERE id = ?"
        old_words, old_time = self.db.execute(facts, [old]).fetchone()
        new_words, new_time = self.db.execute(facts, [new]).fetchone()
        return bool(new_words > old_words or (new_words == old_words and new_time < old_time))

    def _relate(self, article_id: int, story_id: int, relation: str, similarity: float) -> None:
        self.db.execute(
            "UPDATE articles SET story_id = ?, story_relation = ?, story_similarity = ? WHERE id = ?",
            [story_id, relation, similarity, article_id],
        )

    def _fingerprint(self, article_id: int, fingerprints: Sequence[int]) -> None:
        rows = [(number, article_id) for number in fingerprints]
        self.db.conn.executemany("INSERT OR IGNORE INTO fingerprints (hash, article_id) VALUES (?, ?)", rows)
