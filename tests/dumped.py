"""All that an archive holds as lines without ids: two archives that hold the same are equal texts."""

from __future__ import annotations

import hashlib
import sqlite3
from array import array
from pathlib import Path
from typing import Any

from archive.members import opened
from archive.warc import read_member

RECORD = "(SELECT r.url || ' ' || r.fetched || ' ' || r.status || ' ' || r.digest FROM records AS r WHERE r.id = {})"
ARTICLE = "(SELECT url FROM articles AS x WHERE x.id = {})"
TOPIC = "(SELECT name FROM topics WHERE topics.id = {})"
RUN = "(SELECT name || ' ' || started FROM runs JOIN topics ON topics.id = topic_id WHERE runs.id = {})"
SOURCE = "(SELECT channel || ' ' || url FROM sources AS s WHERE s.id = {})"
CANDIDATE = "(SELECT url FROM candidates AS c WHERE c.id = {})"
OUTLET = "(SELECT domain FROM outlets WHERE outlets.id = {})"
STORY = "(SELECT x.url FROM stories AS s JOIN articles AS x ON x.id = s.article_id WHERE s.id = {})"
NAMES = {
    "record_id": RECORD, "article_id": ARTICLE, "other_id": ARTICLE, "topic_id": TOPIC, "listed_for": TOPIC,
    "run_id": RUN, "source_id": SOURCE, "candidate_id": CANDIDATE, "outlet_id": OUTLET, "story_id": STORY,
}  # fmt: skip
PLACES = {"warc_file", "warc_offset", "warc_length", "tracked"}  # where something lies, and whether it is indexed
UNNAMED = {"touched", "articles_fts", "_sqlite_migrations", "sqlite_sequence"}  # what ids alone say
TIMES = {"fetched", "first_seen", "last_seen", "checked", "asked", "last_asked", "last_success", "last_listed", "due",
         "started", "finished", "next_ask", "at", "next_try", "seconds"}  # fmt: skip


def dumped(data: Path, *, times: bool = True, but: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """The rows of every table as sorted lines, ids as what they stand for; without `times`, nothing of when."""
    db = sqlite3.connect(f"file:{data / 'news.db'}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        wanted = [name for name in tables if name not in UNNAMED | but and not name.startswith("articles_fts")]
        return {name: lines(db, name, times=times) for name in wanted}
    finally:
        db.close()


def lines(db: sqlite3.Connection, table: str, *, times: bool) -> list[str]:
    """The rows of one table."""
    columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    kept = [name for name in columns if name != "id" and name not in PLACES and (times or name not in TIMES)]
    asked = [NAMES[name].format(f"t.{name}") if name in NAMES else f"t.{name}" for name in kept]
    rows = db.execute(f"SELECT {', '.join(asked)} FROM {table} AS t")
    return sorted(str(dict(zip(kept, map(told, row), strict=True))) for row in rows)


def told(value: Any) -> Any:
    """A value as it is shown: packed hashes as numbers."""
    return list(array("q", value)) if isinstance(value, bytes) else value


def pages(data: Path) -> dict[str, str]:
    """The digest of what each kept page says, by its record: so that records lead to their bytes."""
    db = sqlite3.connect(f"file:{data / 'news.db'}?mode=ro", uri=True)
    found = {}
    for url, fetched, *place in db.execute("SELECT url, fetched, warc_file, warc_offset, warc_length FROM records"):
        headers, body = opened(read_member(data / "warc", *place))
        found[f"{url} {fetched}"] = f"{hashlib.sha256(body).hexdigest()} {len(headers)}"
    db.close()
    return found
