"""The topic that a user follows, as its TOML file says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal


class TopicError(ValueError):
    """A topic file that cannot be used; the message names file, key, fault and mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word or phrase of the topic, casefolded, with its weight (0 to 10, 1 is ordinary)."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that a channel asks. `verified` is False until `dossier sources check` has seen it answer."""

    channel: str
    url: str
    outlet: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What the user follows. `file` is where it was read, `definition` the file's text."""

    name: str
    title: str = ""
    language: str = "en"
    terms: tuple[Term, ...] = ()
    never: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    queries: tuple[str, ...] = ()
    keep: float = 0.5
    review: float = 0.3
    sources: tuple[Source, ...] = ()
    ports: tuple[int, ...] = (80, 443)
    preserve: Literal["kept", "all"] = "kept"
    file: str = ""
    definition: str = field(default="", repr=False)
