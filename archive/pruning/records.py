"""Records taken out: their rows, and a note of the bytes that nothing names any more.

The note is on disk before the rows go. Bytes that are noted and still named stay; so does whatever was never noted,
as the end of a file that a killed crawl left, or all that is newer than a database out of a backup.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import StoreError
from archive.members import one_line, repeated
from archive.pruning.note import Note, Place
from archive.warc import read_member

if TYPE_CHECKING:
    from sqlite_utils import Database

AMONG = "IN (SELECT value FROM json_each(:ids))"
# Who refers to a record is not indexed: it is looked up once, while nobody else writes.
HELD = """
CREATE TEMP TABLE held AS SELECT id AS candidate_id, record_id FROM candidates WHERE record_id IS NOT NULL;
CREATE INDEX temp.held_record ON held(record_id);
CREATE INDEX temp.held_candidate ON held(candidate_id);
CREATE TEMP TABLE alike AS SELECT id, article_id, digest, url, fetched FROM records WHERE digest IN (
    SELECT digest FROM records GROUP BY digest HAVING COUNT(DISTINCT COALESCE(article_id, 0)) > 1);
CREATE INDEX temp.alike_digest ON alike(digest);
CREATE INDEX temp.alike_article ON alike(article_id);
"""
# Records that go, beside records of the same bytes that stay.
BESIDE = f"""
SELECT going.id, going.url, going.fetched, r.article_id, r.warc_file, r.warc_offset, r.warc_length
FROM temp.alike AS going CROSS JOIN temp.alike AS other ON other.digest = going.digest
CROSS JOIN records AS r ON r.id = other.id
WHERE going.article_id {AMONG} AND r.article_id NOT {AMONG} ORDER BY going.id, r.id
"""
GOING = f"SELECT id, warc_file, warc_offset, warc_length FROM records WHERE article_id {AMONG} ORDER BY id"
UNSHARED = f"""
SELECT r.id, r.warc_file, r.warc_offset, r.warc_length FROM records AS r
WHERE r.article_id IS NULL AND r.id IN (SELECT record_id FROM temp.held WHERE candidate_id {AMONG})
    AND r.id NOT IN (SELECT record_id FROM temp.held WHERE record_id = r.id AND candidate_id NOT {AMONG})
ORDER BY r.id
"""


class Departures:
    """The records that leave an archive, while this process alone writes into it."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.folder = folder
        self.note = Note(folder)
        db.executescript(HELD)

    def of_articles(self, db: Database, ids: Sequence[int]) -> int:
        """How many records of articles were taken out, inside the caller's transaction.

        One whose bytes a record repeats that stays goes to the article of that one.
        """
        listed = {"ids": json.dumps(list(ids))}
        self._hand_over(db, listed)
        found = db.execute(GOING, listed).fetchall()
        self._leave(db, found)
        return len(found)

    def of_candidates(self, db: Database, ids: Sequence[int]) -> None:
        """Take out the records of pages that became no article, where no other candidate means them."""
        listed = {"ids": json.dumps(list(ids))}
        self._leave(db, db.execute(UNSHARED, listed).fetchall())
        db.execute(f"DELETE FROM temp.held WHERE candidate_id {AMONG}", listed)

    def _hand_over(self, db: Database, listed: dict[str, str]) -> None:
        for record, url, fetched, article, *place in db.execute(BESIDE, listed).fetchall():
            try:
                of = repeated(read_member(self.folder, *place))
            except (StoreError, ValueError):
                continue  # what cannot be read refers to nothing
            if article is not None and of == (one_line(url), fetched):
                for table in ("records", "temp.alike"):
                    db.execute(f"UPDATE {table} SET article_id = ? WHERE id = ?", [article, record])

    def _leave(self, db: Database, found: Sequence[tuple[int, str, int, int]]) -> None:
        self.note.add([Place(file=file, offset=offset, length=length) for _, file, offset, length in found])
        listed = {"ids": json.dumps([number for number, *_ in found])}
        db.execute(f"UPDATE candidates SET record_id = NULL WHERE id IN ({_HOLDERS})", listed)
        db.execute(f"DELETE FROM records WHERE id {AMONG}", listed)


_HOLDERS = f"SELECT candidate_id FROM temp.held WHERE record_id {AMONG}"
