"""A search as CSV: all of its result, in its order, sent while it is read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.columns import Ids
from archive.cells import guarded, is_harmless
from archive.pages.asked import Asked, Page
from archive.pages.wanted import Wanted, wanted
from archive.queries import Reader, open_reader
from archive.serving.readers import TooLong

CSV = "text/csv; charset=utf-8"
NAME = "search.csv"
ROWS = 150  # that are read in one look, some 64 KB
LOOKS = 8  # of the catalogue at a question that it does not answer at once
END = "\r\n"
MARK = "\ufeff"  # by which spreadsheets know UTF-8
NUMBERS = frozenset({"words", "copies"})

# Every column, in order, and what gives it. A later version may add some at the end; none changes its meaning.
COLUMNS = {
    "url": "a.url",
    "outlet": "o.domain",
    "outlet_name": "o.name",
    "title": "a.title",
    "byline": "a.byline",
    "summary": "a.summary",
    "language": "a.language",
    "section": "a.section",
    "published": "a.published",
    "published_precision": "a.published_precision",
    "modified": "a.modified",
    "fetched": "a.fetched",
    "words": "a.words",
    "kind": "a.kind",
    "topics": """(SELECT group_concat(t.name, ' ') FROM article_topics AS m JOIN topics AS t ON t.id = m.topic_id
        WHERE m.article_id = a.id)""",
    "verdicts": "(SELECT group_concat(verdict, ' ') FROM article_topics WHERE article_id = a.id)",
    "story": "CASE WHEN s.article_id = a.id THEN a.url ELSE (SELECT url FROM articles WHERE id = s.article_id) END",
    "story_relation": "a.story_relation",
    "copies": "COALESCE(s.size, 1)",
    "wire": "a.wire",
    "removed": "a.removed",
    "address": ":root || 'article/' || a.id",
}
# Articles come in the order of the ids: they are looked up one after the other.
FOUND = """
SELECT {columns} FROM json_each(:ids) AS k CROSS JOIN articles AS a ON a.id = k.value
JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN stories AS s ON s.id = a.story_id
"""
VALUES = FOUND.format(columns=", ".join(COLUMNS.values()))
# SQLite writes the lines, each text in quotes and the quotes in it doubled (%w): twice as fast as to hand it over value
# by value, and no other page waits meanwhile.
_FORM = ",".join("%d" if name in NUMBERS else '"%w"' for name in COLUMNS)
_GIVEN = ", ".join(f"COALESCE({value}, '')" for value in COLUMNS.values())
LINES = FOUND.format(columns=f"CAST(group_concat(printf('{_FORM}', {_GIVEN}), char(13, 10)) AS BLOB)")


def search_csv(_db: Reader, asked: Asked) -> Page:
    """The answer to a question for programs; with `for=spreadsheet`, no cell of it can begin a formula."""
    asking = wanted(asked.args)
    is_safe = asked.args.get("for") == "spreadsheet"
    return Page(
        stream=file(asked, asking, cells if is_safe else lines),
        content_type=CSV,
        filename=f"dossier-{slug(asking.question.typed)}{'-spreadsheet' if is_safe else ''}.csv",
        is_kept=False,
    )


def file(asked: Asked, asking: Wanted, rows: Callable[[Path, Ids, str], Iterator[bytes]]) -> Iterator[bytes]:
    """The file, piece by piece. It is looked for when the first piece is asked for, in the thread that asks."""
    ids = all_ids(asked.site.catalogue, asking)
    address = urlsplit(asked.url)
    yield from rows(asked.site.data, ids, f"{address.scheme}://{address.netloc}{address.path.removesuffix(NAME)}")


def all_ids(catalogue: Catalogue, asking: Wanted) -> Ids:
    """All that the pages list; TooLong where there is no time to look at all articles.

    A page says then what it is of, and a file could not. What was looked at is kept, and the next look goes on there.
    """
    for _ in range(LOOKS):
        ids = catalogue.ids(asking.question, order=asking.order, folded=asking.is_folded)
        if ids is not None:
            return ids
        if catalogue.is_stopped:
            break
    raise TooLong


def lines(data: Path, ids: Ids | Sequence[int], root: str) -> Iterator[bytes]:
    """The values as they are."""
    yield (",".join(COLUMNS) + END).encode()
    for (found,) in looked_up(data, LINES, ids, root):
        if found:
            yield found + END.encode()


def cells(data: Path, ids: Ids | Sequence[int], root: str) -> Iterator[bytes]:
    """The values for a spreadsheet."""
    yield (MARK + ",".join(COLUMNS) + END).encode()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=END)
    for row in looked_up(data, VALUES, ids, root):
        writer.writerow(harmless(row))
        if text.tell() > 65_536:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    if text.tell():
        yield text.getvalue().encode()


def harmless(row: Sequence[Any]) -> Sequence[Any]:
    """A row whose cells cannot begin a formula; nearly all are done with after one look."""
    if is_harmless(";".join([one for one in row if isinstance(one, str)])):
        return row
    return [guarded(one) if isinstance(one, str) else one for one in row]


def looked_up(data: Path, sql: str, ids: Ids | Sequence[int], root: str) -> Iterator[Sequence[Any]]:
    """What is found of these articles, some at a time, with a connection of its own.

    No look outlives the call: one that lasted as long as the download would keep a crawl's log from being emptied.
    """
    db = open_reader(data, shared=True)
    try:
        db.rollback()
        db.row_factory = None
        for first in range(0, len(ids), ROWS):
            some = ",".join(map(str, ids[first : first + ROWS]))
            yield from db.execute(sql, {"ids": f"[{some}]", "root": root}).fetchall()
    finally:
        db.close()


def slug(typed: str) -> str:
    """The beginning of a question as a part of a file's name."""
    return "-".join(re.findall(r"\w+", typed[:200].lower()))[:60].strip("-") or "all"
