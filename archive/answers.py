"""Answers: what the user said of articles that may belong to a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from archive.belonging import IN, look_after, verdict_of
from archive.transactions import BUSY

if TYPE_CHECKING:
    from archive.store import Archive

Answer = Literal["yes", "no"]

PATIENCE = 10_000  # milliseconds that an answer waits for a crawl's commit

GIVE = """
UPDATE article_topics SET answer = :answer, answered = :now,
    verdict = CASE :answer WHEN 'yes' THEN 'keep' ELSE 'drop' END
WHERE article_id = :article AND topic_id = :topic
"""


class Answers:
    """The answers in an archive. `belonging.MEMBER` sees to it that no later judgement overrules one."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def give(self, article_id: int, topic_id: int, answer: Answer, now: str) -> None:
        """Write an answer, at once and in place of any earlier one; its verdict is keep or drop from now on."""
        self.archive.db.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        try:
            with self.archive.writing() as db:
                before = verdict_of(db, article_id, topic_id)
                db.execute(GIVE, {"answer": answer, "now": now, "article": article_id, "topic": topic_id})
                if (before in IN) != (answer == "yes"):
                    look_after(db, article_id, topic_id, is_in=answer == "yes")
        finally:
            self.archive.db.execute(f"PRAGMA busy_timeout = {BUSY}")
