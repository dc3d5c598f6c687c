"""What waits in an archive, counted by index alone: a run asks for it at its end, however large the archive is."""

from __future__ import annotations

from archive.queries import Reader, Row, rows

BACKLOG = """
SELECT name AS topic,
    (SELECT COUNT(*) FROM article_topics WHERE topic_id = topics.id AND verdict = 'review') AS review,
    (SELECT COUNT(*) FROM candidates WHERE topic_id = topics.id AND state = 'waiting') AS waiting
FROM topics ORDER BY name
"""

ARTICLES = "SELECT COUNT(*) FROM articles"


def backlog(db: Reader) -> list[Row]:
    """For each topic how many articles wait for an answer, and how many links to be fetched."""
    return rows(db, BACKLOG)


def article_count(db: Reader) -> int:
    """How many articles there are."""
    return int(db.execute(ARTICLES).fetchone()[0])
