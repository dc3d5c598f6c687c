"""What would run when: the plan played forward, as if every job went well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crawler.schedule.crawls import Chance
from crawler.schedule.jobs import Job
from crawler.schedule.plan import begins, plan
from crawler.schedule.rules import Rules
from crawler.schedule.state import State, begun, ended
from crawler.schedule.supply import Supply, crawled

USUAL = timedelta(minutes=1)  # of a job that has not run yet
MOST = 5_000  # a crawl and a watch each minute of a day


def outlook(
    state: State, supplies: Sequence[Supply], rules: Rules, now: datetime, chance: Chance, ahead: timedelta
) -> list[tuple[datetime, Job]]:
    """The jobs of the time ahead, each with its hour: as long as the last of its kind, and no source's pace changes."""
    foreseen: list[tuple[datetime, Job]] = []
    end, state, left = now + ahead, _free(state, rules, now), list(supplies)
    while len(foreseen) < MOST:
        jobs = plan(state, left, rules, now, chance)
        if not jobs or (at := max(begins(jobs[0], state), now)) > end:
            break
        job, last = jobs[0], state.runs.get((jobs[0].kind, jobs[0].topic))
        foreseen.append((at, job))
        now = at + (last.finished - last.started if last else USUAL)
        state = ended(begun(state, job, at), 0, now, rules)
        if job.kind == "crawl":
            left = [crawled(supply, at) if supply.topic == job.topic else supply for supply in left]
    return foreseen


def _free(state: State, rules: Rules, now: datetime) -> State:
    """The state once the job at work has ended well."""
    return ended(state, 0, now, rules)
