"""Accounts: all that an archive tells of one article, under keys that mean the same in every archive."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Protocol

from sqlite_utils import Database

from archive.furniture import unpacked
from archive.merging.origin import listed
from archive.merging.records import Fetch
from archive.rows import ArticleRow, DetailRows

MOST_TEXTS = 1_000  # of one article
COLUMNS = tuple(
    one.name
    for one in fields(ArticleRow)
    if one.name not in {"url", "outlet", "outlet_name", "published", "published_precision", "published_offset", "body"}
)
"""The columns of a text: those of its article that go where the text goes, beside its body."""

KINDS = {
    "fetched": "w",
    "modified": "L",
    "tags": "j",
    "words": "i",
    "is_paywalled": "i",
    "is_partial": "i",
    "is_agency": "i",
}
FETCH = "r.fetched, r.digest, r.status, r.url"
CHOSEN = "(SELECT value FROM json_each(?))"
LIGHT = f"""
SELECT a.id, a.url, domain, published, published_precision, published_offset, {FETCH},
    {", ".join(f"a.{name}" for name in COLUMNS)}
FROM articles AS a JOIN outlets ON outlets.id = a.outlet_id LEFT JOIN records AS r ON r.id = a.record_id
WHERE a.id IN {CHOSEN}
"""
LIGHT_KINDS = "iutLTI" + "WTIU" + "".join(KINDS.get(name, "t") for name in COLUMNS)
EARLIER = f"""
SELECT v.article_id, content_hash, v.fetched, 1 - merged, {FETCH}, furniture, title, {{body}}, v.id
FROM versions AS v LEFT JOIN records AS r ON r.id = record_id WHERE v.article_id IN {CHOSEN}
UNION ALL
SELECT v.article_id, content_hash, v.fetched, shown, {FETCH}, furniture, title, {{body}}, v.id
FROM tellings AS v LEFT JOIN records AS r ON r.id = record_id WHERE v.article_id IN {CHOSEN}
"""
EARLIER_KINDS = "itwi" + "WTIU" + "htbi"
BODIES = f"SELECT id, body FROM articles WHERE id IN {CHOSEN}"
WITNESSES = f"SELECT article_id, field, witness, others FROM witnesses WHERE article_id IN {CHOSEN} ORDER BY field"
CAPTIONS = f"SELECT article_id, caption FROM captions WHERE article_id IN {CHOSEN} ORDER BY article_id, place"
POSTS = f"SELECT article_id, line, published, title FROM posts WHERE article_id IN {CHOSEN} ORDER BY article_id, line"
LINES = f"SELECT article_id, lines, furniture FROM article_lines WHERE article_id IN {CHOSEN}"
SKETCHES = f"SELECT article_id, hashes FROM sketches WHERE article_id IN {CHOSEN}"


@dataclass(frozen=True, slots=True)
class Here:
    """The archive that others are merged into, as they are asked."""

    db: Database

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.db.execute(sql, values).fetchall()

    def sound(self, rows: Iterable[tuple[Any, ...]], kinds: str) -> list[tuple[Any, ...]]:
        """All of the rows: what is here was written by us; `kinds` are as an origin takes them."""
        return list(rows)


class Asked(Protocol):
    """Whatever tells of articles: an archive that is merged, or the one that it is merged into."""

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    def sound(self, rows: Iterable[tuple[Any, ...]], kinds: str) -> list[tuple[Any, ...]]:
        """Those of the rows whose values are what an archive writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One text of an article: when it was seen last, and where the bytes lie that say it.

    `furniture` are the packed hashes of lines that were taken out of it; of a `shown` one, some archive has found that
    it says something else than the text that came after it.
    """

    content_hash: str
    fetched: str
    title: str
    body: str = field(repr=False)
    fetch: Fetch | None
    furniture: bytes
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What an archive tells of one article: its text of now with all that belongs to it, its date, other texts.

    `columns` are those of COLUMNS, `date` is (precision is a day, time, precision, offset), empty for none. `others`
    are by their content hashes; that of the text of now may be among them, to say that it was shown.
    """

    url: str
    outlet: str
    columns: tuple[Any, ...]
    body: str = field(repr=False)
    date: tuple[Any, ...]
    fetch: Fetch | None
    details: DetailRows
    sketch: bytes
    others: dict[str, Telling]

    def said(self, name: str) -> Any:
        """One column."""
        return self.columns[COLUMNS.index(name)]


@dataclass(frozen=True, slots=True)
class Outline:
    """The same without long texts: two archives whose outlines of an article are equal tell the same of its texts."""

    url: str
    about: tuple[Any, ...]
    others: frozenset[tuple[Any, ...]]

    @property
    def content(self) -> str:
        """The content hash of the text of now."""
        return str(self.about[8 + COLUMNS.index("content_hash")])


def fetch_of(values: Sequence[Any]) -> Fetch | None:
    """How a record is known, None where there is none."""
    return None if values[0] is None else (values[0], values[1], values[2], values[3])


def outlines(asked: Asked, ids: Sequence[int]) -> dict[int, Outline]:
    """The outlines of articles, by id; rows that no archive writes so are left out."""
    found = asked.sound(asked.rows(LIGHT, listed(ids)), LIGHT_KINDS)
    query = EARLIER.format(body="''")
    others: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for number, *row in asked.sound(asked.rows(query, listed(ids), listed(ids)), EARLIER_KINDS):
        others[number].append(tuple(row[:-1]))
    return {row[0]: Outline(row[1], tuple(row[2:]), frozenset(others[row[0]])) for row in found}


def accounts(asked: Asked, ids: Sequence[int]) -> dict[int, Account]:
    """All that is told of articles, by id; those whose rows no archive writes so are left out."""
    chosen = listed(ids)
    bodies = dict(asked.sound(asked.rows(BODIES, chosen), "ib"))
    sketches = dict(asked.sound(asked.rows(SKETCHES, chosen), "ih"))
    others, details = _others(asked, chosen), _details(asked, chosen)
    found = {}
    for number, url, outlet, at, precision, offset, *rest in asked.sound(asked.rows(LIGHT, chosen), LIGHT_KINDS):
        if number in bodies:
            found[number] = Account(
                url=url, outlet=outlet, columns=tuple(rest[4:]), body=bodies[number],
                date=() if at is None else (precision == "day", at, precision, offset), fetch=fetch_of(rest[:4]),
                details=details.get(number, DetailRows()), sketch=sketches.get(number, b""), others=others[number],
            )  # fmt: skip
    return found


def _others(asked: Asked, chosen: str) -> defaultdict[int, dict[str, Telling]]:
    rows = asked.sound(asked.rows(EARLIER.format(body="body"), chosen, chosen), EARLIER_KINDS)
    found: defaultdict[int, dict[str, Telling]] = defaultdict(dict)
    for number, content, fetched, shown, *rest in sorted(rows, key=lambda row: (row[0], row[2], row[1])):
        telling = Telling(
            content_hash=content, fetched=fetched, title=rest[5], body=rest[6], fetch=fetch_of(rest[:4]),
            furniture=rest[4], shown=bool(shown),
        )  # fmt: skip
        before = found[number].get(content)
        if before is not None or len(found[number]) < MOST_TEXTS:
            found[number][content] = telling if before is None else both(before, telling)
    return found


def both(one: Telling, other: Telling) -> Telling:
    """What two archives tell of one text."""
    last = max(one, other, key=_age)
    fetch = max(filter(None, (one.fetch, other.fetch)), default=None)
    return replace(last, fetch=fetch, shown=one.shown or other.shown)


def _age(telling: Telling) -> tuple[Any, ...]:
    return telling.fetched, len(telling.furniture), telling.furniture, telling.title, telling.body


def _details(asked: Asked, chosen: str) -> dict[int, DetailRows]:
    found: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for name, query, kinds in (
        ("witnesses", WITNESSES, "ittj"), ("captions", CAPTIONS, "it"), ("posts", POSTS, "iiLt"),
    ):  # fmt: skip
        for number, *row in asked.sound(asked.rows(query, chosen), kinds):
            found[number].setdefault(name, []).append(tuple(row) if len(row) > 1 else row[0])
    for number, lines, furniture in asked.sound(asked.rows(LINES, chosen), "ihh"):
        found[number] |= {"lines": unpacked(lines), "furniture": unpacked(furniture)}
    return {number: DetailRows(**{name: tuple(rows) for name, rows in own.items()}) for number, own in found.items()}


def written(account: Account) -> str:
    """An account as one text, by which two that differ in small things only are told apart and put in order."""
    details = (account.details.witnesses, account.details.captions, account.details.posts)
    return json.dumps([account.outlet, account.columns, account.body, details], ensure_ascii=False)
