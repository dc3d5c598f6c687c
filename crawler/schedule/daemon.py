"""The loop: plan, wait, run, write down how it went, and plan again. One job at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from archive.errors import StoreError
from archive.queries import DATABASE
from crawler.exits import Exit
from crawler.operation import OperationError
from crawler.schedule import journal, keeping
from crawler.schedule.clock import BEAT, Clock, span_said
from crawler.schedule.crawls import Chance
from crawler.schedule.jobs import LONGEST_JOB, Job, command_line
from crawler.schedule.penance import GOOD, meaning
from crawler.schedule.plan import begins, plan
from crawler.schedule.recalling import recalled
from crawler.schedule.rules import Rules, rules_of
from crawler.schedule.state import Last, State, as_of, begun, ended, first, held, shifted
from crawler.schedule.topics import JUST, Topics

LOOK = 60.0  # seconds between two looks at the clock
SOON = 5.0  # the same, where a job of an earlier daemon is waited for
ALL_DUE = 500  # jobs that one `once` runs at most

Runner = Callable[[Sequence[str], Path, Callable[[], bool]], int]
"""Runs a command whose output goes into a file, until it ends or the function says that it is over; its exit code."""


def exit_of(last: Last | None) -> Exit:
    """What a last run comes to for whoever started it."""
    if last is None or last.code in GOOD:
        return Exit.DONE
    return Exit(last.code) if last.code in set(Exit) else Exit.FAULT


@dataclass(slots=True, kw_only=True)
class Daemon:
    """Keeps one archive going. Whoever runs it holds the archive's schedule.

    `say` prints a line. `stops` and `rereads` say whether the daemon was asked to end, or to read its rules again.
    `somebody` names who else is at work in the archive, empty for nobody. `pause` is how long it sleeps at a time.
    """

    data: Path
    clock: Clock
    runner: Runner
    say: Callable[[str], None]
    chance: Chance
    stops: Callable[[], bool] = lambda: False
    rereads: Callable[[], bool] = lambda: False
    somebody: Callable[[], str] = lambda: ""
    pause: float = LOOK
    rules: Rules = field(default_factory=Rules)
    state: State = field(default_factory=State)
    topics: Topics = field(init=False)
    jobs: list[Job] = field(default_factory=list)
    beaten: datetime | None = None
    said_held: str = ""
    said_unwritten: str = ""

    def __post_init__(self) -> None:
        self.topics = Topics(self.data, self.say)

    def begin(self) -> None:
        """Read rules, topics and what the last daemon left; OperationError where the rules are wrong."""
        now = self.clock.now()
        self.rules = rules_of(self.data)
        self.state = replace(self.left(now), held=None, holds=0)
        self.clock.jump()
        if self.state.running is not None and not self.somebody():
            self.forsaken(now)
        self.replan()

    def left(self, now: datetime) -> State:
        """The state that the last daemon left; a new one where there was none, or none that can be read."""
        try:
            kept = keeping.read(self.data)
        except keeping.UnreadError as error:
            with suppress(OSError):
                place = keeping.set_aside(self.data)
                self.say(f"{self.data / keeping.NAME}: {error}; it was put aside as {place.name}, all begins anew")
            kept = None
        return first(now, self.rules) if kept is None else as_of(kept.state, now, self.rules)

    def forsaken(self, now: datetime) -> None:
        """Write down that the end of a job was not seen: its daemon was killed, and nobody is at work any more."""
        assert self.state.running is not None
        self.say(f"{self.state.running.job.name} ended unseen: its daemon was killed; it is run again")
        self.state = ended(self.state, None, now, self.rules)

    def run(self) -> Exit:
        """Go on until asked to end."""
        while not self.stops():
            self.turn()
        self.keep()
        return Exit.DONE

    def once(self) -> Exit:
        """Do what is due now, and end.

        The exit code is that of being interrupted or held up where that was so, else of the first job that failed.
        """
        failed = Exit.DONE
        for _ in range(ALL_DUE):
            if self.stops():
                self.keep()
                return Exit.INTERRUPTED
            self.look()
            if not self.jobs or begins(self.jobs[0], self.state) > self.clock.now():
                break
            job = self.jobs[0]
            self.do(job)
            failed = failed or exit_of(self.state.runs.get((job.kind, job.topic)))
        self.keep()
        return Exit.BUSY if self.state.held and self.state.held > self.clock.now() else failed

    def turn(self) -> None:
        """One look at the clock; then the next job where it is due, else a while of sleep."""
        self.look()
        now = self.clock.now()
        left = (begins(self.jobs[0], self.state) - now).total_seconds() if self.jobs else self.pause
        if left <= 0:
            self.do(self.jobs[0])
        else:
            self.clock.sleep(min(left, self.pause if self.state.running is None else SOON))

    def look(self) -> None:
        """See whether a clock was set, rules changed, or the archive has something new; plan anew where it was so."""
        self.clocks()
        now = self.clock.now()
        if self.rereads():
            self.reread()
        elif self.state.running is not None and not self.somebody():
            self.forsaken(now)
            self.replan()
        elif not self.jobs or self.topics.is_old(now) or begins(self.jobs[0], self.state) <= now:
            is_of_topic = bool(self.jobs) and bool(self.jobs[0].topic)
            if is_of_topic and self.topics.is_old(now, JUST):
                self.topics.looked = None
            self.replan()
        self.beat(now)

    def clocks(self) -> None:
        """Let nothing wait for a future that is not to come."""
        jump, now = self.clock.jump(), self.clock.now()
        if jump < timedelta(0):
            self.say(f"the clock was put back by {span_said(-jump)}; what was to come comes as if it had not been")
            self.state = as_of(shifted(self.state, jump, now), now, self.rules)
        elif jump:
            self.say(f"the clock went forward by {span_said(jump)}, or the machine slept; what was missed is done once")
        if jump:
            self.topics.forget()
            self.replan()

    def reread(self) -> None:
        """Take over changed rules and topics; where they are wrong, the old rules stay."""
        try:
            self.rules = rules_of(self.data)
            self.say("rules and topics were read again")
        except OperationError as error:
            self.say(f"{error}; what was read before stays")
        self.topics.forget()
        self.replan()

    def replan(self) -> None:
        """Look at the topics where it is time, and plan."""
        now = self.clock.now()
        before = self.jobs
        self.state = as_of(self.state, now, self.rules)
        foreseen = plan(self.state, self.topics.look(self.rules, now), self.rules, now, self.chance)
        # What no crawl has made yet needs no night.
        is_there = (self.data / DATABASE).exists()
        self.jobs = [job for job in foreseen if is_there or job.kind == "crawl"]
        if self.jobs != before:
            self.keep()

    def do(self, job: Job) -> None:
        """Run one job to its end, unless somebody else is at work in the archive."""
        now = self.clock.now()
        if name := self.somebody():
            if name != self.said_held:
                self.say(f"{job.name} waits: {name} is at work in the archive")
            self.said_held = name
            self.state = replace(held(self.state, now), running=self.state.running)
            self.replan()
            return
        self.said_held = ""
        if self.state.running is not None:
            self.forsaken(now)
            self.replan()
            return
        self.recall(job, now)
        self.state = begun(self.state, job, now)
        self.keep()
        code, log = self.ran(job, now)
        self.clocks_of_job()
        after = self.clock.now()
        self.state = ended(self.state, code, after, self.rules)
        self.topics.changed(job)
        self.told(job, code, log, after - now)
        self.jobs = []  # what was foreseen is past, so the new plan is written down in any case
        self.replan()

    def recall(self, job: Job, now: datetime) -> None:
        """Before sources are asked whatever their pace, let nothing else wait for that other future either."""
        try:
            if job.asks_all:
                recalled(self.data, now)
        except StoreError as error:
            self.say(str(error))

    def clocks_of_job(self) -> None:
        """The same look at the clock after a job, before its end is written down."""
        jump, now = self.clock.jump(), self.clock.now()
        if jump < timedelta(0):
            self.say(f"the clock was put back by {span_said(-jump)} meanwhile")
            self.state = as_of(shifted(self.state, jump, now), now, self.rules)
        if jump:
            self.topics.forget()

    def ran(self, job: Job, now: datetime) -> tuple[int, Path | None]:
        """The exit code of a job, and where its output is."""
        try:
            log = journal.opened(self.data, job.kind, job.topic, now)
            began = self.clock.monotonic()

            def is_over() -> bool:
                self.beat(self.clock.now())
                return self.stops() or self.clock.monotonic() - began > LONGEST_JOB.total_seconds()

            return self.runner(command_line(job, self.data, self.rules), log, is_over), log
        except OSError as error:
            self.say(f"{job.name} could not be started: {error.strerror or error}")
            return int(Exit.NOT_STORED), None

    def told(self, job: Job, code: int, log: Path | None, took: timedelta) -> None:
        """One line on how a job went."""
        last = journal.end_of(log) if log and code not in GOOD else ""
        self.say(f"{job.name}: {meaning(code)} after {span_said(max(took, timedelta(0)))}{last and f': {last}'}")

    def beat(self, now: datetime) -> None:
        """A sign of life: the time of the status file."""
        if self.beaten is None or not timedelta(0) <= now - self.beaten < BEAT:
            self.beaten = now
            with suppress(OSError):
                os.utime(self.data / keeping.NAME, (now.timestamp(), now.timestamp()))

    def keep(self) -> None:
        """Write down where things stand; a disk that takes nothing is spoken of once, and stops nothing."""
        try:
            keeping.write(self.data, keeping.Kept(state=self.state, jobs=self.jobs, faults=self.topics.faults))
            self.said_unwritten, self.beaten = "", None
            self.beat(self.clock.now())
        except OSError as error:
            fault = (
                f"{self.data / keeping.NAME} cannot be written ({error.strerror or error}); make room or give rights"
            )
            if fault != self.said_unwritten:
                self.say(fault)
            self.said_unwritten = fault
