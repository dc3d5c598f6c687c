"""Where the bytes of articles lie."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from archive.rows import RecordRow

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive


class Records:
    """The rows that name WARC records."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def of_article(self, article_id: int) -> RecordRow | None:
        """The record of an article's newest text, or None where its bytes were not kept."""
        query = """SELECT records.url, records.fetched, status, digest, warc_file, warc_offset, warc_length
            FROM articles JOIN records ON records.id = articles.record_id WHERE articles.id = ?"""
        with self.archive.reading() as db:
            row = db.execute(query, [article_id]).fetchone()
        return None if row is None else RecordRow(
            url=row[0], fetched=row[1], status=row[2], digest=row[3],
            warc_file=row[4], warc_offset=row[5], warc_length=row[6],
        )  # fmt: skip


def insert_record(db: Database, record: RecordRow | None) -> int | None:
    """The id of a record, inside the caller's transaction; None for none. One that is there already keeps its own."""
    if record is None:
        return None
    there = "SELECT id FROM records WHERE warc_file = ? AND warc_offset = ?"
    if (row := db.execute(there, [record.warc_file, record.warc_offset]).fetchone()) is not None:
        return int(row[0])
    values = asdict(record)
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    cursor = db.execute(f"INSERT INTO records ({names}) VALUES ({marks})", list(values.values()))
    return cursor.lastrowid
