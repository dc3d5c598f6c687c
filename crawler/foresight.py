"""What a link is worth when it is handed out: what its words promised, and what pages read since then have taught."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from archive.rows import TakenRow
from archive.store import Archive
from pipelines.lessons import LATEST, Lessons, Outcome, lessons, taught
from pipelines.promise import promise

Judged = Iterable[Mapping[str, Any]]
"""Pages that were judged: `title`, `url`, `promised` and `decision` of each."""

ENOUGH = 20  # outcomes after which it is worth learning again


@dataclass(slots=True, kw_only=True)
class Foresight:
    """The worth of a topic's links, by the verdicts on the pages read last and by how the links of each host fared.

    Only the order of links changes by it: never a verdict, never the score that a link keeps.
    """

    archive: Archive
    topic_id: int
    language: str
    learnt: Lessons = field(default_factory=dict)
    seen: int = -1

    def worth(self, rows: Sequence[TakenRow]) -> list[float]:
        """What each of these links is worth now, 0 to 1."""
        self.learn()
        fared = self.archive.yields.of(self.topic_id, {row.host for row in rows})
        return [
            promise(taught(row.score, row.title, row.url, self.learnt), *fared.get(row.host, (0, 0))) for row in rows
        ]

    def learn(self) -> None:
        """Learn anew where enough pages were judged since the last time."""
        judged = self.archive.yields.judged(self.topic_id)
        if self.seen >= 0 and judged < self.seen + ENOUGH:
            return
        self.seen = judged
        self.learnt = learnt_from(map(asdict, self.archive.candidates.judged(self.topic_id, LATEST)), self.language)


def learnt_from(judged: Judged, language: str) -> Lessons:
    """What pages that were judged teach about links."""
    return lessons((Outcome(**row) for row in judged), language)
