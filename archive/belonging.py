"""Belonging: how far an article belongs to a topic, and what follows where that turns.

The outcome of its candidates in the topic follows the verdict, so that `why` and lessons tell the same of it, and only
what belongs is looked at again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.rows import MembershipRow

IN = frozenset({"keep", "review"})

# What the user said of an article holds, whatever the judge finds later; score, terms and reason stay the judge's.
HELD = """CASE article_topics.answer WHEN 'yes' THEN 'keep' WHEN 'no' THEN 'drop' ELSE excluded.verdict END"""
MEMBER = f"""
INSERT INTO article_topics (article_id, topic_id, score, verdict, matched, reason) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (article_id, topic_id) DO UPDATE
SET score = excluded.score, verdict = {HELD}, matched = excluded.matched, reason = excluded.reason
WHERE (article_topics.score, article_topics.verdict, article_topics.matched, article_topics.reason)
    IS NOT (excluded.score, {HELD}, excluded.matched, excluded.reason)
"""
VERDICT = "SELECT verdict FROM article_topics WHERE article_id = ? AND topic_id = ?"

LEFT_OUT = """
UPDATE candidates SET state = 'off-topic', reason = :reason, score = :score, matched = :matched
WHERE topic_id = :topic AND state IN ('stored', 'unchanged')
    AND url IN (SELECT url FROM aliases WHERE article_id = :article)
"""
# Of those that wait only the article's own address: what once led to it may lead elsewhere by now.
TAKEN_IN = """
UPDATE candidates SET state = 'stored', reason = 'judged from what the archive has', score = :score, next_try = NULL
WHERE topic_id = :topic AND url IN (SELECT url FROM aliases WHERE article_id = :article)
    AND (state = 'off-topic' OR (state = 'waiting' AND url = (SELECT url FROM articles WHERE id = :article)))
"""

PARKED = "9999-12-31T00:00:00Z"
"""When what a topic has dropped is due. It keeps its place on the ladder: what was never on it is not put there."""

PARK = f"UPDATE rechecks SET due = '{PARKED}' WHERE article_id = :article AND topic_id = :topic"
# A topic that had none of it gets its own line, where another topic has one.
ENTER = f"""
INSERT INTO rechecks (article_id, topic_id, candidate_id, host, step, due, times, asked)
SELECT r.article_id, c.topic_id, c.id, c.host, r.step, '{PARKED}', r.times, r.asked
FROM rechecks AS r CROSS JOIN aliases AS led ON led.article_id = r.article_id
CROSS JOIN candidates AS c ON c.topic_id = :topic AND c.url = led.url
WHERE r.article_id = :article AND c.via = '' AND c.state IN ('stored', 'unchanged', 'off-topic', 'gone')
ORDER BY c.url != (SELECT url FROM articles WHERE id = :article), c.id LIMIT 1
ON CONFLICT DO NOTHING
"""
UNPARK = f"""
UPDATE rechecks SET due = COALESCE((SELECT MIN(due) FROM rechecks WHERE article_id = :article AND due < '{PARKED}'),
    strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
WHERE article_id = :article AND topic_id = :topic AND due = '{PARKED}'
"""


def put_membership(db: Database, article_id: int, belongs: MembershipRow) -> None:
    """Write how far an article belongs to a topic, where that is not what is written, and what follows from it.

    An answer of the user's decides the verdict. What a candidate that just led here has come to is written before.
    """
    before = verdict_of(db, article_id, belongs.topic_id)
    values = [belongs.topic_id, belongs.score, belongs.verdict, belongs.matched, belongs.reason]
    db.execute(MEMBER, [article_id, *values])
    after = verdict_of(db, article_id, belongs.topic_id)
    if before and (before in IN) != (after in IN):
        follow(db, article_id, belongs, is_in=after in IN)


def verdict_of(db: Database, article_id: int, topic_id: int) -> str:
    """The verdict of a topic on an article, empty where there is none."""
    found = db.execute(VERDICT, [article_id, topic_id]).fetchone()
    return "" if found is None else str(found[0])


def follow(db: Database, article_id: int, belongs: MembershipRow, *, is_in: bool) -> None:
    """Make the outcome of an article's candidates in a topic that of the verdict, in the caller's transaction."""
    values = {"topic": belongs.topic_id, "article": article_id, "score": belongs.score}
    if is_in:
        db.execute(TAKEN_IN, values)
    else:
        db.execute(LEFT_OUT, values | {"reason": belongs.reason, "matched": belongs.matched})
    look_after(db, article_id, belongs.topic_id, is_in=is_in)


def look_after(db: Database, article_id: int, topic_id: int, *, is_in: bool) -> None:
    """Let a topic look at an article that belongs to it now, and no more at one that does not.

    It does so when the other topics do that have it, else soon.
    """
    for statement in (ENTER, UNPARK) if is_in else (PARK,):
        db.execute(statement, {"article": article_id, "topic": topic_id})
