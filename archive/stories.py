"""Stories: the groups of articles that carry one text, and who stands for each."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from sqlite_utils import Database

from archive.relations import overlap_of, related, sketch_of
from archive.ruled import may_merge

RAREST = 16
"""Hashes of an article that are looked for: each lies on a page of its own, which every commit has to write.

A copy shares two thirds of its hashes or more, a rewrite a third: among the 16 rarest, which texts of any length keep,
one of them at least. The whole sketch is compared then.
"""

LONGEST = 16
"""Articles of a story, the longest first, of which one stands for it."""

NEARLY = 0.9
"""Of the longest text's words: texts of so many are equally whole, and the earliest of them is the original."""

ENOUGH = 0.5
"""Of the longest text's words: an agency's own article of so many comes first."""

MOST_RELATED = 64
"""Articles of a story that are compared anew when another stands for it, the longest first.

The others keep what they were to the one before: a story of thousands costs no more than one of that many.
"""

EVERY = -1  # as SQLite's LIMIT takes it

MOST_MOVED = 256
"""Articles of the smaller of two stories that become one; of more, each story stays as it is."""

BEST = """
SELECT id FROM (
    SELECT id, words, is_agency, COALESCE(published, fetched) AS at, MAX(words) OVER () AS longest
    FROM (
        SELECT id, words, is_agency, published, fetched FROM articles WHERE story_id = :story
        ORDER BY words DESC LIMIT :most
    )
)
ORDER BY is_agency AND words >= :enough * longest DESC, words >= :nearly * longest DESC, at, id LIMIT 1
"""

ENTER = """
UPDATE stories SET size = size + 1, outlets = outlets + NOT EXISTS (
    SELECT 1 FROM articles AS other JOIN articles AS mine ON mine.outlet_id = other.outlet_id
    WHERE mine.id = :article AND other.story_id = :story)
WHERE id = :story
"""

TALLY = """
UPDATE stories SET size = tally.size, outlets = tally.outlets
FROM (SELECT COUNT(*) AS size, COUNT(DISTINCT outlet_id) AS outlets FROM articles WHERE story_id = :story) AS tally
WHERE id = :story AND (stories.size, stories.outlets) IS NOT (tally.size, tally.outlets)
"""

MEMBERS = """
SELECT id, words, words_hash, hashes FROM articles LEFT JOIN sketches ON article_id = id
WHERE id IN (SELECT id FROM articles WHERE story_id = :story ORDER BY words DESC LIMIT :most)
    OR id = :also AND story_id = :story
"""
STANDING = "SELECT article_id FROM stories WHERE id = ?"
SKETCHED = "SELECT id, words, words_hash, hashes FROM articles LEFT JOIN sketches ON article_id = id WHERE id = ?"


class Stories:
    """The stories of an archive, inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self.db = db

    def begin(self, article_id: int) -> None:
        """Give an article a story of its own."""
        story_id = int(self.db.execute("INSERT INTO stories (article_id) VALUES (?)", [article_id]).lastrowid or 0)
        self._relate(article_id, story_id, "original", 0.0, 0.0)

    def join(self, article_id: int, story_id: int, relation: str, similarity: float, jaccard: float) -> None:
        """Put an article that has no story into the one that it is a copy of; the better original stands for it.

        Its sketch is kept first, so that the others can be compared with it. The work is the same for a story of
        thousands: they are not counted anew. Where that story went meanwhile, by hand, it has one of its own.
        """
        if not self.db.execute(ENTER, {"article": article_id, "story": story_id}).rowcount:
            self.begin(article_id)
            return
        self._relate(article_id, story_id, relation, similarity, jaccard)
        before = standing(self.db, story_id)
        if self._represent(story_id) != before:
            self._compare(story_id, also=before)

    def settle(self, story_id: int, most: int = MOST_RELATED, *, also: int | None = None) -> None:
        """Make a story true of its articles again: how many, of how many outlets, and who is what.

        So many are compared, the longest first; who stood for it is compared too, and so is the article `also`.
        """
        self.db.execute(TALLY, {"story": story_id})
        before = standing(self.db, story_id)
        self._represent(story_id)
        self._compare(story_id, most, also=before if also is None else also)

    def merge(self, story_id: int, other_id: int) -> int:
        """The story that two became, which turned out to carry one text; the first where they stay two.

        Somebody may have ruled that they are not one, or both are too large to be moved.
        """
        sizes = "SELECT id FROM stories WHERE id IN (?, ?) ORDER BY size DESC, id"
        found = [int(row[0]) for row in self.db.execute(sizes, [story_id, other_id]).fetchall()]
        if len(found) < 2:
            return story_id
        into, gone = found
        size, stood = self.db.execute("SELECT size, article_id FROM stories WHERE id = ?", [gone]).fetchone()
        if size > MOST_MOVED or not may_merge(self.db, gone, into):
            return story_id
        self.db.execute("UPDATE articles SET story_id = ? WHERE story_id = ?", [into, gone])
        self.db.execute("DELETE FROM stories WHERE id = ?", [gone])
        self.settle(into, also=stood)
        return into

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

    def _represent(self, story_id: int) -> int:
        """Let the best of its articles stand for a story; its id."""
        asked = {"story": story_id, "most": LONGEST, "enough": ENOUGH, "nearly": NEARLY}
        (best,) = self.db.execute(BEST, asked).fetchone()
        self.db.execute("UPDATE stories SET article_id = ? WHERE id = ? AND article_id != ?", [best, story_id, best])
        return int(best)

    def _compare(self, story_id: int, most: int = MOST_RELATED, *, also: int) -> None:
        """Write anew what the articles of a story are to the one that stands for it: the longest, and `also`."""
        best = standing(self.db, story_id)
        self._relate(best, story_id, "original", 0.0, 0.0)
        _, words, words_hash, packed = self.db.execute(SKETCHED, [best]).fetchone()
        original = sketch_of(packed)
        found = self.db.execute(MEMBERS, {"story": story_id, "most": most, "also": also}).fetchall()
        for number, own_words, own_hash, hashes in found:
            if number == best:
                continue
            if own_hash == words_hash:
                self._relate(number, story_id, "exact copy", 1.0, 1.0)
            else:
                overlap = overlap_of(sketch_of(hashes), original)
                self._relate(number, story_id, *related(overlap, own_words, words))

    def _relate(self, article_id: int, story_id: int, relation: str, similarity: float, jaccard: float) -> None:
        values = [story_id, relation, similarity, jaccard]
        self.db.execute(
            """UPDATE articles SET (story_id, story_relation, story_similarity, story_jaccard) = (?, ?, ?, ?)
            WHERE id = ? AND (story_id, story_relation, story_similarity, story_jaccard) IS NOT (?, ?, ?, ?)""",
            [*values, article_id, *values],
        )


def standing(db: Database, story_id: int) -> int:
    """The id of the article that stands for a story."""
    return int(db.execute(STANDING, [story_id]).fetchone()[0])
