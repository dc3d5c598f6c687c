"""Reviews: the articles of a topic that wait for an answer, those that have one, and the texts behind them."""

from __future__ import annotations

from collections.abc import Iterator

from archive.history import belongs
from archive.queries import Reader, Row, row, rows

LEAD = 600  # characters of a text that are shown

# Chosen by the index of memberships first, so that no text is read but those that are shown.
_SHOWN = f"""
SELECT a.id, b.topic_id, t.name AS topic, t.title AS topic_title, a.url, a.title, o.id AS outlet_id,
    o.domain AS outlet, o.name AS outlet_name, a.published, a.published_precision, a.language, b.score, b.verdict,
    b.matched, b.reason, b.answer, b.answered, a.summary, substr(a.body, 1, {LEAD}) AS lead
FROM best AS b JOIN topics AS t ON t.id = b.topic_id JOIN articles AS a ON a.id = b.article_id
JOIN outlets AS o ON o.id = a.outlet_id
"""

# Best score first: those are the likeliest to belong. CROSS JOIN keeps the order: topics are few.
TO_REVIEW = f"""
WITH best AS MATERIALIZED (
    SELECT m.* FROM topics AS t CROSS JOIN article_topics AS m ON m.topic_id = t.id
    WHERE (t.name = :topic OR :topic = '') AND m.verdict = 'review'
    ORDER BY t.name, m.score DESC, m.article_id DESC LIMIT :limit OFFSET :skip
) {_SHOWN} ORDER BY t.name, b.score DESC, b.article_id DESC
"""

ANSWERED = f"""
WITH best AS MATERIALIZED (
    SELECT m.* FROM topics AS t JOIN article_topics AS m ON m.topic_id = t.id
    WHERE t.name = :topic AND m.answer != '' ORDER BY m.answered DESC, m.article_id DESC LIMIT :limit
) {_SHOWN} ORDER BY b.answered DESC, b.article_id DESC
"""

AT_ADDRESS = f"""
WITH best AS MATERIALIZED (
    SELECT m.* FROM topics AS t JOIN article_topics AS m ON m.topic_id = t.id
    WHERE t.name = :topic AND m.article_id = COALESCE(
        (SELECT id FROM articles WHERE url = :url), (SELECT article_id FROM aliases WHERE url = :url))
) {_SHOWN}
"""

# What a topic surely is: what was confirmed, then what scores best.
SUREST = """
WITH best AS MATERIALIZED (
    SELECT m.article_id FROM topics AS t CROSS JOIN article_topics AS m ON m.topic_id = t.id
    WHERE t.name = :topic AND m.verdict = 'keep'
    ORDER BY m.answer = 'yes' DESC, m.score DESC, m.article_id LIMIT :limit
)
SELECT a.title, substr(a.body, 1, :characters) AS body FROM best JOIN articles AS a ON a.id = best.article_id
"""

BEGINNING = "SELECT title, substr(body, 1, :characters) AS body FROM articles WHERE id = :id"

WAITING = """
SELECT COUNT(*) AS articles FROM topics AS t JOIN article_topics AS m ON m.topic_id = t.id
WHERE t.name = :topic AND m.verdict = 'review'
"""

NAMES = "SELECT name FROM topics ORDER BY name"

# Memberships are put in order before any text is read: to sort with their texts would write all of them to disk.
TEXTS = """
WITH chosen AS MATERIALIZED (
    SELECT m.article_id, m.verdict, m.answer FROM topics AS t CROSS JOIN article_topics AS m ON m.topic_id = t.id
    WHERE t.name = :topic AND (m.answer != '' OR NOT :answered) ORDER BY m.article_id DESC LIMIT :limit
)
SELECT a.url, a.title, a.summary, a.body, a.published, a.language, a.story_id, c.verdict, c.answer
FROM chosen AS c CROSS JOIN articles AS a ON a.id = c.article_id
"""


def names(db: Reader) -> list[str]:
    """The topics that the archive knows."""
    return [one["name"] for one in rows(db, NAMES)]


def to_review(db: Reader, topic: str, limit: int) -> list[Row]:
    """The articles of a topic that wait for an answer, best score first, with their matched terms as pairs."""
    return [belongs(one) for one in rows(db, TO_REVIEW, topic=topic, limit=limit, skip=0)]


def waiting(db: Reader, topic: str) -> int:
    """How many articles of a topic wait for an answer."""
    return int((row(db, WAITING, topic=topic) or {"articles": 0})["articles"])


def answered(db: Reader, topic: str, limit: int) -> list[Row]:
    """The articles of a topic that have an answer, the latest answer first."""
    return [belongs(one) for one in rows(db, ANSWERED, topic=topic, limit=limit)]


def at_address(db: Reader, topic: str, url: str) -> Row | None:
    """The article of a topic that an address leads to, whatever its verdict; None where there is none."""
    found = row(db, AT_ADDRESS, topic=topic, url=url)
    return None if found is None else belongs(found)


def texts(db: Reader, topic: str, *, answered: bool = False, limit: int = -1) -> Iterator[Row]:
    """The texts of a topic's articles with verdict and answer, the latest arrival first, one at a time.

    With `answered`, of those only that have an answer.
    """
    return (dict(one) for one in db.execute(TEXTS, {"topic": topic, "answered": answered, "limit": limit}))


def surest(db: Reader, topic: str, limit: int, characters: int) -> list[str]:
    """The beginnings of the articles that are surest to belong to a topic: confirmed ones first, then by score."""
    return [
        f"{one['title']}\n{one['body']}" for one in rows(db, SUREST, topic=topic, limit=limit, characters=characters)
    ]


def beginning(db: Reader, article_id: int, characters: int) -> str:
    """Headline and first characters of an article."""
    found = row(db, BEGINNING, id=article_id, characters=characters) or {"title": "", "body": ""}
    return f"{found['title']}\n{found['body']}"
