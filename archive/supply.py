"""What comes into an archive: how each topic's last run went, and on which days its news is."""

from __future__ import annotations

from archive.queries import Reader, Row, rows

MOST = 1500  # articles of a topic and verdict, the newest arrivals

# A topic's last run is near the end of the table, where the search begins.
LAST_RUNS = """
SELECT t.name AS topic, r.started, r.finished, r.outcome, r.counts FROM topics AS t JOIN runs AS r ON r.id = (
    SELECT id FROM runs WHERE topic_id = t.id ORDER BY id DESC LIMIT 1)
ORDER BY t.name
"""

# By the index of memberships, from the newest arrivals on: of other articles no row is read.
NEWS_DAYS = """
WITH arrived AS MATERIALIZED (
    SELECT article_id FROM (SELECT article_id FROM article_topics
        WHERE topic_id = :topic AND verdict = 'keep' ORDER BY article_id DESC LIMIT :most)
    UNION ALL SELECT article_id FROM (SELECT article_id FROM article_topics
        WHERE topic_id = :topic AND verdict = 'review' ORDER BY article_id DESC LIMIT :most)
)
SELECT substr(COALESCE(published, fetched), 1, 10) AS day, COUNT(*) AS articles
FROM arrived CROSS JOIN articles ON articles.id = article_id
WHERE COALESCE(published, fetched) BETWEEN :since AND :until GROUP BY day ORDER BY day
"""


def last_runs(db: Reader) -> list[Row]:
    """The last run of each topic, by the topic's name."""
    return rows(db, LAST_RUNS)


def news_days(db: Reader, topic: str, since: str, until: str) -> list[tuple[str, int]]:
    """How many articles a topic has of each day from one time to another, among those that arrived last.

    The day of an article is that on which it was published, or fetched, where its page tells no day. Days without any
    are left out.
    """
    found = db.execute("SELECT id FROM topics WHERE name = ?", [topic]).fetchone()
    values = {"topic": found[0] if found else 0, "since": since, "until": until, "most": MOST}
    return [(day, articles) for day, articles in db.execute(NEWS_DAYS, values)]
