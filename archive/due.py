"""What a topic has to ask, and from when on: its sources, its pages, and what it asked about the past."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive import candidates, rechecks
from archive.belonging import PARKED
from archive.coverage import PLACES, WINDOWS, WORDED, question_row
from archive.queries import Reader
from archive.rows import QuestionRow

if TYPE_CHECKING:
    from archive.store import Archive

# Of an address that only leads to others, these bring its news: those of its channel at its host.
SOURCES = """
WITH wanted AS (SELECT json_extract(value, '$[0]') AS channel, json_extract(value, '$[1]') AS url,
    json_extract(value, '$[2]') AS first, json_extract(value, '$[3]') AS beyond FROM json_each(:wanted))
SELECT s.channel, s.url, s.last_asked, s.next_ask, s.pause_minutes, s.failures, s.listed_for, CASE
    WHEN s.new_items > 0 OR s.items > 0 THEN s.new_items
    ELSE (SELECT COALESCE(SUM(new_items), 0) FROM (SELECT new_items FROM sources AS other
        WHERE other.channel = s.channel AND other.url >= wanted.first AND other.url < wanted.beyond LIMIT :most)) END
FROM wanted CROSS JOIN sources AS s ON s.channel = wanted.channel AND s.url = wanted.url
WHERE s.last_asked IS NOT NULL
"""
MOST_BELOW = 1_000  # sources of one host that are looked at

# From host to host along the index, and of each host the first: the cost is that of the hosts, not of the archive.
LOOKS = f"""{rechecks.QUEUED}
SELECT r.due FROM queued CROSS JOIN json_each(:steps) AS steps CROSS JOIN rechecks AS r ON r.candidate_id IN (
    SELECT candidate_id FROM rechecks
    WHERE topic_id = :topic AND host = queued.host AND step = steps.value AND due <= :until ORDER BY due LIMIT :most)
CROSS JOIN candidates AS c ON c.id = r.candidate_id
WHERE c.via = '' AND c.state NOT IN ('waiting', 'unresolved')
    AND queued.host NOT IN (SELECT host FROM hosts WHERE rests_until > :now)
ORDER BY r.due LIMIT :most
"""
WAITING = f"""{candidates.QUEUED}
SELECT COALESCE(c.next_try, '') AS due FROM queued CROSS JOIN candidates AS c ON c.id IN (
    SELECT id FROM candidates
    WHERE topic_id = :topic AND host = queued.host AND (state = 'waiting' OR next_try IS NOT NULL)
        AND (next_try IS NULL OR next_try <= :until) LIMIT :most)
WHERE queued.host NOT IN (SELECT host FROM hosts WHERE rests_until > :now)
ORDER BY due LIMIT :most
"""
# What waits for a time further ahead than anything may was written by a clock that was wrong. Looks are spread over
# their step, all topics of an article at one time.
RECALLED = (
    "DELETE FROM hosts WHERE rests_until > :week",
    "UPDATE candidates SET next_try = :now WHERE next_try > :week",
    f"""UPDATE rechecks SET due = strftime('%Y-%m-%dT%H:%M:%SZ', :now, (article_id * 7919 % step) || ' minutes')
    WHERE due > :month AND due < '{PARKED}'""",
)
TOPIC = "SELECT id FROM topics WHERE name = :name"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDue:
    """How a source was asked last and when it is due (ISO 8601 UTC text), and how much was new from it so far.

    `listed_for` is the id of the topic that heard what it lists now.
    """

    last_asked: str
    next_ask: str | None
    pause_minutes: int | None
    failures: int
    listed_for: int | None
    news: int


def topic_id(db: Reader, name: str) -> int | None:
    """The id of a topic, None where the archive does not know it yet."""
    found = db.execute(TOPIC, {"name": name}).fetchone()
    return None if found is None else int(found[0])


def sources_due(db: Reader, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], SourceDue]:
    """These sources (channel, URL) by their keys; those never asked are left out."""
    wanted = [(channel, url, *_below(url)) for channel, url in keys]
    rows = db.execute(SOURCES, {"wanted": json.dumps(wanted), "most": MOST_BELOW}).fetchall()
    return {
        (channel, url): SourceDue(
            last_asked=asked, next_ask=due, pause_minutes=pause, failures=failures, listed_for=topic, news=news
        )
        for channel, url, asked, due, pause, failures, topic, news in rows
    }


def pages_due(db: Reader, topic: int, now: str, until: str, steps: Sequence[int], most: int) -> list[str]:
    """From when on the first pages of a topic wait, at most `most`, oldest first; empty text for those that do now.

    They are links that were announced and known articles that are looked at again up to `until` (ISO 8601), without
    those of hosts that rest. `steps` are all minutes that a step of the ladder may have.
    """
    values = {"topic": topic, "now": now, "until": until, "steps": json.dumps(list(steps)), "most": most}
    found = [due for query in (WAITING, LOOKS) for (due,) in db.execute(query, values).fetchall()]
    return sorted(found)[:most]


def asked_before(db: Reader, topic: int, channel: str, since: str, until: str) -> list[QuestionRow]:
    """What the runs of a topic asked of a channel's sources about a window, and each source without a window."""
    about = {"topic": topic, "channel": channel, "since": since, "until": until}
    return [question_row(tuple(row)) for query in (WINDOWS, WORDED, PLACES) for row in db.execute(query, about)]


def recall(archive: Archive, now: str, week: str, month: str) -> None:
    """Let no host rest and no link wait beyond `week`, and no known article beyond `month`: that future is not to come.

    All three are ISO 8601 UTC text. It reads all that waits, and is meant for when a clock was put back.
    """
    with archive.writing() as db:
        for statement in RECALLED:
            db.execute(statement, {"now": now, "week": week, "month": month})


def _below(url: str) -> tuple[str, str]:
    """The first address of a URL's host, and what comes after its last."""
    origin = "/".join(url.split("/", 3)[:3])
    return f"{origin}/", f"{origin}0"  # "0" is what comes after "/"
