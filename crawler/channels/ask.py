"""The contract of a channel: what it asks, and what it reads out of an answer.

A channel is pure: no network, no clock, no archive. The spider sends its asks and gives the answers back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from pipelines.items import Candidate, Page
from pipelines.topic import Source, Topic

Status = Literal["complete", "saturated", "refused", "failed"]


class ChannelRefused(Exception):  # noqa: N818 - an answer that is not what the contract says, never "empty"
    """The answer is not what the contract says; the message names the fault in one short sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to a source: a URL to fetch, what is expected there, and how many asks led to it."""

    url: str
    source: Source
    kind: str
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an answer held: candidates in the source's own order, further asks, and how complete it was."""

    candidates: tuple[Candidate, ...] = ()
    asks: tuple[Ask, ...] = ()
    status: Status = "complete"
    reason: str = ""


class Channel(Protocol):
    """One way to discover links."""

    name: str

    def asks(self, topic: Topic, now: datetime) -> tuple[Ask, ...]:
        """The first questions for a topic's sources of this channel."""
        ...

    def read(self, ask: Ask, page: Page, topic: Topic, now: datetime) -> Answer:
        """What the answer to `ask` holds. Never raises: what cannot be read is `refused`, with the reason."""
        ...
