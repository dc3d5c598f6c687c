"""Which articles may be of one story, and which stories they are in: what is grouped anew is grouped whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.articles import LEAD
from archive.merging.accounts import Asked, outlines
from archive.merging.articles import HERE
from archive.merging.origin import listed
from archive.queries import RULED

OF = "SELECT story_id, words, words_hash FROM articles WHERE id = ?"
HASHES = """
SELECT hash FROM fingerprints WHERE article_id = ?1 UNION SELECT track FROM tracks WHERE article_id = ?1
"""
OF_HASH = """
SELECT article_id FROM fingerprints WHERE hash = ?1 UNION SELECT article_id FROM tracks WHERE track = ?1
"""
OF_WORDS = """
SELECT id FROM articles WHERE words_hash = ?1 AND words > 0 UNION SELECT article_id FROM tracks WHERE track = ?1
"""
OF_STORY = "SELECT id FROM articles WHERE story_id = ?"
OF_RULING = f"SELECT other_id FROM ({RULED}) WHERE article_id = ?"
RULINGS = """
SELECT article_id, other_id, ruling, made FROM story_rulings WHERE article_id IN (SELECT value FROM json_each(?))
"""
MEMBERS = f"""
SELECT a.id, a.url, domain, title, substr(body, 1, {LEAD}), published, fetched, words, words_hash, wire, is_agency,
    content_hash, COALESCE(hashes, x'') FROM articles AS a JOIN outlets ON outlets.id = outlet_id
LEFT JOIN sketches ON article_id = a.id WHERE a.id IN (SELECT value FROM json_each(?))
ORDER BY COALESCE(published, fetched), a.url
"""
GROUPED = """
SELECT a.id, s.article_id, story_relation, story_similarity, story_jaccard
FROM articles AS a JOIN stories AS s ON s.id = story_id WHERE a.id IN (SELECT value FROM json_each(?))
"""
URL = "SELECT url FROM articles WHERE id = ?"
WHICH = HERE.replace(":url", "?1")
STORY_OF = f"SELECT story_id FROM articles WHERE id = ({WHICH}) AND story_id IS NOT NULL"
MATES = "SELECT url FROM articles WHERE story_id = ?"
RELATIONS = frozenset({"original", "exact copy", "syndicated", "truncated", "partial", "rewrite"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article as it is grouped: `sketch` are its packed hashes; times are ISO 8601 UTC text."""

    id: int
    url: str
    outlet: str
    title: str
    lead: str = field(repr=False)
    published: str | None
    fetched: str
    words: int
    words_hash: str
    wire: str
    is_agency: bool
    content_hash: str
    sketch: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """Somebody's ruling on two articles, by their ids."""

    one: int
    two: int
    ruling: str
    made: str


Kinship = tuple[int, str, float, float]
"""The article that stands for a story, and what another one is to it: relation, similarity, Jaccard."""
Grouping = dict[int, Kinship]
"""Of each article its kinship."""
Regroup = Callable[[Sequence[Member], Sequence[Ruled]], Grouping]
"""How articles are grouped that come in one after the other in this order, as one archive would group them."""


def company(here: Asked, origin: Asked, start: int) -> set[int]:
    """All articles that may be of one story with this one, or with one that may.

    They are found by what they say or have ever said, which are facts that no later one takes back; by rulings; and by
    the stories that they are in here, and in the other archive.
    """
    found, waiting = {start}, [start]
    looked, stories = set[tuple[str, Any]](), set[int]()
    while waiting:
        article = waiting.pop()
        near = {other for (other,) in here.rows(OF_RULING, article)} | mates(here, origin, article, stories)
        for query, key in _keys(here, article):
            if (query, key) not in looked:
                looked.add((query, key))
                near.update(other for (other,) in here.rows(query, key))
        waiting.extend(near - found)
        found |= near
    return found


def mates(here: Asked, origin: Asked, article: int, seen: set[int]) -> set[int]:
    """The articles here that are in one story with this one in the other archive; of stories seen before, none."""
    near: set[int] = set()
    for (story,) in origin.rows(STORY_OF, here.rows(URL, article)[0][0]):
        if story not in seen:
            seen.add(story)
            numbers = [here.rows(WHICH, url)[0][0] for (url,) in origin.rows(MATES, story)]
            near.update(number for number in numbers if number is not None)
    return near


def _keys(asked: Asked, article: int) -> Iterable[tuple[str, Any]]:
    """By what an article is found among others."""
    for story, words, words_hash in asked.rows(OF, article):
        if story is not None:
            yield OF_STORY, story
        if words:
            yield OF_WORDS, words_hash
    for (track,) in asked.rows(HASHES, article):
        yield OF_WORDS if isinstance(track, str) else OF_HASH, track


def members(asked: Asked, ids: Iterable[int]) -> list[Member]:
    """The articles, in the order in which they are grouped: by date, then by address."""
    names = Member.__slots__
    return [Member(**dict(zip(names, row, strict=True))) for row in asked.rows(MEMBERS, listed(sorted(ids)))]


def rulings(asked: Asked, ids: Iterable[int]) -> list[Ruled]:
    """What somebody ruled on articles of a company."""
    return [Ruled(one=row[0], two=row[1], ruling=row[2], made=row[3]) for row in asked.rows(RULINGS, listed(list(ids)))]


def grouped(asked: Asked, ids: Iterable[int]) -> Grouping:
    """How articles are grouped in an archive."""
    rows = asked.sound(asked.rows(GROUPED, listed(list(ids))), "iitff")
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in rows if row[2] in RELATIONS}


def company_there(here: Asked, origin: Asked, chosen: Sequence[Member]) -> dict[int, int] | None:
    """The ids here of a company's articles, by their ids in another archive that has it whole.

    None where it has not: where an article is not there, or not all that is told of it here and nothing else.
    """
    there: dict[int, int] = {}
    for member in chosen:
        (found,) = origin.rows(WHICH, member.url)[0]
        if found is None or found in there:
            return None
        there[found] = member.id
    told, mine = outlines(origin, list(there)), outlines(here, list(there.values()))
    for number, own in there.items():
        if number not in told or (told[number].about, told[number].others) != (mine[own].about, mine[own].others):
            return None
    return there if _rulings(origin, there) == _rulings(here, {one.id: one.id for one in chosen}) else None


def _rulings(asked: Asked, ids: dict[int, int]) -> set[tuple[Any, ...]]:
    return {
        (*sorted((ids[row.one], ids[row.two])), row.ruling, row.made)
        for row in rulings(asked, ids)
        if row.one in ids and row.two in ids
    }


def spelt(grouping: Grouping, chosen: Sequence[Member]) -> str:
    """A grouping as one text without ids, by which two of the same articles are put in order."""
    urls = {member.id: member.url for member in chosen}
    return json.dumps(sorted([urls[one], urls[first], *kin] for one, (first, *kin) in grouping.items()))
