"""A rule carried out: rows, then bytes, then the room that both leave."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archive.pruning.articles import leave, mark, take_out
from archive.pruning.records import Departures
from archive.pruning.rewriting import free
from archive.pruning.room import Room, give_back
from archive.pruning.rule import Rule
from archive.pruning.topics import sweep_outlets, take_out_topic
from archive.store import Archive

if TYPE_CHECKING:
    from sqlite_utils import Database

SOME = 100  # articles of a transaction

NEXT = """
SELECT place, article_id, is_whole FROM temp.doomed WHERE place > ? ORDER BY place LIMIT ?
"""
WITHOUT_BYTES = "UPDATE {table} SET record_id = NULL WHERE {column} IN (SELECT value FROM json_each(?))"


@dataclass(slots=True, kw_only=True)
class Pruned:
    """What was taken out."""

    articles: int = 0
    leaving: int = 0
    records: int = 0
    topic: str = ""
    bytes_of_pages: int = 0
    room: Room = field(default_factory=Room)


def prune(data: Path, rule: Rule, now: datetime, told: Callable[[int], None]) -> Pruned:
    """Take out of an archive what a rule says; the caller holds the crawl lock. StoreError where the disk refuses.

    `told` hears how many articles are done. Killed at any instant, all that was done is whole, and the same rule does
    the rest.
    """
    archive = Archive.open(data)
    try:
        # Who refers to a record is not indexed: to enforce it would read all articles for each.
        archive.db.execute("PRAGMA foreign_keys = OFF")
        # Not every SQLite does so by itself: what goes for good is not to be read in the file's free pages.
        archive.db.execute("PRAGMA secure_delete = ON")
        return Pruning(archive, rule, now).carried_out(told)
    finally:
        archive.close()


class Pruning:
    """A rule while it is carried out."""

    def __init__(self, archive: Archive, rule: Rule, now: datetime) -> None:
        self.archive = archive
        self.rule = rule
        self.now = now
        self.at = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        self.reason = f"{now:%Y-%m-%d}: dossier prune {rule.words}"
        self.topic_id = archive.topics.find(rule.topic)
        self.done = Pruned()

    def carried_out(self, told: Callable[[int], None]) -> Pruned:
        """All of it."""
        departures = Departures(self.archive.db, self.archive.folder / "warc")
        self.rule.choose(self.archive.db.conn)
        self.archive.db.conn.commit()
        place = 0
        while found := self.archive.db.execute(NEXT, [place, SOME]).fetchall():
            place = found[-1][0]
            whole, leaving = ([one for _, one, is_whole in found if bool(is_whole) is which] for which in (True, False))
            with self.archive.writing() as db:
                self._step(db, departures, whole, leaving)
            told(place)
        if self.rule.takes_topic and self.topic_id is not None:
            take_out_topic(self.archive, self.topic_id, departures)
            self.done.topic = self.rule.topic
        with self.archive.writing() as db:
            sweep_outlets(db)
        self.done.bytes_of_pages = free(self.archive, departures.note, self.now)
        self.done.room = give_back(self.archive)
        return self.done

    def _step(self, db: Database, departures: Departures, whole: list[int], leaving: list[int]) -> None:
        """Some articles, in one transaction."""
        if self.rule.is_bytes_only:
            self.done.records += departures.of_articles(db, whole)
            for table, column in (("articles", "id"), ("versions", "article_id")):
                db.execute(WITHOUT_BYTES.format(table=table, column=column), [str(whole)])
        else:
            self.done.records += departures.of_articles(db, whole)
            if leaving and self.topic_id is not None:
                if not self.rule.takes_topic:
                    mark(db, leaving, self.topic_id, self.reason, self.at)
                leave(db, leaving, self.topic_id)
                self.done.leaving += len(leaving)
            take_out(db, whole, self.reason, self.at)
        self.done.articles += len(whole)
