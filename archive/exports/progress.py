"""How far an export is, and what it leaves out: counted by who writes, shown by who asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Progress:
    """What an export has done so far. `told` is called whenever it has done more."""

    told: Callable[[int], None] | None = None
    articles: int = 0
    notes: dict[str, int] = field(default_factory=dict)

    def done(self, articles: int) -> None:
        """Count articles that are written."""
        self.reached(self.articles + articles)

    def reached(self, articles: int) -> None:
        """Say how many articles are done in all."""
        self.articles = articles
        if self.told is not None:
            self.told(articles)

    def note(self, what: str, count: int = 1) -> None:
        """Count something that a reader of the export has to know."""
        self.notes[what] = self.notes.get(what, 0) + count
