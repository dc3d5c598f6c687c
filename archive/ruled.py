"""What rulings on stories allow: whoever regroups articles asks here first, inside the transaction that regroups.

So no story ever holds two articles that are ruled apart, and none loses one of two that are ruled together.
"""

from __future__ import annotations

from sqlite_utils import Database

from archive.queries import RULED

# Against it: somebody there that it is apart from, or somebody elsewhere that it is together with.
AGAINST_JOINING = f"""
SELECT 1 FROM ({RULED}) AS ruled JOIN articles AS other ON other.id = ruled.other_id
WHERE ruled.article_id = :article AND (ruling = 'apart') IS (other.story_id IS :story) LIMIT 1
"""
# Both halves go from the articles of the first story, by CROSS JOIN: the second may be one of thousands.
AGAINST_MERGING = """
SELECT 1 FROM articles AS mine CROSS JOIN story_rulings AS ruled ON ruled.article_id = mine.id
CROSS JOIN articles AS theirs ON theirs.id = ruled.other_id
WHERE mine.story_id = :story AND theirs.story_id = :other AND ruling = 'apart'
UNION ALL
SELECT 1 FROM articles AS mine CROSS JOIN story_rulings AS ruled ON ruled.other_id = mine.id
CROSS JOIN articles AS theirs ON theirs.id = ruled.article_id
WHERE mine.story_id = :story AND theirs.story_id = :other AND ruling = 'apart' LIMIT 1
"""
AGAINST_LEAVING = f"SELECT 1 FROM ({RULED}) WHERE article_id = ? AND ruling = 'together' LIMIT 1"


def may_join(db: Database, article_id: int, story_id: int) -> bool:
    """Whether no ruling keeps an article out of a story, or in another; of a new article there is none."""
    return db.execute(AGAINST_JOINING, {"article": article_id, "story": story_id}).fetchone() is None


def may_leave(db: Database, article_id: int) -> bool:
    """Whether no ruling holds an article together with another one of its story."""
    return db.execute(AGAINST_LEAVING, [article_id]).fetchone() is None


def may_merge(db: Database, story_id: int, other_id: int) -> bool:
    """Whether no ruling keeps any article of one story, best the smaller, apart from any of another."""
    return db.execute(AGAINST_MERGING, {"story": story_id, "other": other_id}).fetchone() is None
