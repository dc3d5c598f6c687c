"""One look at an archive: what is new is told, on every way that there is, and remembered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from crawler.alerts.faults import Fault, Key, after, event, kept, updated
from crawler.alerts.memory import alone, remember, remembered
from crawler.alerts.rules import Rules
from crawler.alerts.way import NotSent, PartlySent, Way
from crawler.alerts.wording import Event, Message, digest, trial
from crawler.alerts.wording import alone as by_itself
from crawler.times import text_of
from crawler.watching.finding import Finding


@dataclass(slots=True, kw_only=True)
class Sent:
    """What one way told, by state, and why it did not tell the rest; empty where it told all."""

    way: str
    label: str
    states: Counter[str] = field(default_factory=Counter)
    alerts: int = 0
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was sent, and sentences on what is wrong with the sending itself; `unkept` says that memory failed."""

    sent: tuple[Sent, ...] = ()
    remarks: tuple[str, ...] = ()
    unkept: bool = False

    @property
    def failed(self) -> bool:
        """Whether an alert could not be sent."""
        return any(one.failed for one in self.sent)


def look(
    data: Path, found: Sequence[Finding], now: datetime, rules: Rules, *, dry: bool = False, whole: bool = True
) -> Look:
    """Tell what is new of these findings; a dry look says what it would send, and changes nothing.

    Of one that is not `whole`, what is not among its findings has not ended.

    What is told is remembered after each alert, so that a look that is killed repeats one at most. What cannot be sent
    is tried again by the next look.
    """
    if not rules.ways:
        return Look()
    try:
        if dry:
            known, _ = remembered(data, aside=False)
            return Look(sent=tuple(planned(updated(known, found, now, whole=whole), now, rules)))
        with alone(data) as is_alone:
            if not is_alone:
                return Look(remarks=("another look is sending alerts just now; this one leaves it to that",))
            return Teller(data, found, now, rules, whole=whole).tell()
    except OSError as error:
        told = f"{error.filename or data} cannot be read or written ({error.strerror}); no alert was sent"
        return Look(remarks=(told,), unkept=True)


def trials(data: Path, now: datetime, rules: Rules) -> Look:
    """One test alert on every way, and how each went."""
    sent = []
    for way in rules.ways:
        one = Sent(way=way.name, label=way.label)
        attempt(way, trial(str(data), text_of(now) or ""), one)
        sent.append(one)
    return Look(sent=tuple(sent))


def planned(faults: dict[Key, Fault], now: datetime, rules: Rules) -> list[Sent]:
    """What each way would tell."""
    plans = []
    for way in rules.ways:
        events = events_of(faults, way, now, rules)
        states = Counter(str(one.state) for _, one in events)
        plans.append(Sent(way=way.name, label=way.label, states=states, alerts=len(batches(events, rules.most))))
    return plans


class Teller:
    """The sending of one look."""

    def __init__(self, data: Path, found: Sequence[Finding], now: datetime, rules: Rules, *, whole: bool) -> None:
        self.data = data
        self.now = now
        self.rules = rules
        known, remark = remembered(data)
        self.remarks = [remark] if remark else []
        self.faults = updated(known, found, now, whole=whole)
        self.unkept = False

    def tell(self) -> Look:
        """Let each way tell what it has to; one that fails costs the others nothing."""
        self.keep()
        sent = tuple(self.on(way) for way in self.rules.ways)
        self.faults = kept(self.faults, [way.name for way in self.rules.ways], self.now, self.rules)
        self.keep()
        return Look(sent=sent, remarks=tuple(self.remarks), unkept=self.unkept)

    def on(self, way: Way) -> Sent:
        """Tell on one way, until it fails."""
        sent = Sent(way=way.name, label=way.label)
        for batch in batches(events_of(self.faults, way, self.now, self.rules), self.rules.most):
            if not attempt(way, message_of(batch, str(self.data)), sent):
                break
            for key, told in batch:
                self.faults[key] = after(self.faults[key], way.name, told, self.now)
                sent.states[told.state] += 1
            self.keep()
        return sent

    def keep(self) -> None:
        """Write what is remembered; where that fails, alerts are sent nevertheless: a full disk may be their cause."""
        try:
            remember(self.data, self.faults)
        except OSError as error:
            if not self.unkept:
                told = f"what was told cannot be kept in {self.data} ({error.strerror}): the next look tells it again"
                self.remarks.append(told)
            self.unkept = True


def attempt(way: Way, message: Message, sent: Sent) -> bool:
    """Whether a message went out; what comes of it is noted."""
    try:
        way.send(message)
    except PartlySent as error:
        sent.failed = str(error)
    except NotSent as error:
        sent.failed = str(error)
        return False
    except (OSError, RuntimeError) as error:  # the machine has no more processes, threads or files to give
        sent.failed = str(NotSent(f"{way.label}: {error}"))
        return False
    sent.alerts += 1
    return True


def events_of(faults: dict[Key, Fault], way: Way, now: datetime, rules: Rules) -> list[tuple[Key, Event]]:
    """What a way has to tell: what is new first, what is well again last."""
    order = {"new": 0, "still": 1, "well": 2}
    found = [(key, told) for key, fault in faults.items() if (told := event(fault, way.name, now, rules))]
    return sorted(found, key=lambda pair: order[pair[1].state])


def batches(events: Sequence[tuple[Key, Event]], most: int) -> list[Sequence[tuple[Key, Event]]]:
    """The events of each alert: one each, or all in one where they are more than that."""
    return [[one] for one in events] if len(events) <= most else [events]


def message_of(batch: Sequence[tuple[Key, Event]], archive: str) -> Message:
    """The alert that tells these events."""
    events = [told for _, told in batch]
    return by_itself(events[0], archive) if len(events) == 1 else digest(events, archive)
