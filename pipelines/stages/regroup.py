"""Stories of articles that are here already, grouped as if they came in one after the other."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.merging.companies import Grouping, Member, Ruled
from archive.schema import migrate
from archive.store import Archive
from archive.stories import EVERY, Stories
from pipelines.items import Article, Sketch
from pipelines.rulings import parted
from pipelines.similarity import RULE, CopyRule
from pipelines.stages.kin import joined

PUT = """
INSERT INTO articles (id, url, outlet_id, title, published, fetched, words, words_hash, wire, is_agency, content_hash,
    body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
OUTLET = "INSERT OR IGNORE INTO outlets (domain) VALUES (?)"
OUTLET_ID = "SELECT id FROM outlets WHERE domain = ?"
KINSHIP = """
SELECT a.id, s.article_id, story_relation, story_similarity, story_jaccard
FROM articles AS a JOIN stories AS s ON s.id = story_id
"""
EMPTY = ("fingerprints", "sketches", "touched")


class Regrouping:
    """A small archive of its own, in which articles are grouped by the same code as in a crawl.

    Their numbers there are their places in the order in which they come in, so that no id of ours has a say. It spills
    to disk where there are many.
    """

    def __init__(self, rule: CopyRule = RULE) -> None:
        connection = sqlite3.connect("")
        db = Database(connection, execute_plugins=False)
        migrate(db, Path("the scratch archive"))
        self.archive = Archive(Path("the scratch archive"), db)
        self.rule = rule

    def __call__(self, members: Sequence[Member], rulings: Sequence[Ruled]) -> Grouping:
        """How these articles are grouped that come in in this order, with what somebody ruled of them."""
        with self.archive.writing() as db:
            for place, member in enumerate(members):
                self.enter(db, place, member)
            if rulings:
                self.obey(db, members, rulings)
            rows = db.execute(KINSHIP).fetchall()
            self.clear(db)
        return {members[row[0]].id: (members[row[1]].id, *row[2:]) for row in rows}

    def enter(self, db: Database, place: int, member: Member) -> None:
        """Let one article come in."""
        hashes = tuple(array("q", member.sketch))
        drawn = Sketch(words=member.words, words_hash=member.words_hash, hashes=hashes)
        found = joined(self.archive, article_of(member), member.outlet, drawn, self.rule)
        db.execute(OUTLET, [member.outlet])
        outlet = db.execute(OUTLET_ID, [member.outlet]).fetchone()[0]
        values: list[Any] = [
            place, member.url, outlet, member.title, member.published, member.fetched, member.words, member.words_hash,
            member.wire, member.is_agency, member.content_hash, member.lead,
        ]  # fmt: skip
        db.execute(PUT, values)
        stories = Stories(db)
        stories.fingerprint(place, hashes)
        if found.story_id is None:
            stories.begin(place)
            return
        stories.join(place, found.story_id, found.relation, found.similarity, found.jaccard)
        story = found.story_id
        for other in found.merges:
            story = stories.merge(story, other)

    def obey(self, db: Database, members: Sequence[Member], rulings: Sequence[Ruled]) -> None:
        """Move articles so that the rulings hold."""
        places = {member.id: place for place, member in enumerate(members)}
        urls = [member.url for member in members]
        pairs = [
            (one.made, one.ruling, *sorted((urls[places[one.one]], urls[places[one.two]])), places[one.one], places[one.two])
            for one in rulings
            if one.one in places and one.two in places
        ]  # fmt: skip
        latest_first = [(ruling, one, two) for _, ruling, _, _, one, two in sorted(pairs, reverse=True)]
        stories: dict[int, list[int]] = {}
        for place, story in db.execute("SELECT id, story_id FROM articles ORDER BY id").fetchall():
            stories.setdefault(story, []).append(place)
        for group in parted(list(stories.values()), latest_first):
            new = int(db.execute("INSERT INTO stories (article_id) VALUES (?)", [group[0]]).lastrowid or 0)
            for place in group:
                db.execute("UPDATE articles SET story_id = ? WHERE id = ?", [new, place])
            Stories(db).settle(new, EVERY)
        db.execute("DELETE FROM stories WHERE id NOT IN (SELECT story_id FROM articles)")

    def clear(self, db: Database) -> None:
        """Make room for the next."""
        for table in EMPTY:
            db.execute(f"DELETE FROM {table}")
        db.execute("UPDATE articles SET story_id = NULL")
        for table in ("stories", "articles", "touched", "outlets"):
            db.execute(f"DELETE FROM {table}")

    def close(self) -> None:
        """Give the scratch archive back."""
        self.archive.db.close()


def article_of(member: Member) -> Article:
    """What the copy rule looks at, of an article that comes in."""
    published = datetime.fromisoformat(member.published) if member.published else None
    return Article(title=member.title, body=member.lead, published=published, wire=member.wire)
