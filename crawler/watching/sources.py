"""Sources that have died or changed."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.queries import Reader
from crawler.times import moment_of, text_of
from crawler.verdicts import GOOD
from crawler.watching.finding import Finding, Kind
from crawler.watching.health import Health, Wards
from crawler.watching.topics import topics_of
from pipelines.topic import Topic

INTERVALS = 2  # in which a source neither answers nor has news, before it counts as dead
PATIENCE = "it is asked again; where that stays so, look for its new address, or take it out of the topic file"
SHORTEST = timedelta(hours=12)  # of an interval: what is down for a night is no news to anybody


def source_findings(db: Reader, now: datetime) -> list[Finding]:
    """The sources that have died, or are no longer what they were, as the topics of the archive name them."""
    wards = Wards(db, now)
    found = [finding_of(one, topic) for topic in topics_of(db) for one in wards.of(topic)]
    return sorted(filter(None, found), key=lambda one: (one.kind != "source died", one.since, one.topic, one.subject))


def finding_of(one: Health, topic: Topic) -> Finding | None:
    """What is wrong with a source of a topic; None of one that is well, or was never."""
    kind: Kind = "source died"
    if failing := failing_since(one):
        since, text = (
            failing,
            f"has not answered well since {failing[:10]}: {one.row['last_reason'] or 'no reason given'}",
        )
        advice = one.verdict.advice + (f"; {PATIENCE}" if one.verdict.word == "failing" else "")
    elif one.rhythm.is_dead and one.row.get("last_status") in GOOD:
        since, text = f"{one.rhythm.last}T00:00:00Z", f"answers, but has {one.signs.silent}"
        advice = "look at it in a browser, and name what its outlet lists its news in now"
    elif one.change:
        kind, since, text = "source changed", one.change.since, f"leads to pages that have changed: {one.change.text}"
        advice = "compare a new article with its page; `dossier why URL` tells what was read of it"
    elif one.fall:
        kind, since, text = "source changed", f"{one.fall.since}T00:00:00Z", f"gives less than it did: {one.signs.few}"
        advice = "look whether it still lists all news of its outlet, and whether another source of it does"
    else:
        return None
    text = f"{one.source.channel} {one.source.url} {text}."
    return Finding(kind=kind, topic=topic.name, subject=one.source.url, since=since, text=text, advice=advice)


def failing_since(one: Health) -> str:
    """Since when a source that was well before has failed, if for two of its intervals; else empty."""
    row = one.row
    success, asked = moment_of(row.get("last_success")), moment_of(row.get("last_asked"))
    if row.get("last_status") in GOOD or success is None or asked is None or row["failures"] < INTERVALS:
        return ""
    # Between its last good answer and its first bad one nobody may have asked.
    first = next((day.day for day in one.days if day.failed and day.day >= row["last_success"][:10]), "")
    since = max(success, moment_of(f"{first}T00:00:00Z") or success) if first else success
    interval = max(timedelta(minutes=row.get("pause_minutes") or 0), SHORTEST)
    return (text_of(since) or "") if asked - since >= INTERVALS * interval else ""
