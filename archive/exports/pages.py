"""The kept pages of articles as one WARC file: the records as they lie, and one that says which question it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archive.errors import StoreError
from archive.exports.columns import looked_up
from archive.exports.progress import Progress
from archive.exports.selection import Selection
from archive.members import information, repeated
from archive.queries import Reader
from archive.warc import LEVEL, read_member, software

WITHOUT = "articles without kept bytes"
LOST = "records that are damaged or whose file is missing"
PAGES = "pages"

# Of each article its id, then its records in the order of time; an article without any gives one row.
RECORDS = """
SELECT k.value AS article, r.id, r.warc_file, r.warc_offset, r.warc_length, r.digest
FROM json_each(:ids) AS k LEFT JOIN records AS r ON r.article_id = k.value ORDER BY k.key, r.fetched, r.id
"""
# Whose bytes a record repeats is a record of the same article, unless archives were joined.
REFERRED = """
SELECT r.article_id AS article, r.id, r.warc_file, r.warc_offset, r.warc_length, r.digest
FROM aliases AS l CROSS JOIN records AS r ON r.article_id = l.article_id
WHERE l.url IN (:url, :unquoted) AND r.fetched = :fetched AND r.digest = :digest AND r.id != :id
ORDER BY r.warc_length DESC LIMIT 1
"""


def warc(selection: Selection, progress: Progress, folder: Path, name: str) -> Iterator[bytes]:
    """The file, record by record; `folder` holds the archive's WARC files, `name` is what it says of itself."""
    typed = selection.question.typed or "all articles"
    yield information(name, software(), LEVEL, {"description": f"kept pages of {typed}", "isPartOf": "Dossier"})
    others: set[int] = set()
    for ids in selection.ids():
        found: dict[int, list[Any]] = {}
        for row in looked_up(selection.db, RECORDS, ids):
            found.setdefault(row["article"], []).extend([row] if row["id"] is not None else [])
        for records in found.values():
            if not records:
                progress.note(WITHOUT)
            yield from _members(selection.db, progress, folder, records, others)
        progress.done(len(ids))


def _members(db: Reader, progress: Progress, folder: Path, records: list[Any], others: set[int]) -> Iterator[bytes]:
    """The records of one article, each with the record whose bytes it repeats; `others` are such of other articles."""
    own = {row["id"] for row in records}
    for row in records:
        if row["id"] in others:
            continue
        try:
            member = read_member(folder, row["warc_file"], row["warc_offset"], row["warc_length"])
            of = repeated(member)
        except (StoreError, ValueError):
            progress.note(LOST)
            continue
        referred = _referred(db, row, *of) if of else None
        if referred is not None and referred["id"] not in own | others:
            yield from _members(db, progress, folder, [referred], set())
            others.add(referred["id"])
        progress.note(PAGES)
        yield member


def _referred(db: Reader, row: Any, url: str, fetched: str) -> Any:
    """The row of the record that has the bytes, None where the archive has none."""
    values = {"url": url, "unquoted": unquote(url), "fetched": fetched, "digest": row["digest"], "id": row["id"]}
    return db.execute(REFERRED, values).fetchone()
