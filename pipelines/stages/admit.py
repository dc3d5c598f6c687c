"""Stage 100: whether an answer is a whole web page that may be an article."""

from __future__ import annotations

from scrapy.exceptions import DropItem

from pipelines.admission import admit
from pipelines.items import Capture, Rejected


class Dropped(DropItem):
    """What Scrapy is told of a capture that becomes no article; `rejected` says why."""

    def __init__(self, rejected: Rejected) -> None:
        super().__init__(rejected.reason, log_level="DEBUG")
        self.rejected = rejected


class AdmitPipeline:
    """Let pass what may be an article."""

    def process_item(self, capture: Capture) -> Capture:
        """Fill nothing; drop what is no article."""
        try:
            admit(capture.page)
        except Rejected as rejected:
            raise Dropped(rejected) from rejected
        return capture
