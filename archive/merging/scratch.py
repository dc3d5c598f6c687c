"""A small archive of its own, in which articles are grouped as if they came in one after the other."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from sqlite_utils import Database

from archive.merging.companies import Grouping, Member, Ruled
from archive.merging.obeying import Ruling, parted
from archive.schema import migrate
from archive.store import Archive
from archive.stories import EVERY, Stories

NAMED = Path("the scratch archive")

PUT = """
INSERT INTO articles (id, url, outlet_id, title, published, fetched, words, words_hash, wire, is_agency, content_hash,
    body) VALUES (?, ?, (SELECT id FROM outlets WHERE domain = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
OUTLET = "INSERT OR IGNORE INTO outlets (domain) VALUES (?)"
KINSHIP = """
SELECT a.id, s.article_id, story_relation, story_similarity, story_jaccard
FROM articles AS a JOIN stories AS s ON s.id = story_id
"""
CLEAR = (
    "DELETE FROM fingerprints",
    "DELETE FROM sketches",
    "UPDATE articles SET story_id = NULL",
    "DELETE FROM stories",
    "DELETE FROM articles",
    "DELETE FROM outlets",
    "DELETE FROM touched",
)


class Joins(Protocol):
    """The story that an article joins, None for its own; what it is to who stands for that; stories that are one."""

    @property
    def story_id(self) -> int | None:
        """The story that it joins."""

    @property
    def relation(self) -> str:
        """What it is to the article that stands for the story."""

    @property
    def similarity(self) -> float:
        """How much of it is in that one."""

    @property
    def jaccard(self) -> float:
        """How much of both is in both."""

    @property
    def merges(self) -> tuple[int, ...]:
        """Stories that it shows to be one with its own."""


Join = Callable[[Archive, Member], Joins]
"""Where an article belongs that comes into an archive."""


class Scratch:
    """Groups articles by the same code as a crawl does; `join` is the rule of copies.

    Their numbers in it are their places in the order in which they come in, so that no id of an archive has a say. It
    spills to disk where there are many.
    """

    def __init__(self, join: Join) -> None:
        db = Database(sqlite3.connect(""), execute_plugins=False)
        migrate(db, NAMED)
        self.archive = Archive(NAMED, db)
        self.join = join

    def regroup(self, members: Sequence[Member], rulings: Sequence[Ruled]) -> Grouping:
        """How articles are grouped that come in in this order, and what somebody ruled of them is then obeyed."""
        with self.archive.writing() as db:
            for place, member in enumerate(members):
                self._enter(db, place, member)
            if rulings:
                self._obey(db, in_order(members, rulings))
            rows = db.execute(KINSHIP).fetchall()
            for statement in CLEAR:
                db.execute(statement)
        return {members[row[0]].id: (members[row[1]].id, row[2], row[3], row[4]) for row in rows}

    def _enter(self, db: Database, place: int, member: Member) -> None:
        found = self.join(self.archive, member)
        db.execute(OUTLET, [member.outlet])
        db.execute(PUT, [
            place, member.url, member.outlet, member.title, member.published, member.fetched, member.words,
            member.words_hash, member.wire, member.is_agency, member.content_hash, member.lead,
        ])  # fmt: skip
        stories = Stories(db)
        stories.fingerprint(place, array("q", member.sketch))
        if found.story_id is None:
            stories.begin(place)
            return
        stories.join(place, found.story_id, found.relation, found.similarity, found.jaccard)
        story = found.story_id
        for other in found.merges:
            story = stories.merge(story, other)

    def _obey(self, db: Database, rulings: Sequence[Ruling]) -> None:
        stories: dict[int, list[int]] = {}
        for place, story in db.execute("SELECT id, story_id FROM articles ORDER BY id").fetchall():
            stories.setdefault(story, []).append(place)
        for group in parted(list(stories.values()), rulings):
            new = int(db.execute("INSERT INTO stories (article_id) VALUES (?)", [group[0]]).lastrowid or 0)
            db.conn.executemany("UPDATE articles SET story_id = ? WHERE id = ?", [(new, place) for place in group])
            Stories(db).settle(new, EVERY)
        db.execute("DELETE FROM stories WHERE id NOT IN (SELECT story_id FROM articles)")

    def close(self) -> None:
        """Give it back."""
        self.archive.db.close()


def in_order(members: Sequence[Member], rulings: Sequence[Ruled]) -> list[Ruling]:
    """Rulings on articles by their places, the latest first; of one moment, by the articles' addresses."""
    places = {member.id: place for place, member in enumerate(members)}
    told = []
    for ruled in rulings:
        if ruled.one in places and ruled.two in places:
            one, two = sorted((places[ruled.one], places[ruled.two]))
            told.append((ruled.made, ruled.ruling, members[one].url, members[two].url, one, two))
    return [(ruling, one, two) for _, ruling, _, _, one, two in sorted(told, reverse=True)]
