"""What an alert says. What findings hold comes from outlets and their servers: it is made harmless and cut here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from archive.wording import counted
from crawler.terminal import minute, printable
from crawler.watching.finding import Finding

State = Literal["new", "still", "well", "test"]

TITLE = 150  # characters
TEXT = 600  # of one sentence
SUBJECT = 2_000  # of a URL
LISTED = 50  # faults that one digest tells

SAYS = {"new": "", "still": "still: ", "well": "well again: ", "test": "test: "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fault that is new, that still is, or that is no more."""

    state: State
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One alert: a title of one line, a text of some lines, and the same as plain values for programs."""

    title: str
    text: str = field(repr=False)
    events: tuple[Event, ...]
    archive: str
    more: int = 0

    @property
    def state(self) -> str:
        """The state of its only fault, or `digest`."""
        return self.events[0].state if len(self.events) == 1 else "digest"

    def record(self) -> dict[str, Any]:
        """The alert as programs read it."""
        return {
            "title": self.title, "text": self.text, "archive": self.archive, "state": self.state, "more": self.more,
            "alerts": [{"state": one.state, **plain_values(one.finding)} for one in self.events],
        }  # fmt: skip


def harmless(finding: Finding) -> Finding:
    """The same fault in words that can stand anywhere: on one line, without control characters, of bounded length."""
    return Finding(
        kind=finding.kind,
        topic=cut(finding.topic, TITLE),
        subject=cut(finding.subject, SUBJECT),
        since=cut(finding.since, 20),
        text=cut(finding.text, TEXT),
        advice=cut(finding.advice, TEXT),
    )


def cut(text: str, most: int) -> str:
    """The beginning of a text, on one line."""
    line = printable(text[: most * 2])
    return line if len(line) <= most else line[: most - 1] + "…"


def plain_values(finding: Finding) -> dict[str, str]:
    """A finding as plain values."""
    return {
        "kind": finding.kind, "topic": finding.topic, "subject": finding.subject, "since": finding.since,
        "text": finding.text, "advice": finding.advice,
    }  # fmt: skip


def alone(event: Event, archive: str) -> Message:
    """An alert about one fault."""
    about = event.finding.topic or event.finding.subject
    title = cut(f"Dossier: {SAYS[event.state]}{event.finding.kind}{f', {about}' if about else ''}", TITLE)
    return Message(title=title, text=f"{told(event)}\n\nArchive: {archive}", events=(event,), archive=archive)


def digest(events: Sequence[Event], archive: str) -> Message:
    """One alert about many faults; those that are too many for it are counted."""
    wrong = sum(event.state != "well" for event in events)
    parts = [f"{counted(wrong, 'fault')}"] if wrong else []
    parts += [f"{len(events) - wrong} well again"] if wrong < len(events) else []
    listed, more = tuple(events[:LISTED]), max(len(events) - LISTED, 0)
    paragraphs = [told(event) for event in listed]
    paragraphs += [f"And {more} more: `dossier watch` lists what is wrong."] if more else []
    text = "\n\n".join([*paragraphs, f"Archive: {archive}"])
    return Message(title=f"Dossier: {', '.join(parts)}", text=text, events=listed, archive=archive, more=more)


def told(event: Event) -> str:
    """A fault in two or three lines."""
    one = event.finding
    place = f" ({one.topic})" if one.topic and one.topic not in one.text else ""
    first = f"{SAYS[event.state]}{one.kind}{place}: {one.text}"
    first = first[:1].upper() + first[1:]
    if event.state == "well":
        return first
    since = f"Since {minute(one.since)}." if one.since else ""
    return "\n".join(filter(None, [first, one.advice and f"What to do: {one.advice}", since]))


def trial(archive: str, at: str) -> Message:
    """The alert of `dossier watch --test`."""
    finding = Finding(
        kind="archive unwell", topic="", subject="test", since=at, text="this is a test, nothing is wrong",
        advice="nothing: alerts arrive here",
    )  # fmt: skip
    event = Event(state="test", finding=finding)
    return Message(title="Dossier: test", text=f"{told(event)}\n\nArchive: {archive}", events=(event,), archive=archive)
