"""Articles taken out, inside the caller's transaction, with all that was counted, grouped or looked up by them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.furniture import learn, lines_of
from archive.pruning.referring import forget
from archive.stories import EVERY, Stories

if TYPE_CHECKING:
    from sqlite_utils import Database

PRUNED = "pruned"
"""The state of a candidate whose article was here and was taken out: it is not asked for again."""

AMONG = "IN (SELECT value FROM json_each(:ids))"
# From the addresses along the index of candidates. Of a topic that kept the article, whatever still led to it would
# bring it back; of others, what says that it is here.
LED = f"""
UPDATE candidates SET state = '{PRUNED}', reason = :reason, next_try = NULL, tries = 0, via = '', spare = ''
WHERE id IN (
    SELECT c.id FROM aliases AS l CROSS JOIN topics AS t
    CROSS JOIN candidates AS c ON c.topic_id = t.id AND c.url = l.url
    LEFT JOIN article_topics AS m ON m.article_id = l.article_id AND m.topic_id = t.id
    WHERE l.article_id {AMONG} AND (:topic IS NULL OR t.id = :topic) AND c.state != 'off-topic'
        AND (c.state IN ('stored', 'unchanged', 'gone', 'duplicate') OR m.verdict IN ('keep', 'review')))
"""
# Its other addresses too: a source that announces one of them later announces nothing new.
UNMET = f"""
SELECT m.topic_id, l.url FROM aliases AS l CROSS JOIN article_topics AS m ON m.article_id = l.article_id
WHERE l.article_id {AMONG} AND (:topic IS NULL OR m.topic_id = :topic) AND m.verdict != 'drop'
    AND NOT EXISTS (SELECT 1 FROM candidates AS c WHERE c.topic_id = m.topic_id AND c.url = l.url)
ORDER BY l.url, m.topic_id
"""
MEET = f"""
INSERT OR IGNORE INTO candidates (topic_id, url, host, state, reason, first_seen) VALUES (?, ?, ?, '{PRUNED}', ?, ?)
"""
VALIDATORS = f"DELETE FROM validators WHERE url IN (SELECT url FROM aliases WHERE article_id {AMONG})"
STORIES = f"SELECT DISTINCT story_id FROM articles WHERE id {AMONG} AND story_id IS NOT NULL ORDER BY story_id"
STANDS = """
UPDATE stories SET article_id = COALESCE(
    (SELECT id FROM articles WHERE id = stories.article_id AND story_id = :story),
    (SELECT MIN(id) FROM articles WHERE story_id = :story), 0)
WHERE id = :story RETURNING article_id
"""


def take_out(db: Database, ids: Sequence[int], reason: str, now: str) -> None:
    """Take articles out; `reason` is what their candidates say from now on, `now` is ISO 8601 UTC text.

    Foreign keys are not enforced meanwhile: who refers to a record is not indexed, as no crawl ever asks. Their records
    are gone already.
    """
    listed = json.dumps(list(ids))
    stories = [story for (story,) in db.execute(STORIES, {"ids": listed}).fetchall()]
    mark(db, ids, None, reason, now)
    db.execute(VALIDATORS, {"ids": listed})
    for article_id in ids:
        outlet, *_ = lines_of(db, article_id)
        if outlet is not None:
            learn(db, article_id, outlet, (), ())
    forget(db, "articles", listed, but={"stories", "records"})
    db.execute(f"DELETE FROM articles WHERE id {AMONG}", {"ids": listed})
    for story in stories:
        renew(db, story)


def mark(db: Database, ids: Sequence[int], topic_id: int | None, reason: str, now: str) -> None:
    """Let what led to articles say that they were taken out, in all topics or in one."""
    values = {"ids": json.dumps(list(ids)), "topic": topic_id, "reason": reason}
    db.execute(LED, values)
    unmet = db.execute(UNMET, {name: values[name] for name in ("ids", "topic")}).fetchall()
    db.conn.executemany(MEET, [(topic, url, urlsplit(url).hostname or "", reason, now) for topic, url in unmet])


def leave(db: Database, ids: Sequence[int], topic_id: int) -> None:
    """Take articles out of one topic, whose candidates are marked or go."""
    values = {"ids": json.dumps(list(ids)), "topic": topic_id}
    for table in ("rechecks", "article_topics"):
        db.execute(f"DELETE FROM {table} WHERE topic_id = :topic AND article_id {AMONG}", values)


def renew(db: Database, story_id: int) -> None:
    """Make a story true of the articles that are left of it; without any it goes too."""
    ((stands,),) = db.execute(STANDS, {"story": story_id}).fetchall()
    if stands:
        Stories(db).settle(story_id, EVERY)
    else:
        forget(db, "stories", json.dumps([story_id]), but={"articles"})
        db.execute("DELETE FROM stories WHERE id = ?", [story_id])
