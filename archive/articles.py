"""Articles: what is known of one, whose copy it may be, and the one transaction that stores it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archive.captures import write
from archive.outlinks import announce
from archive.relations import overlap_of, sketch_of
from archive.rows import CaptureRows, Kin, KnownArticle
from archive.stories import standing

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

LEAD = 400  # characters of a body that the copy rule compares
FEW = 5  # stories; what so few share was copied often, but everybody does not write it
PROBED = 64  # hashes that are looked for, the rarest: those of a text four times as long or as short are among them
CAP = 50  # articles of one hash; more are boilerplate
STORIES, BESIDE = 20, 4  # stories that are looked at, and of each so many articles beside the one that stands for it
SAME = 5  # articles of the same words that are looked at

KNOWN = """
SELECT a.id, a.url, a.content_hash, a.words_hash, a.words, a.story_id, r.digest, a.fetched,
    a.removed
FROM articles AS a LEFT JOIN records AS r ON r.id = a.record_id WHERE a.{key} = ?
"""

KIN = f"""
SELECT a.id, a.story_id, o.domain, a.title, substr(a.body, 1, {LEAD}), a.published, a.words, a.words_hash, a.wire
FROM articles AS a JOIN outlets AS o ON o.id = a.outlet_id WHERE a.id = ?
"""

SKETCH = "SELECT hashes FROM sketches WHERE article_id = ?"

ALIAS = "SELECT article_id FROM aliases WHERE url = ?"
SAME_WORDS = "SELECT id, story_id FROM articles WHERE words_hash = ? ORDER BY id LIMIT ?"
# One statement for all hashes: the articles that have each, with their stories, of no more than the cap and one.
PROBE = """
SELECT value, (SELECT json_group_array(json_array(article_id, story_id)) FROM (
    SELECT article_id, story_id FROM fingerprints JOIN articles ON articles.id = article_id WHERE hash = value LIMIT ?
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

    def exact(self, words_hash: str) -> list[Kin]:
        """Articles of exactly these words, the first few."""
        with self.archive.reading() as db:
            found = db.execute(SAME_WORDS, [words_hash, SAME]).fetchall()
            return [kin_of(db, article, standing(db, story)) for article, story in found]

    def kin(self, hashes: Sequence[int], least: int = 1, cap: int = CAP, limit: int = STORIES) -> list[Kin]:
        """The stories with an article that shares `least` hashes or more with this sketch (ascending).

        Of each it is the article that stands for it, and of the others the few that share most. A hash of more
        than `cap` articles is boilerplate and says nothing, unless they are of a few stories only. So many stories and
        articles are looked at, whatever the archive holds.
        """
        found = []
        with self.archive.reading() as db:
            for story, holders in sorted(self._holders(db, hashes, cap).items(), key=_most_shared)[:limit]:
                first = standing(db, story)
                others = [article for article, _ in holders.most_common(BESIDE + 1) if article != first]
                sketches = {article: sketch_in(db, article) for article in [first, *others[:BESIDE]]}
                shared = {article: overlap_of(hashes, sketch).shared for article, sketch in sketches.items()}
                if max(shared.values()) >= least:
                    alike = [article for article in sketches if article == first or shared[article] >= least]
                    found += [kin_of(db, article, first, sketches[article]) for article in alike]
        return found

    def standing(self, story_id: int) -> Kin:
        """The article that stands for a story."""
        with self.archive.reading() as db:
            first = standing(db, story_id)
            return kin_of(db, first, first)

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

    def _holders(self, db: Database, hashes: Sequence[int], cap: int) -> dict[int, Counter[int]]:
        """The articles of each story that have some of the rarest hashes, and how many, boilerplate left out."""
        holders: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for _, found in db.execute(PROBE, [cap + 1, json.dumps(list(hashes[:PROBED]))]).fetchall():
            pairs = json.loads(found)
            if len(pairs) <= cap or len({story for _, story in pairs}) <= FEW:
                for article, story in pairs:
                    holders[story][article] += 1
        return holders


def _most_shared(story: tuple[int, Counter[int]]) -> tuple[int, int]:
    """The order of stories: by the article that shares most, then by age."""
    number, holders = story
    return -max(holders.values()), number


def sketch_in(db: Database, article_id: int) -> tuple[int, ...]:
    """The hashes that are kept of an article, ascending."""
    return sketch_of((db.execute(SKETCH, [article_id]).fetchone() or (None,))[0])


def known_of(row: Sequence[Any]) -> KnownArticle:
    """A row of KNOWN, frozen."""
    number, url, content_hash, words_hash, words, story, digest, fetched, removed = row
    return KnownArticle(
        id=number, url=url, content_hash=content_hash, words_hash=words_hash, words=words, story_id=story,
        digest=digest, fetched=fetched, removed=removed,
    )  # fmt: skip


def kin_of(db: Database, article_id: int, standing_id: int, sketch: tuple[int, ...] | None = None) -> Kin:
    """What the copy rule looks at, of one article; `standing_id` stands for its story."""
    article, story, outlet, title, lead, published, words, words_hash, wire = db.execute(KIN, [article_id]).fetchone()
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
        hashes=sketch_in(db, article_id) if sketch is None else sketch,
        stands=article == standing_id,
    )
