"""Details: what stands beside an article's text, inside the caller's transaction."""

from __future__ import annotations

from sqlite_utils import Database

from archive.furniture import learn
from archive.rows import DetailRows

TABLES = ("witnesses", "captions", "posts")


def put_details(db: Database, article_id: int, outlet_id: int, details: DetailRows) -> None:
    """Write what stands beside an article's text, in place of what stood there."""
    for table in TABLES:
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    witnesses = [(article_id, *row) for row in details.witnesses]
    captions = [(article_id, place, caption) for place, caption in enumerate(details.captions)]
    posts = [(article_id, *row) for row in details.posts]
    db.conn.executemany("INSERT INTO witnesses (article_id, field, witness, others) VALUES (?, ?, ?, ?)", witnesses)
    db.conn.executemany("INSERT INTO captions (article_id, place, caption) VALUES (?, ?, ?)", captions)
    db.conn.executemany("INSERT INTO posts (article_id, line, published, title) VALUES (?, ?, ?, ?)", posts)
    learn(db, article_id, outlet_id, details.lines, details.furniture)
