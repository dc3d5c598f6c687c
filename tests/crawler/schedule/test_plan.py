"""The plan as a pure thing: whatever the times, the outcomes and the clocks, its promises hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.schedule import keeping
from crawler.schedule.jobs import Job
from crawler.schedule.nights import night_of
from crawler.schedule.penance import GOOD
from crawler.schedule.plan import begins, plan
from crawler.schedule.rules import Rules
from crawler.schedule.state import State, as_of, begun, ended, first, held, shifted
from crawler.schedule.supply import Spring, Supply, crawled

DAYS = {
    "Europe/Berlin": (date(2026, 3, 27), date(2026, 10, 23)),
    "America/New_York": (date(2026, 3, 6), date(2026, 10, 30)),
    "Australia/Lord_Howe": (date(2026, 4, 3), date(2026, 10, 2)),
    "UTC": (date(2026, 2, 27),),
}
STARTS = [(zone, day) for zone, days in DAYS.items() for day in days]
CODES = st.sampled_from([0, 0, 0, 0, 0, 7, 1, 3, 4, 6, -9])
TOOK = st.integers(0, 200)  # minutes


@dataclass
class Played:
    """What ran: job, begin and end, exit code."""

    rules: Rules
    now: datetime
    state: State
    supplies: list[Supply]
    ran: list[tuple[Job, datetime, datetime, int]] = field(default_factory=list)

    def plan(self) -> list[Job]:
        self.state = as_of(self.state, self.now, self.rules)
        kept = keeping.Kept(state=self.state, jobs=plan(self.state, self.supplies, self.rules, self.now, chance))
        return list(kept.jobs)

    def step(self, code: int, took: int) -> None:
        """Wait for the next job, run it, and let it end so."""
        job = self.plan()[0]
        self.now = max(self.now, begins(job, self.state))
        job = self.plan()[0]
        assert begins(job, self.state) <= self.now
        began = self.now
        self.state = begun(self.state, job, began)
        self.now += timedelta(minutes=took, seconds=1)
        self.state = ended(self.state, code, self.now, self.rules)
        self.ran.append((job, began, self.now, code))
        if job.kind == "crawl" and code in GOOD:
            self.supplies = [crawled(one, began) if one.topic == job.topic else one for one in self.supplies]

    def of(self, kind: str, topic: str = "") -> list[tuple[datetime, datetime, int]]:
        return [(began, end, code) for job, began, end, code in self.ran if (job.kind, job.topic) == (kind, topic)]


def chance(topic: str, slot: str) -> float:
    return (sum(map(ord, topic + slot)) % 97) / 97


def supply(name: str, now: datetime, pauses: Sequence[int], gaps: str) -> Supply:
    springs = tuple(Spring(due=now, pause=timedelta(minutes=pause), news=pause % 7) for pause in pauses)
    return Supply(topic=name, file=f"/{name}.toml", springs=springs, gaps=gaps)


@st.composite
def played(draw: st.DrawFn) -> Played:
    zone, day = draw(st.sampled_from(STARTS))
    shortest = draw(st.sampled_from([1, 15, 60]))
    longest = draw(st.sampled_from([shortest, 240, 24 * 60]))
    rules = Rules(
        zone=ZoneInfo(zone), nightly=draw(st.sampled_from([time(0, 0), time(2, 30), time(3, 30)])),
        shortest=timedelta(minutes=shortest), longest=timedelta(minutes=max(shortest, longest)),
    )  # fmt: skip
    now = datetime.combine(day, time(draw(st.integers(0, 23))), UTC)
    paces = st.lists(st.integers(15, 24 * 60), max_size=4)
    topics = [supply(name, now, draw(paces), draw(st.sampled_from(["", "x"]))) for name in ("a", "b")]
    return Played(rules=rules, now=now, state=first(now, rules), supplies=topics)


@settings(max_examples=15)
@given(played(), st.lists(st.tuples(CODES, TOOK), min_size=30, max_size=60))
def test_paces_and_nights_are_kept_whatever_comes_of_the_jobs(it: Played, steps: list[tuple[int, int]]) -> None:
    start = it.now
    for code, took in steps:
        it.step(code, took)
    ends = [end for _, _, end, _ in it.ran]
    starts = [began for _, began, _, _ in it.ran]
    assert all(end <= began for end, began in zip(ends, starts[1:], strict=False)), "never two at once"
    for topic in ("a", "b"):
        crawls = it.of("crawl", topic)
        for (began, end, _), (later, *_) in pairwise(crawls):
            assert later - end >= it.rules.shortest
            busy = sum((stop - at for job, at, stop, _ in it.ran if began <= at < later), timedelta())
            assert later - began <= it.rules.longest + it.rules.shortest + busy
    for kind in ("snapshot", "maintain"):
        done = Counter(night_of(began, it.rules) for began, _, code in it.of(kind) if code in GOOD)
        assert all(count == 1 for count in done.values()), "a night is done once"
        missed = night_of(it.now, it.rules) - night_of(start, it.rules)
        asked = {night_of(began, it.rules) for began, *_ in it.of(kind)}
        assert len(asked) <= missed.days


@settings(max_examples=8)
@given(played(), st.lists(TOOK, min_size=40, max_size=40))
def test_no_night_is_skipped(it: Played, steps: list[int]) -> None:
    start = night_of(it.now, it.rules)
    for took in steps:
        it.step(0, took // 10)
    done = [night_of(began, it.rules) for began, *_ in it.of("maintain")]
    assert done == [start + timedelta(days=number + 1) for number in range(len(done))]
    assert night_of(it.now, it.rules) - (done[-1] if done else start) <= timedelta(days=1)


JUMPS = st.integers(-40 * 24 * 60, 40 * 24 * 60)  # minutes


@settings(max_examples=15)
@given(played(), st.lists(st.tuples(CODES, TOOK, st.one_of(st.just(0), JUMPS)), min_size=5, max_size=25), st.booleans())
def test_a_clock_that_jumps_makes_nothing_wait_and_nothing_run_twice(
    it: Played, steps: list[tuple[int, int, int]], is_noticed: bool
) -> None:
    """A daemon notices that its clock jumped; one that was off meanwhile does not."""
    for code, took, jump in steps:
        it.step(code, took)
        before, it.now = len(it.ran), it.now + timedelta(minutes=jump)
        if jump < 0 and is_noticed:
            it.state = shifted(it.state, timedelta(minutes=jump), it.now)
        jobs = it.plan()
        for job in jobs:
            if job.kind == "crawl":
                assert begins(job, it.state) <= it.now + it.rules.longest + it.rules.shortest
            assert job.at <= it.now + timedelta(days=2, hours=2)
        if jump > 0:
            due = Counter((job.kind, job.topic) for job in jobs if job.at <= it.now)
            assert all(count == 1 for count in due.values())
        assert len(it.ran) == before


def test_a_night_that_was_done_in_a_future_that_did_not_come_postpones_no_other_by_more_than_a_day() -> None:
    rules = Rules(zone=ZoneInfo("Australia/Lord_Howe"), nightly=time(2, 30))
    now = datetime(2026, 3, 25, 13, 29, tzinfo=UTC)  # half an hour past midnight there
    for hours in range(24 * 40):
        done = night_of(now + timedelta(hours=hours), rules)
        state = as_of(State(nights={"snapshot": done, "maintain": done}), now, rules)
        assert all(job.at <= now + timedelta(days=2) for job in plan(state, [], rules, now, chance))
    minutes = as_of(State(nights={"snapshot": date(2026, 3, 26)}), now, rules)
    assert minutes.nights["snapshot"] == date(2026, 3, 26), "the clock went back by two hours: that night was done"


@settings(max_examples=15)
@given(played(), st.lists(st.tuples(CODES, TOOK), max_size=12), st.booleans(), st.booleans())
def test_a_state_survives_being_written_and_read(
    it: Played, steps: list[tuple[int, int]], is_running: bool, is_held: bool
) -> None:
    for code, took in steps:
        it.step(code, took)
    jobs = it.plan()
    it.state = begun(it.state, jobs[0], it.now) if is_running else it.state
    it.state = held(it.state, it.now) if is_held else it.state
    kept = keeping.Kept(state=it.state, jobs=tuple(jobs), faults={"x.toml": "no such topic"})
    with TemporaryDirectory() as folder:
        keeping.write(Path(folder), kept)
        assert keeping.read(Path(folder)) == kept
        assert [path.name for path in Path(folder).iterdir()] == [keeping.NAME]


NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
RULES = Rules(zone=ZoneInfo("UTC"))


def after(kind: str, code: int | None, state: State | None = None, topic: str = "") -> State:
    """The state once a job has ended so, at NOW."""
    job = Job(kind=kind, topic=topic, at=NOW, why="")  # type: ignore[arg-type]
    return ended(begun(state or first(NOW, RULES), job, NOW), code, NOW, RULES)


def kinds(state: State, now: datetime = NOW, supplies: Sequence[Supply] = ()) -> list[tuple[str, datetime]]:
    return [(job.kind, job.at) for job in plan(state, supplies, RULES, now, lambda *_: 0.0)]


def test_a_look_is_owed_after_a_crawl_and_after_the_night_and_once_for_both() -> None:
    state = after("maintain", 0, after("crawl", 0, topic="t"))
    assert kinds(state)[0] == ("watch", NOW)
    assert "watch" not in dict(kinds(after("watch", 7, state)))
    assert dict(kinds(after("watch", 1, state)))["watch"] == NOW + RULES.shortest
    assert "watch" not in dict(kinds(after("snapshot", 0)))


def test_a_night_that_failed_is_tried_again_until_the_next_comes() -> None:
    night = NOW.replace(hour=3, minute=30)
    state = replace(first(NOW - timedelta(days=1), RULES), owed=None)
    assert dict(kinds(state))["maintain"] == night
    failed = after("maintain", 3, state)
    assert dict(kinds(failed))["maintain"] == NOW + timedelta(hours=1)
    assert dict(kinds(failed, night + timedelta(days=1)))["maintain"] == night + timedelta(days=1)


def test_a_month_of_nights_that_were_missed_is_one_night() -> None:
    later = NOW + timedelta(days=30)
    state = after("maintain", 0, after("snapshot", 0, first(NOW, RULES)))
    due = [job.kind for job in plan(state, (), RULES, later, lambda *_: 0.0) if job.at <= later]
    assert sorted(due) == ["maintain", "snapshot", "watch"]


def test_the_archive_comes_before_its_topics_and_the_past_last() -> None:
    state = after("crawl", 0, after("crawl", 0, topic="a"), topic="b")
    state = replace(state, nights=dict.fromkeys(state.nights, date(2026, 4, 30)))
    later = NOW + timedelta(days=2)
    topics = [Supply(topic="b", file="/b", gaps="x"), Supply(topic="a", file="/a"), Supply(topic="c", file="/c")]
    jobs = plan(state, topics, RULES, later, lambda *_: 0.0)
    assert [job.name for job in jobs] == [
        "watch", "snapshot", "maintain", "crawl a", "crawl b", "crawl c", "backfill b",
    ]  # fmt: skip


def test_no_snapshot_where_none_is_wanted() -> None:
    jobs = plan(first(NOW, RULES), (), replace(RULES, snapshot=False), NOW, lambda *_: 0.0)
    assert [job.kind for job in jobs] == ["maintain"]


def test_whoever_holds_the_archive_is_waited_for_ever_longer_but_no_more_than_five_minutes() -> None:
    state, waits = first(NOW, RULES), []
    for _ in range(5):
        state = held(state, NOW)
        assert state.held is not None
        waits.append((state.held - NOW) / timedelta(minutes=1))
    assert waits == [1, 2, 4, 5, 5]
    job = plan(state, [Supply(topic="t", file="/t")], RULES, NOW, lambda *_: 0.0)[0]
    assert begins(job, state) == NOW + timedelta(minutes=5)
    assert after("crawl", 5, topic="t").runs == {}


def test_every_source_is_asked_whatever_its_pace_once_for_each_time_that_a_clock_was_put_back() -> None:
    ahead = [Supply(topic="t", file="/t", is_ahead=True)]

    def asks_all(state: State, now: datetime = NOW) -> bool:
        jobs = plan(as_of(state, now, RULES), ahead, RULES, now, lambda *_: 0.0)
        return next(job.asks_all for job in jobs if job.kind == "crawl")

    state = first(NOW, RULES)
    assert asks_all(state)
    job = Job(kind="crawl", topic="t", at=NOW, why="", asks_all=True)
    state = ended(begun(state, job, NOW), 0, NOW, RULES)
    assert not asks_all(state)
    state = ended(begun(state, replace(job, asks_all=False), NOW), 0, NOW, RULES)
    assert not asks_all(state)
    assert asks_all(state, NOW - timedelta(days=3))
    assert asks_all(shifted(state, timedelta(days=-3), NOW - timedelta(days=3)), NOW - timedelta(days=3))


def test_small_steps_back_bring_no_night_twice() -> None:
    night = NOW.replace(hour=3, minute=30)
    job = Job(kind="maintain", at=night, why="")
    state = ended(begun(first(night - timedelta(hours=1), RULES), job, night), 0, night, RULES)
    back = night - timedelta(seconds=20)
    state = as_of(shifted(state, back - night, back), back, RULES)
    assert dict(kinds(state, back))["maintain"] == night + timedelta(days=1)
