"""From a row of `records` back to the page whose bytes the archive keeps."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from archive.rows import RecordRow
from archive.warc import read_record
from pipelines.items import Page


def page_of(folder: Path, record: RecordRow) -> Page:
    """The page in a record of the archive in that folder; StoreError where the record is not there whole."""
    headers, body = read_record(folder / "warc", record.warc_file, record.warc_offset, record.warc_length)
    return Page(
        url=record.url,
        status=record.status,
        headers=tuple(headers),
        body=body,
        fetched=datetime.fromisoformat(record.fetched),
    )
