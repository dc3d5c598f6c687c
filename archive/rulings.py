"""Rulings: which articles carry one text and which do not, because somebody said so; no regrouping undoes them.

A ruling is a pair of articles, either together or apart. Pairs outlast the stories that they are about; what they
allow stands in `archive/ruled.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from archive.stories import EVERY, Stories

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

RULE = """
INSERT INTO story_rulings (article_id, other_id, ruling, made) VALUES (MIN(:one, :two), MAX(:one, :two), :ruling, :made)
ON CONFLICT (article_id, other_id) DO UPDATE SET ruling = excluded.ruling, made = excluded.made
"""
PART = """
INSERT INTO story_rulings (article_id, other_id, ruling, made)
SELECT MIN(mine.id, theirs.id), MAX(mine.id, theirs.id), 'apart', :made FROM articles AS mine, articles AS theirs
WHERE mine.story_id = :story AND theirs.story_id = :other
ON CONFLICT (article_id, other_id) DO UPDATE SET ruling = excluded.ruling, made = excluded.made
"""
RECONCILE = """
DELETE FROM story_rulings WHERE ruling = 'apart'
AND article_id IN (SELECT id FROM articles WHERE story_id = :story)
AND other_id IN (SELECT id FROM articles WHERE story_id = :story)
"""


class Rulings:
    """What somebody ruled about the stories of an archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def split(self, article_ids: Sequence[int], now: str) -> int:
        """The new story of these articles, which leave their old one together and for good.

        They must be of one story, and not all of it. `now` is ISO 8601 UTC text.
        """
        with self.archive.writing() as db:
            old = _story_of(db, article_ids[0])
            new = int(db.execute("INSERT INTO stories (article_id) VALUES (?)", [article_ids[0]]).lastrowid or 0)
            for article_id in article_ids:
                db.execute("UPDATE articles SET story_id = ? WHERE id = ?", [new, article_id])
            _tie(db, article_ids, now)
            db.execute(PART, {"story": new, "other": old, "made": now})
            for story in (old, new):
                _renew(db, story)
            return new

    def merge(self, article_ids: Sequence[int], now: str) -> int:
        """The one story that the stories of these articles become, for good; what kept them apart is forgotten."""
        with self.archive.writing() as db:
            stories = sorted({_story_of(db, article_id) for article_id in article_ids})
            kept = stories[0]
            for story in stories[1:]:
                db.execute("UPDATE articles SET story_id = ? WHERE story_id = ?", [kept, story])
                db.execute("DELETE FROM stories WHERE id = ?", [story])
            db.execute(RECONCILE, {"story": kept})
            _tie(db, article_ids, now)
            _renew(db, kept)
            return kept

    def around(self, article_id: int) -> tuple[int, int]:
        """The story of an article, and how many others are in it."""
        with self.archive.reading() as db:
            story = _story_of(db, article_id)
            size = db.execute("SELECT COUNT(*) FROM articles WHERE story_id = ?", [story]).fetchone()[0]
            return story, int(size) - 1


def _story_of(db: Database, article_id: int) -> int:
    return int(db.execute("SELECT story_id FROM articles WHERE id = ?", [article_id]).fetchone()[0])


def _tie(db: Database, article_ids: Sequence[int], now: str) -> None:
    """Rule that articles are together, each with all others: whichever of them leaves, the rest stay so."""
    for one, two in combinations(article_ids, 2):
        db.execute(RULE, {"one": one, "two": two, "ruling": "together", "made": now})


def _renew(db: Database, story_id: int) -> None:
    """Make a story and the relations of all its articles true again, from the sketches that are kept."""
    # Who stood for it may be gone from it; it is given to one that is there, before the best of all is looked for.
    db.execute(
        "UPDATE stories SET article_id = (SELECT MIN(id) FROM articles WHERE story_id = :story) WHERE id = :story",
        {"story": story_id},
    )
    Stories(db).settle(story_id, EVERY)
