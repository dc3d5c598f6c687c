"""A damaged database, saved into a new file: every row whose bytes are whole, whatever lies around it.

Nothing is asked of SQLite about the old file, and nothing is written to it. Pages are read as they lie; what no tree
leads to any more is known by its shape. The old file is kept beside the new one, which takes its name when it is whole.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from archive.disk import sync, write_whole
from archive.errors import StoreError
from archive.health import blueprint, raw_rows, steps
from archive.health.integrity import READY, SAVED
from archive.health.ownership import check_release, owners
from archive.health.patient import Progress
from archive.health.raw_pages import RawPages, opened_pages
from archive.health.raw_rows import Row
from archive.health.shapes import Shape, shapes
from archive.queries import DATABASE
from archive.store import Archive
from archive.waiting import COUNT_YIELDS

BATCH = 500  # pages whose rows are written together
PLACE = "saving the database"

ADOPTED = (
    (
        "outlets",
        """INSERT OR IGNORE INTO outlets (id, domain)
        SELECT outlet_id, replace(substr(rest, 1, instr(rest || '/', '/') - 1), 'www.', '')
        FROM (SELECT outlet_id, substr(MIN(url), instr(MIN(url), '://') + 3) AS rest FROM articles GROUP BY outlet_id)
        WHERE outlet_id NOT IN (SELECT id FROM outlets)""",
    ),
    (
        "outlets",
        """INSERT OR IGNORE INTO outlets (id, domain) SELECT outlet_id, 'lost-' || outlet_id || '.invalid'
        FROM (SELECT outlet_id FROM articles UNION SELECT outlet_id FROM article_lines)
        WHERE outlet_id NOT IN (SELECT id FROM outlets)""",
    ),
    (
        "topics",
        """INSERT OR IGNORE INTO topics (id, name, title) SELECT topic_id, 'lost-' || topic_id, 'A topic that was lost'
        FROM (SELECT topic_id FROM article_topics UNION SELECT topic_id FROM candidates UNION SELECT topic_id FROM runs)
        WHERE topic_id NOT IN (SELECT id FROM topics)""",
    ),
    (
        "stories",
        """INSERT OR IGNORE INTO stories (id, article_id) SELECT story_id, MIN(id) FROM articles
        WHERE story_id NOT IN (SELECT id FROM stories) GROUP BY story_id""",
    ),
)
# Their article is lost; they stay in the old file, since no row of the new one can say whose they are.
ALONE = 'DELETE FROM "{}" WHERE article_id NOT IN (SELECT id FROM articles)'
TEXTS = {"versions", "tellings"}
# By what their texts are found may be lost: the next merge enters it again.
UNTRACKED = "UPDATE versions SET tracked = 0 WHERE tracked"
UNCOUNTED = "SELECT id FROM topics WHERE id NOT IN (SELECT topic_id FROM yields)"
NEWER = "SELECT fetched >= ? FROM articles WHERE id = ?"


def salvaged(data: Path, stamp: str, progress: Progress) -> Iterator[str]:
    """Put a new database in the place of a damaged one, and tell what was saved; StoreError where that cannot be.

    The old one is `news.db.damaged-STAMP` afterwards. Killed at any instant, the next call begins again or ends it.
    """
    place = data / SAVED
    if not (place / READY).is_file() or is_outdated(data):
        shutil.rmtree(place, ignore_errors=True)
        yield from filled(data / DATABASE, place, progress)
        write_whole(place / READY, stamp.encode())
    yield swapped(data)


def is_outdated(data: Path) -> bool:
    """Whether somebody wrote into the damaged database since it was saved, before the new one has taken its place."""
    place, log = data / SAVED, data / f"{DATABASE}-wal"
    if not (place / DATABASE).is_file() or next(data.glob(f"{aside_of(data).name}*"), None) is not None:
        return False  # names are changing already
    written = [path for path in (data / DATABASE, log) if path.is_file() and path.stat().st_size]
    ready = (place / READY).stat().st_mtime_ns
    return any(path.stat().st_mtime_ns > ready for path in written)


def aside_of(data: Path) -> Path:
    """The name that the damaged database gets."""
    return data / f"{DATABASE}.damaged-{(data / SAVED / READY).read_text('ascii').strip()}"


def filled(damaged: Path, place: Path, progress: Progress) -> Iterator[str]:
    """Make the new database of what the old one still has, and tell how much that is."""
    Archive.open(place).close()
    with closing(sqlite3.connect(place / DATABASE)) as connection:
        db = steps.working(connection)
        db.execute("PRAGMA synchronous = OFF")  # it is synced once, when it is whole
        for name, (kind, _) in blueprint.fresh().objects.items():
            if kind == "trigger":
                db.execute(f'DROP TRIGGER "{name}"')
        found = copied(damaged, db, progress)
        if not found.get("articles"):
            shutil.rmtree(place, ignore_errors=True)
            raise StoreError(f"{damaged} holds no article that could be saved; take it from a backup", "corrupt")
        yield "saved " + ", ".join(f"{count:,} of {name}" for name, count in sorted(found.items()) if count)
        yield from completed(db)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if (told := db.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
            raise StoreError(f"{place / DATABASE} did not become whole ({told}); nothing was changed", "corrupt")
    sync(place / DATABASE)


def completed(db: Database) -> Iterator[str]:
    """Make the new database whole: who is referred to, what is derived, what finds it."""
    told = []
    with steps.unit(db):
        for table, statement in ADOPTED:
            if (count := db.execute(statement).rowcount) > 0:
                told.append(f"{count:,} rows of {table} made up for, whose own were lost")
        for table in shapes().keys() & TEXTS:
            if (count := db.execute(ALONE.format(table)).rowcount) > 0:
                told += [f"{count:,} {table} of lost articles left in the old file"]
        db.execute(UNTRACKED)
        for (topic,) in db.execute(UNCOUNTED).fetchall():
            db.execute(COUNT_YIELDS, [topic])
    yield from told
    for step in (steps.references, steps.hashes, steps.lines, steps.counts):
        yield from step(db)
    yield from steps.schema(db)


def copied(damaged: Path, db: Database, progress: Progress) -> Counter[str]:
    """How many rows of each table were written: first those that a tree leads to, then those known by their shape."""
    file, log = opened_pages(damaged)
    with file, log or closing(file):
        pages = RawPages(file, log)
        check_release(damaged, pages)
        waiting: list[tuple[Shape, int]] = []
        for number, (shape, page) in enumerate(owners(pages)):
            progress(PLACE, number, pages.count)
            waiting.append((shape, page))
            if len(waiting) == BATCH:
                put(db, pages, waiting)
                waiting.clear()
        put(db, pages, waiting)
    count = 'SELECT COUNT(*) FROM "{}"'
    return Counter({name: db.execute(count.format(name)).fetchone()[0] for name in shapes()})


def put(db: Database, pages: RawPages, waiting: list[tuple[Shape, int]]) -> None:
    """Write the rows of some pages, in one transaction; of two with one key the first stays."""
    with steps.unit(db):
        for shape, number in waiting:
            for row in raw_rows.rows(pages, number):
                write(db, shape, row)


def write(db: Database, shape: Shape, row: Row) -> None:
    """Write one row, where none of its key is; of two readings of an article the newer one stays."""
    if not shape.fits(row):
        return
    values = shape.named(row)
    how = "IGNORE"
    if shape.name == "articles":
        older = db.execute(NEWER, [values.get("fetched"), values.get("id")]).fetchone()
        how = "REPLACE" if older is not None and not older[0] else how
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    db.execute(f'INSERT OR {how} INTO "{shape.name}" ({names}) VALUES ({marks})', list(values.values()))


def swapped(data: Path) -> str:
    """Put the whole new database into the place of the old one; what was done. It goes on where it was killed."""
    place = data / SAVED
    aside = aside_of(data)
    for ending in ("-wal", "-shm"):  # a log of the old file must not be taken for the new one's
        old = data / f"{DATABASE}{ending}"
        if old.exists():
            old.rename(f"{aside}{ending}")
    if (place / DATABASE).is_file():
        if (data / DATABASE).exists():
            (data / DATABASE).rename(aside)
        (place / DATABASE).rename(data / DATABASE)
        sync(data)
    shutil.rmtree(place)
    sync(data)
    return f"{DATABASE} is the new one, and the old one is {aside.name}; start again whatever has it open (serve)"
