"""The story of one URL: who announced it, what became of it and why, and where its bytes lie."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from archive.events import DATING, MEANINGS, QUOTING
from archive.queries import (
    ALIASES_OF,
    ARTICLE_OF,
    BYTES_OF,
    CANDIDATES_OF,
    EVENTS_OF,
    MEMBERSHIPS_OF,
    RECHECK_OF,
    RECORDS_OF,
    REST_OF,
    RULINGS_OF,
    SIGHTINGS_OF,
    STORY_OF,
    STORY_SIZE,
    TEXT_OF,
    VERSION_TEXT,
    VERSIONS_OF,
    WITNESSES_OF,
    Reader,
    Row,
    row,
    rows,
)

COPIES = 50  # of a story, that are listed
MEMBERS = 500  # of a story, where it is asked for
RULINGS = 20  # on one article, that are listed


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that an archive knows of one URL; rows without the archive's own ids.

    `candidates` is one row a topic and address that led here, each with its `sightings`, its host's `rest`, the
    `recheck` that is to come, and the `record` of its bytes where they were kept of a page that became no article;
    `events` is what happened to the article beside its versions, in order; `witnesses` says of each field of it who is
    believed, and what `others` said;
    `rulings` say which articles somebody put together with it, or apart.
    """

    url: str
    candidates: tuple[Row, ...] = ()
    article: Row | None = None
    topics: tuple[Row, ...] = ()
    witnesses: tuple[Row, ...] = ()
    story: tuple[Row, ...] = ()
    rulings: tuple[Row, ...] = ()
    versions: tuple[Row, ...] = ()
    events: tuple[Row, ...] = ()
    records: tuple[Row, ...] = ()
    aliases: tuple[Row, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the archive has ever met this URL."""
        return bool(self.candidates) or self.article is not None


def history(db: Reader, url: str, now: str) -> History:
    """The story of a canonical URL; nothing but the URL where it was never seen. `now` says which hosts rest."""
    article = row(db, ARTICLE_OF, url=url)
    if article is None:
        return History(url=url, candidates=tuple(candidates(db, [url], now)))
    key = article["id"]
    aliases = rows(db, ALIASES_OF, article=key)
    led_here = dict.fromkeys([url, article["url"], *(alias["url"] for alias in aliases)])
    return History(
        url=url,
        candidates=tuple(candidates(db, list(led_here), now)),
        article=public(article),
        topics=tuple(belongs(one) for one in rows(db, MEMBERSHIPS_OF, article=key)),
        witnesses=tuple(witnessed(one) for one in rows(db, WITNESSES_OF, article=key)),
        story=tuple(public(one) for one in rows(db, STORY_OF, story=article["story_id"], limit=COPIES)),
        rulings=tuple(rulings(db, key)),
        versions=tuple(public(one) for one in rows(db, VERSIONS_OF, article=key)),
        events=tuple(happened(one) for one in rows(db, EVENTS_OF, article=key)),
        records=tuple(rows(db, RECORDS_OF, article=key)),
        aliases=tuple(aliases),
    )


def story(db: Reader, story_id: int) -> Row:
    """A story: how many articles carry it, of how many outlets, and which; the first stands for all.

    Each has the `rulings` on it. Of very many, the first are listed.
    """
    size = row(db, STORY_SIZE, story=story_id) or {"size": 0, "outlets": 0}
    members = rows(db, STORY_OF, story=story_id, limit=MEMBERS)
    return {
        **size,
        "representative": members[0]["url"],
        "articles": [public(one) | {"rulings": rulings(db, one["id"])} for one in members],
    }


def texts(db: Reader, article: Row) -> list[Row]:
    """All texts of an article (a row of ARTICLE_OF), the oldest first, numbered from 1; the last one is the present."""
    earlier = [(one["id"], one) for one in rows(db, VERSIONS_OF, article=article["id"])]
    return [
        {"number": number, "fetched": one["fetched"], "title": one["title"], "version_id": key}
        for number, (key, one) in enumerate([*earlier, (None, article)], start=1)
    ]


def wording(db: Reader, article: Row, one: Row) -> tuple[str, str]:
    """Title and body of one of its texts."""
    key = one["version_id"]
    found = row(db, TEXT_OF, article=article["id"]) if key is None else row(db, VERSION_TEXT, version=key)
    return (found["title"], found["body"]) if found else ("", "")


def rulings(db: Reader, article_id: int) -> list[Row]:
    """What somebody ruled about an article: which others it is together with, or apart from, newest first."""
    return [public(one) for one in rows(db, RULINGS_OF, article=article_id, limit=RULINGS)]


def candidates(db: Reader, urls: list[str], now: str) -> list[Row]:
    """The candidates of these addresses, each with its sightings, its host's rest and when its article is due."""
    found = [one for url in urls for one in rows(db, CANDIDATES_OF, url=url)]
    return [
        {
            **public(one),
            "sightings": rows(db, SIGHTINGS_OF, candidate=one["id"]),
            "rest": row(db, REST_OF, host=one["host"], now=now),
            "recheck": row(db, RECHECK_OF, candidate=one["id"]),
            "record": row(db, BYTES_OF, dropped=one["id"]),
        }
        for one in found
    ]


def belongs(membership: Row) -> Row:
    """A membership with its matched terms as pairs of term and share."""
    return {**membership, "matched": pairs(membership["matched"])}


def witnessed(one: Row) -> Row:
    """A field's witness, with the claims of others as pairs of witness and words."""
    return {**one, "others": pairs(one["others"])}


def happened(event: Row) -> Row:
    """An event with its meaning; a detail that is a page's own words as `words`, one that is a time as `since`."""
    kind, detail = event["kind"], event["detail"]
    words, since = (detail if kind in some else "" for some in (QUOTING, DATING))
    if kind == "removed":
        detail = detail.removeprefix("gone: ")  # which the meaning says already
    return {**event, "detail": detail, "meaning": MEANINGS.get(kind, kind), "words": words, "since": since}


def pairs(column: str) -> list[Any]:
    """The pairs in a column of JSON, matched terms or claims; none where they cannot be read."""
    try:
        read = json.loads(column)
    except ValueError:
        return []
    return [pair for pair in read if isinstance(pair, list) and len(pair) == 2] if isinstance(read, list) else []


def public(one: Row) -> Row:
    """A row without the archive's own ids, which mean nothing outside it."""
    return {key: value for key, value in one.items() if key != "id" and not key.endswith("_id")}
