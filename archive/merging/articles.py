"""The articles of one archive, joined with those of another, batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.merging.accounts import Account, Asked, Here, Outline, accounts, outlines
from archive.merging.belongings import Judge, join_memberships
from archive.merging.beside import (
    OF_OTHERS,
    Pair,
    join_aliases,
    join_events,
    join_looks,
    join_other_validators,
    join_validators,
)
from archive.merging.origin import Origin, listed
from archive.merging.records import find_record
from archive.merging.texts import joined, parted
from archive.merging.writing import DIFFERS, Reading, put_again, put_new

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

IDS = "SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT ?"
HERE = """
SELECT COALESCE((SELECT id FROM articles WHERE url = :url), (SELECT article_id FROM aliases WHERE url = :url))
"""
STANDS = "SELECT EXISTS (SELECT 1 FROM stories WHERE article_id = ?)"
STANDING = """
SELECT a.id, first.url, a.story_relation, a.story_similarity, a.story_jaccard FROM articles AS a
JOIN stories AS s ON s.id = a.story_id JOIN articles AS first ON first.id = s.article_id
WHERE a.id IN (SELECT value FROM json_each(?))
"""
KEPT = """
SELECT article_id, fetched, digest, status, url FROM records WHERE article_id IN (SELECT value FROM json_each(?))
"""
OWNER = "UPDATE records SET article_id = ? WHERE id = ? AND article_id IS NOT ?"


@dataclass(slots=True, kw_only=True)
class Joining:
    """The articles of an archive on their way into another; what came of them so far.

    `reading` says how texts are compared, `judge` what a topic says of a text; `topics` are the ids here of the
    topics there. With `dry`, nothing is written.
    """

    archive: Archive
    origin: Origin
    topics: dict[int, int]
    reading: Reading
    judge: Judge
    dry: bool = False
    new: int = 0
    changed: int = 0
    versions: int = 0
    stories: int = 0

    def all(self, told: Callable[[int], None]) -> None:
        """Join all articles, each batch in one transaction; `told` hears how many were looked at."""
        for batch in self.origin.batches(IDS):
            if self.dry:
                with self.archive.reading() as db:
                    self.batch(db, [number for (number,) in batch])
            else:
                with self.archive.writing() as db:
                    self.batch(db, [number for (number,) in batch])
            told(len(batch))

    def batch(self, db: Database, ids: Sequence[int]) -> None:
        """Join some articles, with all that belongs to them."""
        theirs = outlines(self.origin, ids)
        known = {number: db.execute(HERE, {"url": one.url}).fetchone()[0] for number, one in theirs.items()}
        mine = outlines(Here(db), sorted({number for number in known.values() if number is not None}))
        differ = [number for number in sorted(theirs) if not tells(mine.get(known[number]), theirs[number])]
        full = accounts(self.origin, differ)
        pairs = []
        for number in sorted(theirs):
            if number not in differ:
                content = theirs[number].content
                pairs.append(Pair(there=number, here=known[number], mine=content, theirs=content, now=content))
            elif number in full:
                pairs.append(self.one(db, number, full[number]))
        if not self.dry:
            self.beside(db, pairs)
            equal = {number: known[number] for number in theirs if theirs[number] == mine.get(known[number])}
            note_groupings(db, self.origin, equal)

    def one(self, db: Database, number: int, theirs: Account) -> Pair:
        """Join the texts of one article; which it is here."""
        content = theirs.said("content_hash")
        (here,) = db.execute(HERE, {"url": theirs.url}).fetchone()
        if here is None:
            self.new += 1
            self.versions += len(theirs.others)
            self.stories += self.origin.rows(STANDS, number)[0][0]
            here = 0 if self.dry else put_new(db, theirs, self.reading)
            return Pair(there=number, here=here, mine="", theirs=content, now=content)
        mine = accounts(Here(db), [here])[here]
        both = joined(mine, theirs)
        if both != mine:
            self.changed += 1
            self.versions += max(0, len(parted(both, self.reading.same)[0]) - len(parted(mine, self.reading.same)[0]))
            if not self.dry:
                put_again(db, here, mine, both, self.reading)
        return Pair(
            there=number, here=here, mine=mine.said("content_hash"), theirs=content, now=both.said("content_hash")
        )

    def beside(self, db: Database, pairs: Sequence[Pair]) -> None:
        """Join what goes with the articles."""
        join_aliases(db, self.origin, pairs)
        join_events(db, self.origin, pairs)
        join_memberships(db, self.origin, pairs, self.topics, self.judge)
        join_looks(db, self.origin, pairs, self.topics)
        join_validators(db, self.origin, pairs)
        here = {pair.there: pair.here for pair in pairs}
        for number, *fetch in self.origin.sound(self.origin.rows(KEPT, listed(list(here))), "iwtiu"):
            if (record := find_record(db, fetch)) is not None:
                db.execute(OWNER, [here[number], record, here[number]])


def tells(mine: Outline | None, theirs: Outline) -> bool:
    """Whether what is told of an article there is told of it here, as far as its texts go."""
    return mine is not None and mine.about == theirs.about and mine.url == theirs.url and theirs.others <= mine.others


def join_validators_of_sources(archive: Archive, origin: Origin) -> None:
    """Keep what makes questions to sources conditional."""
    for batch in origin.batches(OF_OTHERS, after=""):
        with archive.writing() as db:
            join_other_validators(db, origin, batch)


def found(db: Database, url: str) -> int | None:
    """The article here that an address of an article leads to."""
    row: Any = db.execute(HERE, {"url": url}).fetchone()[0]
    return None if row is None else int(row)


def note_groupings(db: Database, origin: Asked, here: dict[int, int]) -> None:
    """Remember which articles, whose texts are the same in both archives, are grouped otherwise in the other one."""
    theirs = origin.sound(origin.rows(STANDING, listed(list(here))), "iutff")
    mine = {number: kin for number, *kin in Here(db).rows(STANDING, listed(list(here.values())))}
    for number, *kin in theirs:
        if mine.get(here[number]) != kin:
            db.execute(DIFFERS, [here[number]])
