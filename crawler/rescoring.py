"""All verdicts of a topic again, from what the archive has: its articles, the links that wait, the pages left out.

What is written depends on the topic's file and on the row itself, and on nothing that this writes: killed at any
instant and begun again, it comes to the same end.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.dropped import DroppedRow
from archive.memberships import StoredText
from archive.store import Archive
from archive.waiting import WaitingRow
from crawler.stored_texts import judged, membership
from crawler.tally import Tally
from crawler.times import moment_of
from pipelines import matches
from pipelines.items import Verdict
from pipelines.relevance import link_score
from pipelines.second_look import LeftOut, second_look
from pipelines.topic import Topic

BATCH = 100  # articles that are read, judged and written between two looks at whether to go on
LINKS = 500  # links, each of which costs a tenth of an article


@dataclass(slots=True, kw_only=True)
class Rescoring:
    """One pass over an archive for a topic. With `dry`, nothing is written; `former` is the topic as it was before.

    The passes give way after each batch; `links` comes before `dropped`, which puts more links among those that wait.
    `with_bytes` are the dropped pages that can be read again.
    """

    archive: Archive
    topic: Topic
    topic_id: int
    former: Topic | None = None
    dry: bool = False
    tally: Tally = field(default_factory=Tally)
    with_bytes: array[int] = field(default_factory=lambda: array("q"))
    returned: int = 0
    still_dropped: int = 0
    relinked: int = 0

    def articles(self) -> Iterator[int]:
        """Judge every article of the archive; how many, batch by batch."""
        after = 0
        while texts := self.archive.memberships.texts(self.topic_id, after, BATCH):
            after = texts[-1].id
            self.judge(texts)
            yield len(texts)

    def judge(self, texts: Sequence[StoredText]) -> None:
        """Judge a batch, and write what is another verdict than before in one transaction."""
        verdicts = [(text, judged(text, self.topic)) for text in texts]
        others = [(text, verdict) for text, verdict in verdicts if self.is_other(text, verdict)]
        if others and not self.dry:
            with self.archive.writing():
                for text, verdict in others:
                    self.archive.memberships.put(text, membership(verdict, self.topic_id))
        changed = {text.id for text, _ in others}
        for text, verdict in verdicts:
            self.tally.add(text, verdict, is_other=text.id in changed)

    def is_other(self, text: StoredText, verdict: Verdict) -> bool:
        """Whether a verdict is to be written: a drop of what the topic has never judged is not."""
        if not text.verdict:
            return verdict.decision != "drop"
        now = (verdict.score, verdict.decision, matches.written(verdict.matched), verdict.reason)
        return now != (text.score, text.verdict, text.matched, text.reason)

    def dropped(self) -> Iterator[int]:
        """Let those of the dropped pages wait again that today's topic may want; how many were looked at."""
        for ids in parts(self.archive.dropped.ids(self.topic_id) if self.topic_id else array("q")):
            rows = self.archive.dropped.rows(ids)
            self.with_bytes.extend(row.id for row in rows if row.record is not None)
            self.look(rows)
            yield len(rows)

    def look(self, rows: Sequence[DroppedRow]) -> None:
        """Decide on a batch of dropped pages without bytes, and write it in one transaction."""
        bare = [row for row in rows if row.record is None]
        wanted = [(row, why) for row in bare if (why := second_look(left_out(row), self.topic))]
        self.returned += len(wanted)
        self.still_dropped += len(bare) - len(wanted)
        if wanted and not self.dry:
            with self.archive.writing():
                for row, why in wanted:
                    self.archive.dropped.let_wait(row.id, why, link_score(row.title, row.url, self.topic))

    def links(self) -> Iterator[int]:
        """Give waiting links today's score, and the archive today's topic, in one transaction at the end."""
        numbers, scores = array("q"), array("d")
        for ids in parts(self.archive.waiting.ids(self.topic_id) if self.topic_id else array("q")):
            for row in self.archive.waiting.rows(ids):
                score = self.promise(row)
                if score != row.promised:
                    numbers.append(row.id)
                    scores.append(score)
            yield len(ids)
        self.relinked = len(numbers)
        if not self.dry:
            with self.archive.writing():
                self.archive.waiting.relink(zip(numbers, scores, strict=True))
                self.archive.topics.ensure(self.topic.name, self.topic.title, self.topic.definition)

    def promise(self, row: WaitingRow) -> float:
        """What a link promises today. What a feed's summary had added to its title is not kept: that stays added."""
        today = link_score(row.title, row.url, self.topic)
        if self.former is None:
            return today
        then = link_score(row.title, row.url, self.former)
        if row.promised <= then:
            return today
        return row.promised if today == then else round(1 - (1 - today) * (1 - row.promised) / max(1 - then, 1e-4), 4)

    def told(self) -> dict[str, Any]:
        """The figures of the pass as plain values."""
        return {
            "topic": self.topic.name,
            "keep": self.topic.keep,
            "review": self.topic.review,
            **self.tally.told(),
            "returned": self.returned,
            "still_dropped": self.still_dropped,
            "relinked": self.relinked,
            "with_bytes": len(self.with_bytes),
        }

    def settle(self) -> None:
        """Count anew how the links of each host have fared, by today's verdicts."""
        if self.topic_id and not self.dry:
            self.archive.waiting.count_yields(self.topic_id)


def left_out(row: DroppedRow) -> LeftOut:
    """A dropped candidate as it is looked at once more."""
    announced = moment_of(row.published)
    return LeftOut(
        url=row.url,
        title=row.title,
        day=announced.date() if announced else None,
        promised=row.link_score,
        score=row.score,
        matches=matches.read(row.matched),
        reason=row.reason,
    )


def parts(ids: array[int]) -> Iterator[array[int]]:
    """The ids, a batch at a time."""
    return (ids[start : start + LINKS] for start in range(0, len(ids), LINKS))
