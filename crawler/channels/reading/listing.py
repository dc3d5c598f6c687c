"""The entries of one answer as candidates: each page once, in the source's own order, bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from crawler.channels.ask import Answer, Ask
from crawler.channels.reading.entries import Entry
from crawler.channels.reading.fault import Fault, counted, too_much
from crawler.channels.reading.window import Window
from pipelines.items import Candidate
from pipelines.urls import canonical

MAX_CANDIDATES = 50_000  # what sitemaps.org allows one sitemap
MAX_ENTRIES = 100_000  # looked at to find them


class Listing:
    """Candidates as they are added, and what was left out, for the answer's reason.

    `fault` says that it is full: nothing more need be added. `newest` and `last` are the latest date and that of the
    last entry that has one, whether it was taken or left out.
    """

    def __init__(self, window: Window) -> None:
        self.window = window
        self.fault: Fault | None = None
        self.newest: datetime | None = None
        self.last: datetime | None = None
        self._candidates: dict[str, Candidate] = {}
        self._left_out: Counter[str] = Counter()
        self._entries = 0

    def add(self, entry: Entry) -> None:
        """Take an entry, unless it has no usable link, lies outside of the window, or is known already."""
        self._entries += 1
        if (day := entry.published) is not None:
            self.newest, self.last = max(self.newest or day, day), day
        url = _usable(entry.url)
        if not url:
            self._left_out["without a usable link"] += 1
        elif url in self._candidates:
            pass
        elif self.window.excludes(entry.published, entry.modified):
            self._left_out["outside of the topic's window"] += 1
        elif len(self._candidates) == MAX_CANDIDATES:
            self.fault = too_much(f"{MAX_CANDIDATES:,} entries")
        else:
            self._keep(url, entry)
        if self._entries == MAX_ENTRIES and self.fault is None:
            self.fault = too_much(f"{MAX_ENTRIES:,} entries, of which few can be used")

    def _keep(self, url: str, entry: Entry) -> None:
        self._candidates[url] = Candidate(
            url=url,
            title=entry.title,
            published=entry.published,
            summary=entry.summary,
            rank=len(self._candidates),
        )

    def answer(self, fault: Fault | None, *, asks: Sequence[Ask] = (), notes: Sequence[str] = ()) -> Answer:
        """The answer: refused where there are entries and none of them can be used, since that is not "empty"."""
        unusable = self._left_out["without a usable link"]
        if self._entries and unusable == self._entries:
            return Answer(status="refused", reason=f"no usable link in {counted(unusable, 'entry', 'entries')}")
        fault = self.fault or fault
        skipped = [f"{counted(count, 'entry', 'entries')} {why}" for why, count in self._left_out.items() if count]
        return Answer(
            candidates=tuple(self._candidates.values()),
            asks=tuple(asks),
            status=fault.status if fault else "complete",
            reason="; ".join([*([fault.reason] if fault else []), *skipped, *notes]),
        )


def _usable(url: str) -> str:
    try:
        return canonical(url) if url else ""
    except ValueError:
        return ""
