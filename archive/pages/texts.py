"""The texts that an article has had, numbered from 1, the last one its present one."""

from __future__ import annotations

from archive.queries import TEXT_OF, VERSION_TEXT, Reader, Row, row, rows

MOST = 1_000  # earlier texts, the newest

EARLIER = """
SELECT id, fetched, title, record_id FROM (
    SELECT id, fetched, title, record_id FROM versions WHERE article_id = :article ORDER BY id DESC LIMIT :limit)
ORDER BY id
"""


def texts_of(db: Reader, article: Row) -> list[Row]:
    """All texts of an article (a row with `id`, `fetched`, `title`, `record_id`), each with its `number`."""
    earlier = rows(db, EARLIER, article=article["id"], limit=MOST)
    own = {"id": None, **{name: article[name] for name in ("fetched", "title", "record_id")}}
    return [{**one, "number": number} for number, one in enumerate([*earlier, own], start=1)]


def wording(db: Reader, article: int, one: Row) -> tuple[str, str]:
    """Title and body of one of the texts of an article."""
    key = one["id"]
    found = row(db, TEXT_OF, article=article) if key is None else row(db, VERSION_TEXT, version=key)
    return (found["title"], found["body"]) if found else ("", "")
