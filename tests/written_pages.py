"""Real pages in a WARC file for the articles of a filled archive, whose rows name none that exist."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from archive.records import insert_record
from archive.store import Archive
from archive.warc import WarcFiles

HEADERS = (("Content-Type", "text/html; charset=utf-8"),)


def write_pages(data: Path, articles: int, *, rotate: int = 1_000_000_000) -> Path:
    """The data folder, with a page for each of the first articles, and one that came unchanged again of the first.

    All other records are taken out of the archive: their files were never written.
    """
    with closing(Archive.open(data)) as archive:
        files = WarcFiles(data / "warc", committed=archive.articles.last_record, rotate=rotate)
        with archive.writing() as db:
            for table in ("articles", "versions", "candidates"):
                db.execute(f"UPDATE {table} SET record_id = NULL")
            db.execute("DELETE FROM records")
        found = archive.db.execute("SELECT id, url, title, body FROM articles ORDER BY id LIMIT ?", [articles])
        for number, url, title, body in found.fetchall():
            page = f"<html><title>{title}</title><p>{body}</p></html>".encode()
            put(archive, files, number, url, page, day=12)
            if number == 1:
                put(archive, files, number, url, page, day=13, of=(url, "2019-03-12T18:00:00Z"))
        files.close()
    return data


def put(archive: Archive, files: WarcFiles, number: int, url: str, page: bytes, *, day: int, **more: Any) -> None:
    """Write a page of an article, and its row."""
    fetched = f"2019-03-{day}T18:00:00Z"
    record = files.append(url=url, fetched=fetched, status=200, headers=HEADERS, body=page, **more)
    files.sync()
    with archive.writing() as db:
        record_id = insert_record(db, record)
        db.execute("UPDATE records SET article_id = ? WHERE id = ?", [number, record_id])
        if "of" not in more:
            db.execute("UPDATE articles SET record_id = ? WHERE id = ?", [record_id, number])
