"""What a search found as candidates: each page once, in the search's own order; what is left out is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from crawler.channels.ask import Answer
from crawler.channels.reading.fault import Fault, counted
from crawler.channels.reading.window import Window
from pipelines.items import Candidate


class Announced:
    """Candidates as they are added. `only` are the outlets that were asked about; all where it is empty."""

    def __init__(self, window: Window, only: Collection[str] = ()) -> None:
        self._window = window
        self._only = frozenset(only)
        self._candidates: dict[str, Candidate] = {}
        self._seen: set[str] = set()
        self._left_out: Counter[str] = Counter()
        self._useless = 0

    def add(self, candidate: Candidate, outlet: str) -> None:
        """Take a candidate, unless it lies outside of the window, is another outlet's, or is known already."""
        if candidate.url in self._seen:
            return
        self._seen.add(candidate.url)
        if self._only and outlet not in self._only:
            self._left_out["of outlets that were not asked about"] += 1
        elif self._window.excludes(candidate.published):
            self._left_out["outside of the topic's window"] += 1
        else:
            self._candidates[candidate.url] = replace(candidate, rank=len(self._candidates))

    def leave(self) -> None:
        """Count an item that leads to no page."""
        self._useless += 1

    def answer(self, items: int, fault: Fault | None) -> Answer:
        """The answer to a question that got so many items: refused where none of them leads anywhere."""
        if self._useless and self._useless == items and not self._candidates:
            return Answer(status="refused", reason=f"no usable link in {counted(items, 'entry', 'entries')}")
        notes = [fault.reason] if fault else []
        left_out = Counter({"without a usable link": self._useless}) + self._left_out
        notes += [f"{counted(count, 'entry', 'entries')} {why}" for why, count in left_out.items()]
        return Answer(
            candidates=tuple(self._candidates.values()),
            status=fault.status if fault else "complete",
            reason="; ".join(notes),
        )
