"""Where the articles were looked for, and how that went: sources and coverage, as the files of a snapshot have them."""

from __future__ import annotations

from archive.columns import Column
from archive.months import MOST
from archive.snapshots.columns import Reference, Table

SOURCES = Table(
    name="sources",
    says="The places that were asked for links, and how each of them was when it was asked last.",
    columns=(
        Column("channel", "s.channel", "the way of asking: feeds, sitemaps, gdelt and so on", is_required=True),
        Column("url", "s.url", "the place; with the channel, the key", is_required=True),
        Column("outlet", "o.domain", "registrable domain of whose it is"),
        Column("status", "s.last_status", "complete, saturated, refused or failed; empty where it was never asked"),
        Column("reason", "s.last_reason", "in words"),
        Column("failures", "s.failures", "times in a row that it did not answer", "integer", is_required=True),
        Column("items", "s.items", "links in its last full answer", "integer", is_required=True),
        Column("new_items", "s.new_items", "links that it announced first, in all", "integer", is_required=True),
        Column("asked", "s.last_asked", "when it was asked last; ISO 8601, UTC", "datetime"),
        Column("answered", "s.last_success", "when it answered last", "datetime"),
        Column("pause_minutes", "s.pause_minutes", "its pace: how long it is left alone after an answer", "integer"),
        Column("moved_to", "s.moved_to", "where it says that it has moved"),
    ),
    key=("channel", "url"),
    source="sources AS s LEFT JOIN outlets AS o ON o.id = s.outlet_id",
    references=(Reference(column="outlet", table="outlets", key="outlet"),),
)

# As `months` counts: a question counts in every month that its window touches; the end of a window is left out of it.
_BY_MONTH = f"""(
WITH RECURSIVE
ledger(topic, channel, status, since, until, found) AS (
    SELECT t.name, s.channel, c.status, COALESCE(c.since, r.started), COALESCE(c.until, r.started), c.found
    FROM coverage AS c JOIN runs AS r ON r.id = c.run_id JOIN topics AS t ON t.id = r.topic_id
    JOIN sources AS s ON s.id = c.source_id WHERE c.resume != 'halved'),
windows(topic, channel, status, month, last, questions, found) AS (
    SELECT topic, channel, status, substr(since, 1, 7),
        CASE WHEN until LIKE '%T00:00:00Z' AND substr(until, 1, 10) > substr(since, 1, 10)
            THEN strftime('%Y-%m', substr(until, 1, 10), '-1 day') ELSE substr(until, 1, 7) END AS last,
        COUNT(*), SUM(found)
    FROM ledger GROUP BY topic, channel, status, substr(since, 1, 7), last),
touched(topic, channel, status, month, last, questions, found, place) AS (
    SELECT *, 1 FROM windows
    UNION ALL SELECT topic, channel, status, strftime('%Y-%m', month || '-01', '+1 month'), last, questions, found,
        place + 1
    FROM touched WHERE month < last AND place < {MOST})
SELECT topic, channel, month, status, SUM(questions) AS questions, SUM(found) AS found
FROM touched GROUP BY topic, channel, month, status)"""

COVERAGE = Table(
    name="coverage",
    says="What was asked about each month, and how complete the answers were. A month that is missing was not asked "
    "about: that nothing of it is in the archive says nothing.",
    columns=(
        Column("topic", "topic", "the topic that was asked for", is_required=True),
        Column("channel", "channel", "the way of asking", is_required=True),
        Column("month", "month", "the month that was asked about, as 2019-03", "yearmonth", is_required=True),
        Column("status", "status", "complete, saturated, refused or failed", is_required=True),
        Column("questions", "questions", "how many questions were answered so", "integer", is_required=True),
        Column("found", "found", "links in the answers", "integer", is_required=True),
    ),
    key=("topic", "channel", "month", "status"),
    source=_BY_MONTH,
)
