"""The bytes of a page as they were fetched, as text: nothing of it is ever given to a browser as a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import StoreError
from archive.members import Headers, payload_digest
from archive.pages.asked import Asked, Page
from archive.pages.texts import texts_of
from archive.queries import Reader, Row, row, rows
from archive.warc import read_record

SHOWN = 200_000  # bytes of a source on a page
COPIES = 500  # of one article, that are listed
SAME = 5  # other records that are looked into for the bytes of one

NAMED = """
SELECT a.id, a.url, a.title, a.language, a.fetched, a.record_id, o.domain AS outlet, o.name AS outlet_name
FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id WHERE a.id = :article
"""
RECORDS = """
SELECT id, url, fetched, status, digest, warc_file, warc_offset, warc_length FROM records
WHERE article_id = :article ORDER BY fetched, id LIMIT :limit
"""

# Codecs of pages. Python has others, of which some never end and some are no text.
_CHARSET = re.compile(
    r"charset=[\"' ]{0,2}(utf-?8|utf-?16(?:-?[lb]e)?|us-ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d|cp125\d"
    r"|koi8-[ru]|gb2312|gbk|gb18030|big5|shift_jis|euc-jp|euc-kr)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What was fetched: its headers and body. `is_same`: the bytes have the digest that was written down."""

    headers: Headers
    body: bytes
    is_same: bool


def kept_copy(db: Reader, asked: Asked) -> Page | None:
    """The source of an article's page with its headers; with `raw`, the source alone, as a file of plain text.

    It is that of the present text, of the one whose number is `text`, or what was fetched as the `copy` of that number.
    """
    found = row(db, NAMED, article=int(asked.parts["id"]))
    if found is None:
        return None
    records = rows(db, RECORDS, article=found["id"], limit=COPIES)
    wanted = next((one for one in texts_of(db, found) if str(one["number"]) == asked.args.get("text")), found)
    chosen = choice(records, asked.args.get("copy", ""), wanted["record_id"])
    copy = read_copy(asked.site.data / "warc", chosen, records) if chosen else None
    if copy and chosen and asked.args.get("raw"):
        name = f"article-{found['id']}-{chosen['fetched'][:10]}.txt"
        text = decoded(copy.body, copy.headers)
        return Page(text=text, content_type="text/plain; charset=utf-8", filename=name)
    shows: dict[str, Any] = {"article": found, "records": records, "chosen": chosen, "copy": copy}
    if copy:
        source = decoded(copy.body[:SHOWN], copy.headers)
        shows |= {"source": source, "size": len(copy.body), "is_cut": len(copy.body) > SHOWN}
    return Page(template="kept.html", shows=shows, status=200 if copy else 410 if chosen else 404)


def choice(records: list[Row], number: str, wanted: int | None) -> Row | None:
    """The record that is asked for by its number from 1 on, else that of a text, else the last one."""
    for place, one in enumerate(records, start=1):
        one["number"] = place
    if asked_for := [one for one in records if str(one["number"]) == number]:
        return asked_for[0]
    return next((one for one in records if one["id"] == wanted), records[-1] if records else None)


def read_copy(folder: Path, record: Row, records: list[Row]) -> Copy | None:
    """The bytes of a record, those of another of the same digest where it only says that they came again.

    None where the file is missing or the record is damaged: the words of the fault name the machine's paths.
    """
    try:
        headers, body = read(folder, record)
    except StoreError:
        return None
    if body or record["digest"] == payload_digest(b""):
        return Copy(headers=headers, body=body, is_same=payload_digest(body) == record["digest"])
    others = [one for one in records if one["digest"] == record["digest"] and one["id"] != record["id"]]
    for one in others[:SAME]:
        try:
            body = read(folder, one)[1]
        except StoreError:
            continue
        if payload_digest(body) == record["digest"]:
            return Copy(headers=headers, body=body, is_same=True)
    return None


def read(folder: Path, record: Row) -> tuple[Headers, bytes]:
    """Headers and body of a row of `records`; StoreError where they are not there whole."""
    return read_record(folder, record["warc_file"], record["warc_offset"], record["warc_length"])


def decoded(body: bytes, headers: Headers) -> str:
    """The body as text, by the charset of its headers, else by its own, else as UTF-8."""
    content_type = " ".join(value for name, value in headers if name.lower() == "content-type")[:1000]
    found = _CHARSET.search(content_type) or _CHARSET.search(body[:2048].decode("latin-1"))
    try:
        return body.decode(found[1] if found else "utf-8", "replace")
    except LookupError:
        return body.decode("utf-8", "replace")
