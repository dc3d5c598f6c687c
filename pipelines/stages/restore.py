"""Stage 700 where dropped pages are read again: what belongs by today's topic becomes an article."""

from __future__ import annotations

from archive.rows import OutcomeRow
from pipelines.items import Capture
from pipelines.stages.store import StorePipeline, outcome_of


class RestorePipeline(StorePipeline):
    """Store what belongs as a crawl would; of what stays dropped, only score and reason are written."""

    def write(self, capture: Capture) -> OutcomeRow:
        """Write one capture in one transaction; the outcome of its candidate."""
        if capture.kinship is not None:
            return super().write(capture)
        outcome = outcome_of(capture)
        self.archive.dropped.rejudge(outcome)
        return outcome
