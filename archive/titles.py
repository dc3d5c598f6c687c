"""Links that only an aggregator can open, found again by their headlines among what the outlets announce."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.store import Archive

MOST = 5_000  # unresolved links that are looked at, the newest; what nobody announced by then, nobody will
CROWD = 200  # links of one headline, as of a wire story that every paper takes; of more it says nothing
DAYS = 2.0  # between the dates that two sources give one article

# From each unresolved link along the index of headlines; the cost is that of the unresolved ones, however many
# candidates there are. Duplicates are none to find: other addresses of pages that are here, or links found
# again before.
MATCHES = f"""
WITH lost AS (
    SELECT id, title_key, host, published FROM candidates
    WHERE topic_id = :topic AND state = 'unresolved' ORDER BY id DESC LIMIT {MOST}),
telling AS (
    SELECT * FROM lost WHERE title_key IS NOT NULL AND {CROWD} >= (SELECT COUNT(*) FROM (
        SELECT 1 FROM candidates AS t WHERE t.topic_id = :topic AND t.title_key = lost.title_key LIMIT {CROWD + 1})))
SELECT telling.id, MIN(c.id), MIN(c.url)
FROM telling CROSS JOIN candidates AS c ON c.topic_id = :topic AND c.title_key = telling.title_key
WHERE c.state NOT IN ('unresolved', 'duplicate')
    AND (c.host = telling.host OR substr(c.host, -length(telling.host) - 1) = '.' || telling.host)
    AND COALESCE(ABS(julianday(c.published) - julianday(telling.published)) <= {DAYS}, 1)
GROUP BY telling.id HAVING COUNT(*) = 1
ORDER BY telling.id
"""

SIGHTED = """
INSERT OR IGNORE INTO sightings (candidate_id, source_id, first_seen, last_seen, rank)
SELECT :found, source_id, first_seen, last_seen, rank FROM sightings WHERE candidate_id = :lost
"""

FOUND = """
UPDATE candidates SET state = 'duplicate', reason = substr('is ' || :url, 1, 500), checked = :now WHERE id = :lost
"""


def resolve(archive: Archive, topic_id: int, now: str) -> int:
    """How many unresolved links of a topic were found again: the same headline, at the same outlet, about that day.

    Such a link becomes a duplicate of the page, and the page counts as announced by the same sources. Where several
    pages could be meant nothing is guessed, and the link stays unresolved.
    """
    with archive.writing() as db:
        found = [
            {"lost": lost, "found": page, "url": url, "now": now}
            for lost, page, url in db.execute(MATCHES, {"topic": topic_id}).fetchall()
        ]
        db.conn.executemany(SIGHTED, found)
        db.conn.executemany(FOUND, found)
    return len(found)
