"""Rules: which articles are to go, and what of them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

# In the order of stories, so that each story is made true again once or twice, however many of its articles go.
DOOMED = """
CREATE TEMP TABLE doomed (place INTEGER PRIMARY KEY, article_id INTEGER NOT NULL, is_whole INTEGER NOT NULL);
"""
CHOSEN = """
INSERT INTO temp.doomed (article_id, is_whole)
SELECT id, is_whole FROM (SELECT a.id, a.story_id, {is_whole} AS is_whole FROM articles AS a WHERE {where})
WHERE is_whole OR :takes_memberships ORDER BY story_id, id
"""
_NO_OTHERS = """NOT EXISTS (SELECT 1 FROM article_topics AS k
    WHERE k.article_id = a.id AND k.topic_id != (SELECT id FROM topics WHERE name = :topic) AND k.verdict != 'drop')"""
_OF_TOPIC = """a.id IN (
    SELECT article_id FROM article_topics WHERE topic_id = (SELECT id FROM topics WHERE name = :topic))"""
_OF_OUTLET = "a.outlet_id = (SELECT id FROM outlets WHERE domain = :outlet)"
_HAS_BYTES = "EXISTS (SELECT 1 FROM records WHERE article_id = a.id)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What goes: all that is said has to hold of an article.

    `topic` is the name of one: its articles go unless another topic keeps them, which then only leave this one; and so
    does the topic itself, where nothing narrows that and it does not keep its definition. `older` is ISO 8601: what was
    published before. With `is_bytes_only`, only the bytes of the pages go.
    """

    topic: str = ""
    older: str = ""
    outlet: str = ""
    is_bytes_only: bool = False
    keeps_definition: bool = False

    @property
    def takes_topic(self) -> bool:
        """Whether the topic itself goes, with its links and runs."""
        return bool(self.topic) and not (self.older or self.outlet or self.is_bytes_only or self.keeps_definition)

    @property
    def words(self) -> str:
        """The rule as its user would type it."""
        said = [("--topic", self.topic), ("--older", self.older[:10]), ("--outlet", self.outlet)]
        flags = [("--bytes-only", self.is_bytes_only), ("--keep-definition", self.keeps_definition)]
        return " ".join([f"{name} {value}" for name, value in said if value] + [name for name, is_so in flags if is_so])

    @property
    def values(self) -> dict[str, Any]:
        """What its conditions bind."""
        takes_memberships = bool(self.topic) and not self.is_bytes_only
        return {
            "topic": self.topic,
            "older": self.older,
            "outlet": self.outlet,
            "takes_memberships": takes_memberships,
        }

    def conditions(self) -> list[str]:
        """What holds of the articles, as SQL on `articles AS a`, but for the time."""
        said = [(self.topic, _OF_TOPIC), (self.outlet, _OF_OUTLET), (self.is_bytes_only, _HAS_BYTES)]
        return [sql for is_said, sql in said if is_said]

    def choose(self, db: sqlite3.Connection) -> int:
        """How many articles the rule is about; they are in `temp.doomed` from now on, `is_whole` says which go."""
        db.execute("DROP TABLE IF EXISTS temp.doomed")
        db.execute(DOOMED)
        where = [*self.conditions(), *(["a.published < :older"] if self.older else [])]
        is_whole = _NO_OTHERS if self.topic else "1"
        sql = CHOSEN.format(is_whole=is_whole, where=" AND ".join(where) or "1")
        return db.execute(sql, self.values).rowcount
