"""How each source of two archives was, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.merging.origin import Origin, listed

if TYPE_CHECKING:
    from archive.store import Archive

SOME = 20  # sources whose days are in memory at a time
COUNTS = ("asked", "answered", "failed", "items", "fresh", "new_items", "kept", "dropped", "rejected", "missed")
SOURCES = "SELECT id, channel, url FROM sources WHERE id > ? ORDER BY id LIMIT ?"
DAYS = f"""
SELECT source_id, day, reason, {", ".join(COUNTS)} FROM source_days
WHERE source_id IN (SELECT value FROM json_each(?)) ORDER BY source_id, day
"""
# Two machines that ask one source see the same news: what the one counted more of is what there was.
PUT = f"""
INSERT INTO source_days (source_id, day, reason, {", ".join(COUNTS)}) VALUES ({", ".join("?" * (len(COUNTS) + 3))})
ON CONFLICT (source_id, day) DO UPDATE SET reason = MAX(reason, excluded.reason),
    {", ".join(f"{name} = MAX({name}, excluded.{name})" for name in COUNTS)}
"""


def join_days(archive: Archive, origin: Origin) -> None:
    """Enter the days of an archive's sources, which are entered already; of two counts of one day the greater holds."""
    for batch in origin.batches(SOURCES, SOME):
        with archive.writing() as db:
            own = {number: archive.sources.ensure(channel, url, "") for number, channel, url in batch}
            rows = origin.sound(origin.rows(DAYS, listed(list(own))), "idt" + "i" * len(COUNTS))
            db.conn.executemany(PUT, [(own[number], *rest) for number, *rest in rows])
