"""What is told of a finished snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

COUNTS = ("added", "changed", "texts", "taken_down", "gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What is different since the snapshot of the day `base`, None where there is none to compare with.

    Of the changed ones, `texts` have another headline or text, and the pages of `taken_down` are gone. `missing` are
    columns that the base does not have, and that were not compared; `faults` says in words which older snapshots could
    not be read.
    """

    base: str | None = None
    added: int = 0
    changed: int = 0
    texts: int = 0
    taken_down: int = 0
    gone: int = 0
    missing: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {name: getattr(self, name) for name in COUNTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A finished snapshot: its folder, the rows of each table, its bytes, what changed, and which days were removed.

    `later` are days of other snapshots that are still to come: a clock was wrong when they were taken.
    """

    folder: Path
    rows: Mapping[str, int]
    bytes: int
    changes: Changes
    removed: tuple[str, ...] = field(default=())
    later: tuple[str, ...] = field(default=())

    @property
    def articles(self) -> int:
        """How many articles are in it; 0 where that is not known."""
        return self.rows.get("articles", 0)

    def told(self) -> dict[str, Any]:
        """All of it, for programs."""
        return {
            "folder": str(self.folder),
            "day": self.folder.name,
            "articles": self.articles,
            "rows": dict(self.rows),
            "bytes": self.bytes,
            "base": self.changes.base,
            "changes": self.changes.counts,
            "not_compared": list(self.changes.missing),
            "unreadable": list(self.changes.faults),
            "removed": list(self.removed),
            "later": list(self.later),
        }
