"""What is counted and concluded from other rows: stories from their articles, months from dates, and more."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from sqlite_utils import Database

from archive.health.diagnosis import REPAIR, Diagnosis, examples, mendable, warning, well
from archive.health.patient import Patient, tally
from archive.stories import BEST, ENOUGH, LONGEST, NEARLY, Stories
from archive.wording import counted

NAME = "derived data"
BATCH = 200  # stories or articles that one transaction mends

HOMELESS = """
INSERT INTO stories (id, article_id) SELECT story_id, MIN(id) FROM articles
WHERE story_id NOT IN (SELECT id FROM stories) GROUP BY story_id
"""
NO_STORY = """
SELECT a.id FROM articles AS a LEFT JOIN stories AS s ON s.id = a.story_id WHERE s.id IS NULL ORDER BY a.id
"""
MISCOUNTED = """
SELECT s.id FROM (SELECT story_id, COUNT(*) AS size, COUNT(DISTINCT outlet_id) AS outlets FROM articles
    WHERE story_id IS NOT NULL GROUP BY story_id) AS t
JOIN stories AS s ON s.id = t.story_id WHERE (s.size, s.outlets) IS NOT (t.size, t.outlets)
"""
EMPTY = "SELECT id FROM stories WHERE NOT EXISTS (SELECT 1 FROM articles WHERE story_id = stories.id)"
TAKE_AWAY = f"DELETE FROM stories WHERE id IN ({EMPTY} LIMIT {BATCH})"
STRANGER = """
SELECT s.id FROM stories AS s LEFT JOIN articles AS a ON a.id = s.article_id
WHERE (a.story_id IS NOT s.id OR a.story_relation IS NOT 'original')
    AND EXISTS (SELECT 1 FROM articles WHERE story_id = s.id)
"""
SHARED = "SELECT id, article_id FROM stories WHERE size > 1"
MONTH = """
CASE WHEN COALESCE(published, '') != '' THEN month != substr(published, 1, 7)
    ELSE month > substr(fetched, 1, 7) OR month NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]' END
"""
MISDATED = f"SELECT id FROM articles WHERE {MONTH}"
REDATE = f"""
UPDATE articles SET month = substr(COALESCE(NULLIF(published, ''), fetched), 1, 7)
WHERE id IN (SELECT id FROM articles WHERE {MONTH} LIMIT {BATCH})
"""
UNNAMED = """
SELECT a.id FROM articles AS a LEFT JOIN aliases AS l ON l.url = a.url WHERE l.url IS NULL ORDER BY a.id
"""
RENAME = """
INSERT INTO aliases (url, article_id, kind) SELECT url, id, 'canonical' FROM articles WHERE id = ?
ON CONFLICT DO NOTHING
"""
NOBODYS = "SELECT id FROM articles WHERE NOT EXISTS (SELECT 1 FROM article_topics WHERE article_id = articles.id)"
DISORDER = """
SELECT DISTINCT article_id FROM (
    SELECT article_id, fetched, LAG(fetched) OVER (PARTITION BY article_id ORDER BY id) AS before FROM versions)
WHERE fetched < before
"""
STRANDED = """
SELECT c.id FROM candidates AS c WHERE c.state IN ('stored', 'unchanged')
    AND NOT EXISTS (SELECT 1 FROM aliases WHERE aliases.url = c.url)
    AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.url = c.url)
"""
WAIT_AGAIN = """
UPDATE candidates SET state = 'waiting', next_try = NULL, tries = 0, run_id = NULL,
    reason = 'it was stored, and its article is not there'
WHERE id = ?
"""
OTHERS_RECORD = """
SELECT a.id FROM articles AS a JOIN records AS r ON r.id = a.record_id WHERE r.article_id IS NOT a.id
"""


def examine(patient: Patient) -> Iterator[Diagnosis]:
    """Whether what is derived is true of what it is derived from."""
    patient.progress(NAME, 0, 0)
    with patient.look() as db:
        told = [*stories(db), *articles(db), *others(db)]
        count = db.execute("SELECT COUNT(*) FROM stories").fetchone()[0]
    yield from told
    if not any(one.state == "fault" for one in told):
        yield well(
            NAME, f"{counted(count, 'story', 'stories')}, months, addresses and outcomes agree with the articles"
        )


def stories(db: sqlite3.Connection) -> Iterator[Diagnosis]:
    """Articles without a story, and stories that are not as their articles are."""
    for query, what, does in (
        (NO_STORY, "without a story", "gives each its own"),
        (MISCOUNTED, "whose size or outlets are miscounted", "counts again"),
        (EMPTY, "without articles", "takes them away"),
        (STRANGER, "for which an article of another one stands", "chooses again"),
    ):
        count, some = tally(db, query)
        if count:
            noun = counted(count, "article") if query == NO_STORY else counted(count, "story", "stories")
            yield mendable(NAME, f"{noun} {what}{examples(f'id {one}' for one in some)}", does)
    if count := sum(1 for _ in misrepresented(db)):
        what = f"{counted(count, 'story', 'stories')} for which not the best article stands"
        yield warning(NAME, what, f"{REPAIR}chooses again", is_mendable=True)


def misrepresented(db: sqlite3.Connection) -> Iterator[int]:
    """The stories of several articles for which another one should stand."""
    asked = {"most": LONGEST, "enough": ENOUGH, "nearly": NEARLY}
    for story, stands in db.execute(SHARED):
        best = db.execute(BEST, asked | {"story": story}).fetchone()
        if best is not None and best[0] != stands:
            yield int(story)


def articles(db: sqlite3.Connection) -> Iterator[Diagnosis]:
    """What stands in the wrong month, is not found by its own address, or belongs to nobody."""
    for query, what, does in (
        (MISDATED, "in the wrong month", "writes the month of their date"),
        (UNNAMED, "not found by their own address", "writes it down"),
    ):
        count, some = tally(db, query)
        if count:
            yield mendable(NAME, f"{counted(count, 'article')} {what}{examples(f'id {one}' for one in some)}", does)
    for query, what, mend in (
        (NOBODYS, "of no topic", "`dossier rescore` judges them again"),
        (DISORDER, "whose versions are not in the order of time", "compare the machine's clock with the run log"),
        (OTHERS_RECORD, "whose bytes are said to be another one's", "`dossier why` shows which"),
    ):
        count, some = tally(db, query)
        if count:
            yield warning(NAME, f"{counted(count, 'article')} {what}{examples(f'id {one}' for one in some)}", mend)


def others(db: sqlite3.Connection) -> Iterator[Diagnosis]:
    """Links that were stored and have no article."""
    count, some = tally(db, STRANDED)
    if count:
        what = f"{counted(count, 'link')} stored, without an article{examples(f'id {one}' for one in some)}"
        yield mendable(NAME, what, "lets them wait for the next crawl")


def mend(db: Database) -> Iterator[str]:
    """What to do in transactions of their own; each step says what it did, until nothing is left."""
    own = Stories(db)
    if (made := db.execute(HOMELESS).rowcount) > 0:
        yield f"{noun_of(made, 'story')} made again of its articles"
    for query, does, told, noun in (
        (NO_STORY, own.begin, "given a story", "article"),
        (STRANGER, lambda one: anew(db, own, one), "given an article that stands for it", "story"),
        (MISCOUNTED, own.settle, "counted again", "story"),
        (UNNAMED, lambda one: db.execute(RENAME, [one]), "found by its address again", "article"),
        (STRANDED, lambda one: db.execute(WAIT_AGAIN, [one]), "put back to wait", "link"),
    ):
        yield from each(db, query, does, told, noun)
    yield from swept(db, TAKE_AWAY, "without articles taken away", "story")
    yield from swept(db, REDATE, "put into its month", "article")
    found = list(misrepresented(db.conn))
    for start in range(0, len(found), BATCH):
        for story in found[start : start + BATCH]:
            own.settle(story)
        yield f"{noun_of(len(found[start : start + BATCH]), 'story')} given its best article"


def each(db: Database, query: str, does: Callable[[int], object], told: str, noun: str) -> Iterator[str]:
    """Mend what a query finds, some at a time, until it finds no more; a round that changes nothing is the last."""
    before: list[int] = []
    while found := [int(row[0]) for row in db.execute(f"{query} LIMIT {BATCH}").fetchall()]:
        if found == before:
            return
        for one in found:
            does(one)
        before = found
        yield f"{noun_of(len(found), noun)} {told}"


def swept(db: Database, statement: str, told: str, noun: str) -> Iterator[str]:
    """Run a statement that changes some rows at a time until it changes none."""
    while (changed := db.execute(statement).rowcount) > 0:
        yield f"{noun_of(changed, noun)} {told}"


def noun_of(count: int, noun: str) -> str:
    """So many articles, stories or links."""
    return counted(count, noun, "stories" if noun == "story" else "")


def anew(db: Database, own: Stories, story: int) -> None:
    """Give a story to an article that is in it, before the best of all is looked for."""
    values = {"story": story}
    db.execute(
        "UPDATE stories SET article_id = (SELECT MIN(id) FROM articles WHERE story_id = :story) WHERE id = :story",
        values,
    )
    own.settle(story)
