"""The articles before and after one, by the time of publication, on the same topic."""

from __future__ import annotations

from archive.queries import Reader, Row, row

NEAR = 5_000  # articles that are looked at on each side; a topic may have few among very many

BESIDE = """
SELECT a.id, a.title, a.published, a.language FROM (
    SELECT id FROM articles INDEXED BY articles_published WHERE {beyond} ORDER BY {order} LIMIT :near
) AS near CROSS JOIN articles AS a ON a.id = near.id
WHERE EXISTS (
        SELECT 1 FROM article_topics WHERE article_id = near.id AND topic_id = :topic AND verdict != 'drop')
    AND a.story_relation = 'original' AND a.story_id IS NOT :story LIMIT 1
"""
BEFORE = BESIDE.format(beyond="(published, id) < (:published, :article)", order="published DESC, id DESC")
AFTER = BESIDE.format(beyond="(published, id) > (:published, :article)", order="published, id")

TOPIC = """
SELECT t.id, t.name, t.title FROM article_topics AS m JOIN topics AS t ON t.id = m.topic_id
WHERE m.article_id = :article ORDER BY m.verdict = 'drop', m.score DESC, t.name LIMIT 1
"""


def neighbours(db: Reader, article: Row) -> dict[str, Row | None]:
    """The `topic` that an article belongs to most, the article `before` it and the one `after` it there.

    Copies are left out, also those of its own story. Nothing where it is undated, or where none is near.
    """
    topic = row(db, TOPIC, article=article["id"]) if article["published"] else None
    if topic is None:
        return {"topic": None, "before": None, "after": None}
    asked = {
        "article": article["id"], "published": article["published"], "story": article["story_id"],
        "topic": topic["id"], "near": NEAR,
    }  # fmt: skip
    return {"topic": topic, "before": row(db, BEFORE, **asked), "after": row(db, AFTER, **asked)}
