"""What runs next, and when: it follows from the state, the archive, the rules and the time, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from crawler.schedule.backfills import fitted, next_backfill
from crawler.schedule.crawls import Chance, next_crawl
from crawler.schedule.jobs import KINDS, Job
from crawler.schedule.nights import DAY, hour_of, night_of
from crawler.schedule.penance import meaning, penance
from crawler.schedule.rules import Rules
from crawler.schedule.state import NIGHTLY, State
from crawler.schedule.supply import Supply


def plan(state: State, supplies: Sequence[Supply], rules: Rules, now: datetime, chance: Chance) -> list[Job]:
    """All jobs that are foreseen, the next one first: it runs once its time has come, and then all is planned anew.

    Of what is due, what the archive itself needs comes first, then the topic that is due longest; the past comes last.
    """
    jobs = [*_watch(state, rules), *_nights(state, rules, now)]
    for supply in supplies:
        last = state.runs.get(("crawl", supply.topic))
        at, why = next_crawl(supply, last, rules, now, chance)
        asks_all = supply.is_ahead and not (last is not None and last.asked_all)
        jobs.append(Job(kind="crawl", topic=supply.topic, file=supply.file, at=at, why=why, asks_all=asks_all))
    jobs += list(_backfills(state, supplies, rules, now, [job.at for job in jobs]))
    return sorted(jobs, key=lambda job: _turn(job, max(now, state.held or now)))


def begins(job: Job, state: State) -> datetime:
    """When a job can begin: it waits for whoever else holds the archive."""
    return max(job.at, state.held) if state.held else job.at


def _turn(job: Job, now: datetime) -> tuple[bool, int, datetime, str]:
    """The place of a job in the row: those that are due by what they are, the others by their time."""
    is_due = job.at <= now
    rank = KINDS.index(job.kind) if is_due else 0
    return not is_due, rank, job.at, job.topic


def _watch(state: State, rules: Rules) -> Iterator[Job]:
    """The look at the archive that is owed after a crawl and after the night's work."""
    if state.owed is None:
        return
    last = state.runs.get(("watch", ""))
    if last is None or not last.failures:
        yield Job(kind="watch", at=state.owed, why="the archive has changed")
    else:
        at = last.finished + penance(last.code, last.failures, rules)
        yield Job(kind="watch", at=max(state.owed, at), why=f"the last one {meaning(last.code)}")


def _nights(state: State, rules: Rules, now: datetime) -> Iterator[Job]:
    """What each night is for; a night that was missed is caught up with once, one that failed is tried again."""
    tonight = night_of(now, rules)
    for kind in NIGHTLY:
        if kind == "snapshot" and not rules.snapshot:
            continue
        done = state.nights.get(kind, tonight)
        day = tonight if done < tonight else max(done, tonight) + DAY
        at, why, last = hour_of(day, rules), f"the night of {day}", state.runs.get((kind, ""))
        if done < tonight and last is not None and last.failures and last.started >= at:
            at, why = last.finished + penance(last.code, last.failures, rules), f"the last one {meaning(last.code)}"
        yield Job(kind=kind, at=at, why=why)


def _backfills(
    state: State, supplies: Sequence[Supply], rules: Rules, now: datetime, others: list[datetime]
) -> Iterator[Job]:
    for supply in supplies:
        last, crawled = (state.runs.get((kind, supply.topic)) for kind in ("backfill", "crawl"))
        at = next_backfill(supply, last, crawled, rules)
        if at is not None:
            moment = fitted(at, now, others, last)
            why = "parts of its past were not asked about"
            yield Job(kind="backfill", topic=supply.topic, file=supply.file, at=moment, why=why, left=supply.gaps)
