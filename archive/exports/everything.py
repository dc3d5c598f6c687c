"""Articles with all that the archive knows of them, without its own ids."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from archive.exports.columns import looked_up
from archive.exports.selection import Selection
from archive.history import pairs
from archive.pages.citations import authors_of
from archive.queries import Reader, Row

ARTICLES = """
SELECT a.id, a.url, o.domain AS outlet, o.name AS outlet_name, o.country AS outlet_country, a.title, a.byline,
    a.summary, a.language, a.section, a.published, a.published_precision, a.published_offset, a.modified, a.fetched,
    a.words, a.kind, a.is_paywalled, a.is_partial, a.partial_reason, a.body_source, a.extractor, a.tags, a.image,
    a.wire, a.is_agency, a.removed, a.content_hash, a.story_relation, a.story_similarity, a.story_jaccard,
    CASE WHEN s.article_id = a.id THEN a.url ELSE (SELECT url FROM articles WHERE id = s.article_id) END AS story,
    COALESCE(s.size, 1) AS story_size, COALESCE(s.outlets, 1) AS story_outlets, {body} AS body
FROM json_each(:ids) AS k CROSS JOIN articles AS a ON a.id = k.value
JOIN outlets AS o ON o.id = a.outlet_id LEFT JOIN stories AS s ON s.id = a.story_id ORDER BY k.key
"""
FLAGS = ("is_paywalled", "is_partial", "is_agency")

# Of each article, what stands in other tables: first its id, then what is said.
BESIDE = {
    "topics": """SELECT m.article_id, t.name AS topic, m.verdict, m.score, m.matched, m.reason, m.answer, m.answered
        FROM json_each(:ids) AS k CROSS JOIN article_topics AS m ON m.article_id = k.value
        JOIN topics AS t ON t.id = m.topic_id ORDER BY t.name""",
    "aliases": """SELECT article_id, url, kind FROM aliases
        WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY kind, url""",
    "versions": """SELECT article_id, fetched, title, {version} AS body, content_hash FROM versions
        WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY id""",
    "events": """SELECT article_id, at, kind, detail FROM events
        WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY at, id""",
    "witnesses": """SELECT article_id, field, witness, others FROM witnesses
        WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY field""",
    "captions": """SELECT article_id, caption FROM captions
        WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY place""",
    "posts": """SELECT article_id, line, published, title FROM posts
        WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY line""",
    "records": """SELECT article_id, url, fetched, status, digest FROM records
        WHERE article_id IN (SELECT value FROM json_each(:ids)) ORDER BY fetched, id""",
}


def everything_of(selection: Selection) -> Iterator[list[Row]]:
    """A selection's articles, some at a time, each with what stands beside it as lists."""
    for ids in selection.ids():
        yield everything(selection.db, ids, has_bodies=selection.has_bodies)


def everything(db: Reader, ids: Sequence[int], *, has_bodies: bool) -> list[Row]:
    """These articles, in their order."""
    beside = {name: _beside(db, name, ids, has_bodies=has_bodies) for name in BESIDE}
    sql = ARTICLES.format(body="a.body" if has_bodies else "NULL")
    return [
        _article(dict(row), {name: found.get(row["id"], []) for name, found in beside.items()}, has_bodies=has_bodies)
        for row in looked_up(db, sql, ids)
    ]


def _article(row: Row, beside: dict[str, list[Any]], *, has_bodies: bool) -> Row:
    body = row.pop("body")
    story = {
        "url": row.pop("story"),
        "size": row.pop("story_size"),
        "outlets": row.pop("story_outlets"),
        **{name: row.pop(f"story_{name}") for name in ("relation", "similarity", "jaccard")},
    }
    del row["id"]
    told = {**row, "authors": authors_of(row["byline"]), "tags": strings(row["tags"])}
    told |= {name: bool(row[name]) for name in FLAGS}
    return {**told, "story": story, **beside, **({"body": body} if has_bodies else {})}


def _beside(db: Reader, name: str, ids: Sequence[int], *, has_bodies: bool) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in looked_up(db, BESIDE[name].format(version="body" if has_bodies else "NULL"), ids):
        one = dict(row)
        found[one.pop("article_id")].append(_READ.get(name, dict)(one))
    return found


def _topic(one: Row) -> Row:
    return {**one, "matched": pairs(one["matched"])}


def _witness(one: Row) -> Row:
    return {**one, "others": pairs(one["others"])}


def _version(one: Row) -> Row:
    return {name: value for name, value in one.items() if name != "body" or value is not None}


def _caption(one: Row) -> str:
    return str(one["caption"])


_READ: dict[str, Callable[[Row], Any]] = {
    "topics": _topic,
    "witnesses": _witness,
    "versions": _version,
    "captions": _caption,
}


def strings(column: str) -> list[str]:
    """The texts in a column of JSON; none where it cannot be read."""
    try:
        read = json.loads(column)
    except (ValueError, RecursionError):
        return []
    return [one for one in read if isinstance(one, str)] if isinstance(read, list) else []
