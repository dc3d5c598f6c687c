"""Spares: where a web archive has a page, should its own address have nothing any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database

SAID = "substr(reason, 1, 450) || '; a web archive has it'"
# A page that fails is not lost where its article is here: an archive has it as it was before.
LOST = """NOT EXISTS (SELECT 1 FROM aliases AS l JOIN article_topics AS m USING (article_id)
        WHERE l.url = candidates.url AND m.topic_id = candidates.topic_id)
    AND (state = 'failed' OR (state = 'not-an-article' AND reason LIKE 'gone: %'))"""

# A spare is used up when it is turned to: a page that is lost in both places comes to an end.
TURN = f"""
UPDATE candidates SET state = 'waiting', via = spare, spare = '', next_try = NULL, tries = 0, reason = {SAID}
WHERE id = ? AND spare != '' AND via = '' AND {LOST}
"""

REVIVE = f"""
UPDATE candidates SET state = 'waiting', via = :via, next_try = NULL, tries = 0, reason = {SAID}
WHERE topic_id = :topic AND url = :url AND via = '' AND {LOST}
"""


def turn_to_spare(db: Database, candidate_id: int) -> None:
    """Let a candidate wait whose page was just found to be lost, if an archive has it; in the caller's transaction."""
    db.execute(TURN, [candidate_id])


def revive(db: Database, values: Sequence[dict[str, Any]]) -> None:
    """Let those wait that were lost before an archive announced them, inside the caller's transaction."""
    if captured := [row for row in values if row["via"]]:
        db.conn.executemany(REVIVE, captured)
