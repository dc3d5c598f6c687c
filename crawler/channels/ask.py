"""The contract of a channel: what it asks, and what it reads out of an answer.

A channel is pure: no network, no clock, no archive. The spider sends its asks and gives the answers back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from crawler.channels.past import NOTHING_ASKED, Past
from pipelines.items import Candidate, Page
from pipelines.topic import Source, Topic

Status = Literal["complete", "saturated", "refused", "failed"]


class ChannelRefused(Exception):  # noqa: N818 - an answer that is not what the contract says, never "empty"
    """The answer is not what the contract says; the message names the fault in one short sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to a source: a URL to fetch, what is expected there, and how many asks led to it.

    A question about a window of time has `since` and `until` (aware UTC, the end left out), and mostly a `query`; the
    coverage ledger knows it by these and its source. `resume` is where an earlier answer broke off, in the channel's
    own words. `headers` go out with the request (a byte range). `tries` counts how often the service said "not now".
    `trail` is what the asks before this one saw. `is_last_word` says that a first 429 ends the run's questions there.
    """

    url: str
    source: Source
    kind: str
    depth: int = 0
    query: str = ""
    since: datetime | None = None
    until: datetime | None = None
    resume: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    tries: int = 0
    trail: tuple[str, ...] = ()
    is_last_word: bool = False

    @property
    def place(self) -> str:
        """Where the ledger enters the question: at its source where it has a window, else at its own address."""
        return self.source.url if self.since or self.until or self.query else self.url

    @property
    def is_windowed(self) -> bool:
        """Whether it is about a window, in certain words, or about a part of a file: not what a source lists now."""
        return bool(self.since or self.until or self.query or self.headers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an answer held: candidates in the source's own order, further asks, and how complete it was.

    `resume` is where to go on when the question is put again ("halved": its halves are asked instead). `wait` is for
    how many seconds the service wants to be left alone before the same question is put once more; 0 for not at all.
    `is_offline` says that nobody at all could be reached, which is no fault of the source.
    """

    candidates: tuple[Candidate, ...] = ()
    asks: tuple[Ask, ...] = ()
    status: Status = "complete"
    reason: str = ""
    resume: str = ""
    wait: float = 0.0
    is_offline: bool = False


class Channel(Protocol):
    """One way to discover links."""

    name: str
    gap: float
    """Seconds at least from the end of any request to a host to this channel's next request there; 0 for no own gap."""

    def asks(self, topic: Topic, now: datetime, past: Past = NOTHING_ASKED) -> Iterable[Ask]:
        """The first questions for a topic's sources of this channel.

        `topic.since` and `topic.until` are the window that this run asks about; `past` is what earlier runs asked.
        """
        ...

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """What the answer to `ask` holds. Never raises: what cannot be read is `refused`, with the reason."""
        ...

    def most(self, topic: Topic, now: datetime) -> int:
        """How many requests this channel makes in one run at most, for the plan that a user is shown."""
        ...


@runtime_checkable
class Chained(Protocol):
    """A channel that asks one thing after the other, and is not held up by one that never comes."""

    def unanswered(self, ask: Ask, answer: Answer) -> Answer:
        """What to make of an answer that did not come whole; `answer` says why, and is `failed`.

        What is too large or too slow today is so tomorrow: whatever stands behind it is asked all the same.
        """
        ...


def sources_of(topic: Topic, channel: str, endpoint: str = "") -> tuple[Source, ...]:
    """The topic's sources of a channel; one without an address of its own gets the service's usual one."""
    return tuple(
        replace(source, url=source.url or endpoint)
        for source in topic.sources
        if source.channel == channel and (source.url or endpoint)
    )
