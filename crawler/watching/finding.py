"""Something that is wrong, and that a person should hear of once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["run failed", "no news", "source died", "source changed", "archive unwell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault: of what kind, about what, since when (ISO 8601 UTC text), in a sentence, and what to do about it.

    `topic` is empty where it concerns no single topic. `subject` is what it is about: the URL of a source, the start
    of a run, the part of the archive. Of two looks, findings of one `kind`, `topic` and `subject` are the same fault.
    """

    kind: Kind
    topic: str
    subject: str
    since: str
    text: str
    advice: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells this fault from others, from one look to the next."""
        return self.kind, self.topic, self.subject
