"""Links whose article came in for another topic: they are judged from what the archive has, and not asked for again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archive.memberships import StoredText
from archive.rows import OutcomeRow, TakenRow
from crawler.frontier import Frontier
from crawler.local_warcs import warc_url
from crawler.stored_texts import judged, membership
from crawler.times import now, text_of
from pipelines.items import Verdict

BELIEVED = timedelta(days=7)
"""How long an address that led to an article, without being its own, is believed to mean it, and kept bytes are new."""


@dataclass(slots=True, kw_only=True)
class Acquaintances:
    """The links that a run settles without fetching: how many it `met`, and how many of them it `kept`."""

    frontier: Frontier
    met: int = 0
    kept: int = 0

    def strangers(self, rows: Sequence[TakenRow]) -> list[TakenRow]:
        """Of the links that were handed out, those to be fetched; StoreError where no outcome can be written."""
        fresh = [row.id for row in rows if not row.known and not row.is_look]
        if not fresh:
            return list(rows)
        present = now()
        since = text_of(present - BELIEVED) or ""
        found = self.frontier.archive.acquaintances.of(fresh, since)
        for row in rows:
            if row.id in found:
                self.settle(row, found[row.id], present)
        return self.with_bytes([row for row in rows if row.id not in found], since)

    def with_bytes(self, rows: Sequence[TakenRow], since: str) -> list[TakenRow]:
        """The links, those of pages whose bytes another topic kept when it dropped them to be read from there."""
        archive = self.frontier.archive
        places = archive.acquaintances.bytes_of([row.id for row in rows], since)
        vias = {
            number: f"{warc_url(archive.folder / 'warc' / file)}#{offset},{length}"
            for number, (file, offset, length) in places.items()
            if (archive.folder / "warc" / file).is_file()
        }
        return [replace(row, via=vias.get(row.id, row.via)) for row in rows]

    def settle(self, row: TakenRow, text: StoredText, present: datetime) -> None:
        """Judge one link from the text of its article, and write how it ended."""
        verdict = judged(text, self.frontier.topic)
        belongs = membership(verdict, self.frontier.topic_id)
        outcome = outcome_of(row, verdict, belongs.matched)
        self.frontier.archive.acquaintances.settle(text.id, belongs, outcome, text_of(present) or "")
        self.met += 1
        self.kept += outcome.state == "stored"


def outcome_of(row: TakenRow, verdict: Verdict, matched: str) -> OutcomeRow:
    """How a link ends whose article is known from another topic."""
    if verdict.decision == "drop":
        return OutcomeRow(
            candidate_id=row.id, state="off-topic", reason=verdict.reason, score=verdict.score, matched=matched
        )
    reason = "known from another topic: judged from what the archive has"
    return OutcomeRow(candidate_id=row.id, state="stored", reason=reason, score=verdict.score)
