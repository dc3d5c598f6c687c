"""What is read of articles for the columns in memory: all at first, then what came and what changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.catalogue.columns import DROP, VERDICTS, Bylines, Coded, Codes, Flags, Keys, Moment, Verdicts, keys_of
from archive.queries import Reader

CHUNK = 16_384  # articles that are read at once
UNDATED = -(10**12)

MOMENT = "SELECT (SELECT MAX(seq) FROM touched), (SELECT MAX(id) FROM articles)"
TOUCHED = "SELECT article_id FROM touched WHERE seq > ? LIMIT ?"
OUTLETS = "SELECT id, domain, name FROM outlets WHERE id > ?"
TOPICS = "SELECT id, name, title FROM topics WHERE id > ?"

COLUMNS = f"""
id, outlet_id, IFNULL(story_id, -1), IFNULL(unixepoch(published), {UNDATED}), story_relation = 'original',
month, language, kind, byline FROM articles INDEXED BY articles_catalogue
"""
NAMES = "id, outlet, story, seconds, is_original, month, language, kind, byline"
# A row that comes to Python costs more than all else together: each column of a chunk comes as one text.
JOINED = f"""
WITH found({NAMES}) AS (SELECT {COLUMNS} WHERE {{where}})
SELECT group_concat(id), group_concat(outlet), group_concat(story), group_concat(seconds), group_concat(is_original),
    group_concat(month, char(30)), group_concat(language, char(30)), group_concat(kind, char(30)),
    group_concat(byline, char(30)) FROM found
"""
ROWS = f"SELECT {COLUMNS} WHERE {{where}} ORDER BY id"
BETWEEN = "id BETWEEN ? AND ?"
AMONG = "id IN (SELECT value FROM json_each(?))"

MEMBERS = (
    "SELECT article_id, topic_id, verdict FROM article_topics WHERE article_id IN (SELECT value FROM json_each(?))"
)
ALL_MEMBERS = """
SELECT topic_id, verdict, group_concat(article_id) FROM article_topics INDEXED BY article_topics_topic
GROUP BY topic_id, verdict
"""


@dataclass(slots=True)
class Dictionaries:
    """The different words of the columns; only who grows the columns adds to them."""

    months: Coded
    languages: Coded
    kinds: Coded
    bylines: Bylines


@dataclass(frozen=True, slots=True)
class Batch:
    """The columns of some articles, in the order of their ids."""

    ids: NDArray[np.int64]
    outlet: Codes
    story: Codes
    key: Keys
    is_original: Flags
    month: Codes
    language: Codes
    kind: Codes
    byline: Codes


def moment_of(db: Reader) -> Moment:
    """How far the archive has come that a transaction reads."""
    change, article = db.execute(MOMENT).fetchone()
    return Moment(change or 0, article or 0)


def changed(db: Reader, since: int, most: int = -1) -> list[int]:
    """The articles that have changed since a numbered change; so many at most."""
    return [article_id for (article_id,) in db.execute(TOUCHED, [since, most])]


def names(db: Reader, asked: str, after: int) -> dict[int, tuple[str, str]]:
    """What OUTLETS or TOPICS with ids above `after` are called: domain and name, or name and title."""
    return {number: (name, title) for number, name, title in db.execute(asked, [after])}


def between(db: Reader, first: int, last: int, into: Dictionaries) -> Iterator[Batch]:
    """The articles of a range of ids, both ends in it, in chunks."""
    for begins in range(first, last + 1, CHUNK):
        yield from _batch(db, BETWEEN, [begins, min(begins + CHUNK - 1, last)], into)


def among(db: Reader, ids: list[int], into: Dictionaries) -> Iterator[Batch]:
    """The articles of some ids, ascending, in chunks; those that are gone are missing."""
    for some in _chunks(ids):
        yield from _batch(db, AMONG, [json.dumps(some)], into)


def memberships(db: Reader, ids: list[int]) -> dict[int, tuple[NDArray[np.int64], Verdicts]]:
    """The verdicts of each topic on some articles: ids and verdicts."""
    found: dict[int, dict[int, int]] = {}
    for some in _chunks(ids):
        for article_id, topic_id, verdict in db.execute(MEMBERS, [json.dumps(some)]):
            found.setdefault(topic_id, {})[article_id] = VERDICTS.get(verdict, DROP)
    return {
        topic: (np.array(list(one), np.int64), np.array(list(one.values()), np.uint8)) for topic, one in found.items()
    }


def all_memberships(db: Reader) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """All verdicts: topic, verdict, and the articles."""
    for topic_id, verdict, ids in db.execute(ALL_MEMBERS):
        yield topic_id, VERDICTS.get(verdict, DROP), numbers(ids)


def numbers(joined: str | None) -> NDArray[np.int64]:
    """The numbers of a text with commas between them."""
    return np.fromstring(joined, np.int64, sep=",") if joined else np.zeros(0, np.int64)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    return (ids[begins : begins + CHUNK] for begins in range(0, len(ids), CHUNK))


def _batch(db: Reader, where: str, values: list[Any], into: Dictionaries) -> Iterator[Batch]:
    """One chunk; nothing where it is empty."""
    joined = db.execute(JOINED.format(where=where), values).fetchone()
    if joined[0] is None:
        return
    plain = [numbers(text) for text in joined[:5]]
    words: list[Iterable[str]] = [text.split("\x1e") for text in joined[5:]]
    if any(len(list(column)) != len(plain[0]) for column in words):  # a text has the separator in it
        rows = list(zip(*(tuple(row) for row in db.execute(ROWS.format(where=where), values)), strict=True))
        plain, words = [np.array(column, np.int64) for column in rows[:5]], list(rows[5:])
    ids, outlet, story, seconds, is_original = plain
    month, language, kind, byline = (
        np.fromiter(map(codes.__getitem__, column), np.int32, len(ids))
        for codes, column in zip((into.months, into.languages, into.kinds, into.bylines), words, strict=True)
    )
    yield Batch(
        ids=ids, outlet=outlet.astype(np.int32), story=story.astype(np.int32),
        key=keys_of(ids, seconds, seconds == UNDATED), is_original=is_original != 0,
        month=month, language=language, kind=kind, byline=byline,
    )  # fmt: skip
