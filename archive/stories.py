"""Stories: the groups of articles that carry one text, and who stands for each."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from sqlite_utils import Database

RAREST = 16
"""Hashes of an article that are looked for: each lies on a page of its own, which every commit has to write.

A copy shares two thirds of its hashes or more, a rewrite a third: among the 16 rarest, which texts of any length keep,
one of them at least. The whole sketch is compared then.
"""

INVERSE = {"truncated": "partial", "partial": "truncated"}
"""What the longer text is to the shorter, by what the shorter is to the longer; the other relations are mutual."""

# The longest text stands for its story, of equally long ones the earliest.
BEST = """
SELECT id, words, story_relation, story_similarity, story_jaccard FROM articles WHERE story_id = ?
ORDER BY words DESC, COALESCE(published, fetched), id LIMIT 1
"""

TALLY = """
UPDATE stories SET size = tally.size, outlets = tally.outlets
FROM (SELECT COUNT(*) AS size, COUNT(DISTINCT outlet_id) AS outlets FROM articles WHERE story_id = :story) AS tally
WHERE id = :story AND (stories.size, stories.outlets) IS NOT (tally.size, tally.outlets)
"""


class Stories:
    """The stories of an archive, inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def begin(self, article_id: int) -> None:
        """Give an article a story of its own."""
        story_id = int(self.db.execute("INSERT INTO stories (article_id) VALUES (?)", [article_id]).lastrowid or 0)
        self._relate(article_id, story_id, "original", 0.0, 0.0)

    def join(self, article_id: int, story_id: int, relation: str, similarity: float, jaccard: float) -> None:
        """Put an article into the story that it is a copy of; where it is the longer text, it stands for it."""
        self._relate(article_id, story_id, relation, similarity, jaccard)
        self.settle(story_id)

    def settle(self, story_id: int) -> None:
        """Make a story true of its articles again: how many, of how many outlets, and which one stands for them."""
        self.db.execute(TALLY, {"story": story_id})
        best, words, relation, similarity, jaccard = self.db.execute(BEST, [story_id]).fetchone()
        former = "SELECT article_id, words FROM stories JOIN articles ON articles.id = article_id WHERE stories.id = ?"
        old, old_words = self.db.execute(former, [story_id]).fetchone()
        if best == old:
            return
        # What is shared is the same seen from the other side, only the text that it is a part of is another.
        seen_back = min(1.0, round(similarity * words / max(old_words, 1), 3))
        self._relate(old, story_id, INVERSE.get(relation, relation), seen_back, jaccard)
        self._relate(best, story_id, "original", 0.0, 0.0)
        self.db.execute("UPDATE stories SET article_id = ? WHERE id = ?", [best, story_id])

    def fingerprint(self, article_id: int, fingerprints: Sequence[int]) -> None:
        """Make an article findable by the rarest of its shingle hashes, and keep all of them for comparison."""
        if hashes := sorted(set(fingerprints)):
            packed = array("q", hashes).tobytes()
            self.db.execute("INSERT INTO sketches (article_id, hashes) VALUES (?, ?)", [article_id, packed])
            rows = [(number, article_id) for number in hashes[:RAREST]]
            self.db.conn.executemany("INSERT INTO fingerprints (hash, article_id) VALUES (?, ?)", rows)

    def forget(self, article_id: int) -> None:
        """Take an article's hashes away, before those of its new text come."""
        for table in ("fingerprints", "sketches"):
            self.db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])

    def _relate(self, article_id: int, story_id: int, relation: str, similarity: float, jaccard: float) -> None:
        self.db.execute(
            """UPDATE articles SET story_id = ?, story_relation = ?, story_similarity = ?, story_jaccard = ?
            WHERE id = ?""",
            [story_id, relation, similarity, jaccard, article_id],
        )


def sketch_of(packed: bytes | None) -> frozenset[int]:
    """The hashes that a row of `sketches` holds; none where there is no row."""
    hashes = array("q")
    hashes.frombytes(packed or b"")
    return frozenset(hashes)
