"""The faults that are remembered from one look to the next, and what is to be told of each on which way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from crawler.alerts.rules import Rules
from crawler.alerts.wording import Event, State, harmless
from crawler.times import moment_of, text_of
from crawler.watching.finding import Finding

Key = tuple[str, str, str]
MOST = 1_000  # faults that are remembered
UNTOLD = timedelta(days=30)  # after which the end of a fault is told no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault, when it was first and last looked at as such, when it was first missed, and when each way told it.

    `ended` is empty while it lasts. A way stays in `told` until it has told the end as well.
    """

    finding: Finding
    first: str
    ended: str = ""
    told: Mapping[str, str] = field(default_factory=dict)


Faults = Mapping[Key, Fault]


def updated(known: Faults, found: Iterable[Finding], now: datetime, *, whole: bool = True) -> dict[Key, Fault]:
    """What is remembered after a look: those that are there, and those that were; a fault that comes back goes on.

    A look that is not `whole` could not see everything: what it misses has not ended.
    """
    at = text_of(now) or ""
    faults: dict[Key, Fault] = {}
    for one in map(harmless, found):
        key = key_of(one)
        if key in faults or len(faults) >= MOST:
            continue
        before = known.get(key)
        faults[key] = replace(before, finding=one, ended="") if before else Fault(finding=one, first=at)
    for key, before in known.items():
        if key not in faults and len(faults) < MOST:
            faults[key] = replace(before, ended=before.ended or at) if whole else before
    return {key: past(fault, at) for key, fault in faults.items()}


def key_of(finding: Finding) -> Key:
    """What tells a fault from others: runs that fail one after the other are one fault of their topic."""
    return finding.kind, finding.topic, "" if finding.kind == "run failed" else finding.subject


def past(fault: Fault, at: str) -> Fault:
    """The fault with no time after the present: a clock that was wrong must not keep it silent for years."""
    told = {way: min(time, at) for way, time in fault.told.items()}
    return replace(fault, first=min(fault.first, at), ended=min(fault.ended, at), told=told)


def event(fault: Fault, way: str, now: datetime, rules: Rules) -> Event | None:
    """What a way has to tell of a fault now, None where it has nothing to tell."""
    state = state_of(fault, fault.told.get(way, ""), now, rules)
    return Event(state=state, finding=fault.finding) if state else None


def state_of(fault: Fault, told: str, now: datetime, rules: Rules) -> State | None:
    """Whether a fault is new to a way that told it at that time, or never; is to be told again, or its end."""
    if fault.finding.kind not in rules.kinds:
        return None
    if fault.ended:
        return "well" if told and is_over(fault, now, rules) else None
    if not told:
        return "new"
    return "still" if since(told, now) >= timedelta(days=rules.remind) else None


def is_over(fault: Fault, now: datetime, rules: Rules) -> bool:
    """Whether a fault has been away for so long that it counts as mended."""
    return bool(fault.ended) and since(fault.ended, now) >= timedelta(hours=rules.settle)


def since(text: str, now: datetime) -> timedelta:
    """How long ago that was."""
    return now - (moment_of(text) or now)


def after(fault: Fault, way: str, told: Event, now: datetime) -> Fault:
    """The fault once a way has told that of it."""
    others = {name: time for name, time in fault.told.items() if name != way}
    return replace(fault, told=others if told.state == "well" else {**others, way: text_of(now) or ""})


def kept(faults: Faults, ways: Collection[str], now: datetime, rules: Rules) -> dict[Key, Fault]:
    """The faults that are still to be remembered, of the ways that there still are."""
    own = {
        key: replace(fault, told={way: time for way, time in fault.told.items() if way in ways})
        for key, fault in faults.items()
    }
    return {key: fault for key, fault in own.items() if not is_done(fault, now, rules)}


def is_done(fault: Fault, now: datetime, rules: Rules) -> bool:
    """Whether nothing is to be told of a fault any more."""
    if not is_over(fault, now, rules):
        return False
    return not fault.told or fault.finding.kind not in rules.kinds or since(fault.ended, now) >= UNTOLD
