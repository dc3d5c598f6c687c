"""The columns of an article in a table, as CSV and Parquet have them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from archive.exports.selection import Selection
from archive.queries import Reader

Kind = Literal["text", "time", "whole", "share", "yes or no"]

_TOPICS = """(SELECT group_concat({what}, ' ') FROM (
    SELECT t.name, m.verdict, m.score FROM article_topics AS m JOIN topics AS t ON t.id = m.topic_id
    WHERE m.article_id = a.id AND m.verdict != 'drop' ORDER BY t.name))"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what gives it, as SQL, and what its values are."""

    sql: str
    kind: Kind = "text"


# In order. A later version may add some at the end; none changes its meaning.
COLUMNS = {
    "url": Column("a.url"),
    "outlet": Column("o.domain"),
    "outlet_name": Column("o.name"),
    "title": Column("a.title"),
    "byline": Column("a.byline"),
    "summary": Column("a.summary"),
    "language": Column("a.language"),
    "section": Column("a.section"),
    "published": Column("a.published", "time"),
    "published_precision": Column("a.published_precision"),
    "published_offset": Column("a.published_offset", "whole"),
    "modified": Column("a.modified", "time"),
    "fetched": Column("a.fetched", "time"),
    "words": Column("a.words", "whole"),
    "kind": Column("a.kind"),
    "is_paywalled": Column("a.is_paywalled", "yes or no"),
    "is_partial": Column("a.is_partial", "yes or no"),
    "topics": Column(_TOPICS.format(what="name")),
    "verdicts": Column(_TOPICS.format(what="verdict")),
    "scores": Column(_TOPICS.format(what="round(score, 4)")),
    "story": Column(
        "CASE WHEN s.article_id = a.id THEN a.url ELSE (SELECT url FROM articles WHERE id = s.article_id) END"
    ),
    "story_relation": Column("a.story_relation"),
    "story_similarity": Column("a.story_similarity", "share"),
    "versions": Column("(SELECT COUNT(*) FROM versions WHERE article_id = a.id)", "whole"),
    "content_hash": Column("a.content_hash"),
    "partial_reason": Column("a.partial_reason"),
    "tags": Column("a.tags"),
    "removed": Column("a.removed", "time"),
    "wire": Column("a.wire"),
    "copies": Column("COALESCE(s.size, 1)", "whole"),
}
BODY = {"body": Column("a.body")}

_ROWS = """
SELECT {columns} FROM json_each(:ids) AS k CROSS JOIN articles AS a ON a.id = k.value
JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN stories AS s ON s.id = a.story_id ORDER BY k.key
"""


def columns_of(selection: Selection) -> dict[str, Column]:
    """The columns of a selection: its texts are the last one, where they are wanted."""
    return {**COLUMNS, **(BODY if selection.has_bodies else {})}


def rows_of(selection: Selection) -> Iterator[list[tuple[Any, ...]]]:
    """The values of a selection's articles, some articles at a time."""
    sql = _ROWS.format(columns=", ".join(column.sql for column in columns_of(selection).values()))
    for ids in selection.ids():
        yield [tuple(row) for row in looked_up(selection.db, sql, ids)]


def looked_up(db: Reader, sql: str, ids: Sequence[int]) -> list[Any]:
    """What a statement finds of these articles, in their order."""
    return db.execute(sql, {"ids": json.dumps(ids)}).fetchall()
