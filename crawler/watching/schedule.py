"""A schedule that nobody keeps any more: a daemon that died tells of nothing itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from archive.queries import Reader
from archive.supply import last_runs
from crawler.schedule.keeping import NAME
from crawler.schedule.plan import begins
from crawler.schedule.report import report
from crawler.terminal import minute
from crawler.times import text_of
from crawler.watching.finding import Finding

LONG = timedelta(days=1)  # after which a job is missed, whatever starts the schedule now and then


def schedule_findings(db: Reader, data: Path, now: datetime) -> list[Finding]:
    """That jobs wait for a day and longer; nothing where no daemon was ever at work, or somebody crawls otherwise."""
    told = report(data, now)
    if told.kept is None or not told.late:
        return []
    due = {job.name: begins(job, told.kept.state) for job in told.late}
    first = min(due, key=lambda name: due[name])
    since = text_of(due[first]) or ""
    lately = text_of(now - 2 * LONG) or ""
    if due[first] > now - LONG or any(run["started"] > lately for run in last_runs(db)):
        return []
    kept = "its daemon is stuck" if told.keeper else "no daemon is at work"
    return [
        Finding(
            kind="archive unwell", topic="", subject="schedule", since=since,
            text=f"The schedule is not kept: {kept}, and {first} was due {minute(since)}.",
            advice=f"`dossier schedule run` keeps it, its `status` tells more; if nobody is to keep it, remove {NAME}",
        )
    ]  # fmt: skip
