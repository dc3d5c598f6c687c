"""Candidates of one topic whose articles came in for another: what the archive has of them, and how they end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from archive.belonging import IN, put_membership
from archive.candidates import finish
from archive.memberships import COLUMNS, StoredText, stored_text
from archive.rows import MembershipRow, OutcomeRow

if TYPE_CHECKING:
    from archive.store import Archive

# An article's own address always means it. An address that only led to it, such as /latest, leads elsewhere tomorrow.
MET = f"""
SELECT c.id, {COLUMNS} FROM json_each(:ids) AS wanted CROSS JOIN candidates AS c ON c.id = wanted.value
CROSS JOIN aliases AS led ON led.url = c.url CROSS JOIN articles AS a ON a.id = led.article_id
LEFT JOIN article_topics AS m ON m.article_id = a.id AND m.topic_id = c.topic_id
WHERE COALESCE(m.verdict, 'drop') = 'drop'
    AND (a.url = c.url OR led.kind IN ('canonical', 'amp') OR a.fetched >= :since)
"""

# Only once: a candidate has a reason as soon as its bytes could not be had here.
DROPPED = """
SELECT c.id, r.warc_file, r.warc_offset, r.warc_length
FROM json_each(:ids) AS wanted CROSS JOIN candidates AS c ON c.id = wanted.value
CROSS JOIN topics AS t CROSS JOIN candidates AS other ON other.topic_id = t.id AND other.url = c.url
CROSS JOIN records AS r ON r.id = other.record_id
WHERE t.id != c.topic_id AND r.url = c.url AND r.fetched >= :since AND c.via = '' AND c.reason = ''
"""


class Acquaintances:
    """The links that need not be fetched, because their article is here."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def of(self, ids: Sequence[int], since: str) -> dict[int, StoredText]:
        """The articles that these candidates mean and that their topic has not taken in, by the candidate's id.

        An address that led to an article without being its own is believed where that was after `since` (ISO 8601).
        """
        with self.archive.reading() as db:
            rows = db.execute(MET, {"ids": json.dumps(list(ids)), "since": since}).fetchall()
        return {number: stored_text(row) for number, *row in rows}

    def bytes_of(self, ids: Sequence[int], since: str) -> dict[int, tuple[str, int, int]]:
        """Where the bytes of these candidates' pages lie, by the candidate's id: file, offset and length.

        They are of pages that another topic has dropped, and no older than `since` (ISO 8601).
        """
        with self.archive.reading() as db:
            rows = db.execute(DROPPED, {"ids": json.dumps(list(ids)), "since": since}).fetchall()
        return {number: (file, offset, length) for number, file, offset, length in rows}

    def settle(self, article_id: int, belongs: MembershipRow, outcome: OutcomeRow, now: str) -> None:
        """Write how a candidate ended and, where it belongs, its article's membership, in one transaction.

        Nothing was asked for, so it takes no share of its host's in the run.
        """
        with self.archive.writing() as db:
            finish(db, outcome, now)
            if belongs.verdict in IN:
                self.archive.rechecks.joined(article_id, outcome.candidate_id)
                put_membership(db, article_id, belongs)
            db.execute("UPDATE candidates SET run_id = NULL WHERE id = ?", [outcome.candidate_id])
