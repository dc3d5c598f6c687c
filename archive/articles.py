"""Articles: what is known of one, whose copy it may be, and the one transaction that stores it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archive.captures import write
from archive.outlinks import announce
from archive.rows import CaptureRows, Kin, KnownArticle
from archive.stories import sketch_of

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

LEAD = 400  # characters of a body that the copy rule compares
ANY = 2**63 - 1  # SQLite's largest integer
FEW = 5  # stories; what so few share was copied often, but everybody does not write it

KNOWN = """
SELECT a.id, a.url, a.content_hash, a.words_hash, a.words, a.story_id, r.digest, a.fetched,
    a.removed
FROM articles AS a LEFT JOIN records AS r ON r.id = a.record_id WHERE a.{key} = ?
"""

KIN = f"""
SELECT a.id, s.id, o.domain, a.title, substr(a.body, 1, {LEAD}), a.published, a.words, a.words_hash, a.wire
FROM stories AS s JOIN articles AS a ON a.id = s.article_id JOIN outlets AS o ON o.id = a.outlet_id WHERE s.id = ?
"""

SKETCH = "SELECT hashes FROM stories LEFT JOIN sketches USING (article_id) WHERE stories.id = ?"

ALIAS = "SELECT article_id FROM aliases WHERE url = ?"
SAME_WORDS = "SELECT story_id FROM articles WHERE words_hash = ? ORDER BY id LIMIT 1"
# One statement for all hashes: the stories of the articles that have each, of no more articles than the cap and one.
PROBE = """
SELECT value, (SELECT json_group_array(story_id) FROM (
    SELECT story_id FROM fingerprints JOIN articles ON articles.id = article_id WHERE hash = value LIMIT ?
)) FROM json_each(?)
"""
LAST = "SELECT warc_offset + warc_length FROM records WHERE warc_file = ? ORDER BY warc_offset DESC LIMIT 1"


class Articles:
    """The articles of an archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def known(self, urls: Sequence[str]) -> KnownArticle | None:
        """The article that one of these URLs leads to, the first that does."""
        with self.archive.reading() as db:
            for url in urls:
                row = db.execute(KNOWN.format(key="url"), [url]).fetchone()
                if row is None and (alias := db.execute(ALIAS, [url]).fetchone()) is not None:
                    row = db.execute(KNOWN.format(key="id"), alias).fetchone()
                if row is not None:
                    return known_of(row)
        return None

    def exact(self, words_hash: str) -> Kin | None:
        """The representative of the story that holds an article of exactly these words."""
        with self.archive.reading() as db:
            story = db.execute(SAME_WORDS, [words_hash]).fetchone()
            if story is None:
                return None
            count = len(sketch_of(db.execute(SKETCH, story).fetchone()[0]))
            return kin_of(db.execute(KIN, story).fetchone(), count, count)

    def kin(self, hashes: Sequence[int], cap: int = 50, limit: int = 20, least: int = 1, below: int = ANY) -> list[Kin]:
        """The representatives of the stories that share most of these shingle hashes, at least `least` of them.

        A hash of more than `cap` articles is boilerplate and says nothing, unless they are of a few stories only. Of a
        representative's own hashes only those under `below` are counted: a longer text keeps no others.
        """
        found = []
        with self.archive.reading() as db:
            telling, shares = self._shares(db, set(hashes), cap)
            for story in sorted(shares, key=lambda story: (-shares[story], story))[:limit]:
                own = {number for number in sketch_of(db.execute(SKETCH, [story]).fetchone()[0]) if number < below}
                if len(shared := own & telling) >= least:
                    found.append(kin_of(db.execute(KIN, [story]).fetchone(), len(own), len(shared)))
        return sorted(found, key=lambda kin: (-kin.shared, kin.article_id))

    def last_record(self, warc_file: str) -> int:
        """Where the last committed record of a WARC file ends, in bytes; 0 if there is none."""
        with self.archive.reading() as db:
            row = db.execute(LAST, [warc_file]).fetchone()
        return 0 if row is None else int(row[0])

    def store(self, rows: CaptureRows, now: str) -> int:
        """The id of the article, stored with all that belongs to it in one transaction."""
        with self.archive.writing() as db:
            article_id = write(db, rows, now)
            announce(self.archive, rows, now)
            self.archive.rechecks.stored(article_id, rows, now)
            return article_id

    def _shares(self, db: Database, hashes: set[int], cap: int) -> tuple[set[int], Counter[int]]:
        """The hashes that are no boilerplate, and how many of them each story has in any of its articles."""
        telling: set[int] = set()
        shares = Counter[int]()
        for number, found in db.execute(PROBE, [cap + 1, json.dumps(sorted(hashes))]).fetchall():
            holders = json.loads(found)
            stories = set(holders)
            if len(holders) <= cap or len(stories) <= FEW:
                telling.add(number)
                shares.update(stories)
        return telling, shares


def known_of(row: Sequence[Any]) -> KnownArticle:
    """A row of KNOWN, frozen."""
    number, url, content_hash, words_hash, words, story, digest, fetched, removed = row
    return KnownArticle(
        id=number, url=url, content_hash=content_hash, words_hash=words_hash, words=words, story_id=story,
        digest=digest, fetched=fetched, removed=removed,
    )  # fmt: skip


def kin_of(row: Sequence[Any], fingerprints: int, shared: int) -> Kin:
    """A row of KIN, frozen."""
    article, story, outlet, title, lead, published, words, words_hash, wire = row
    return Kin(
        article_id=article,
        story_id=story,
        outlet=outlet,
        title=title,
        lead=lead,
        published=published,
        words=words,
        words_hash=words_hash,
        wire=wire,
        fingerprints=fingerprints,
        shared=shared,
    )
