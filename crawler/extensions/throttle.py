"""AutoThrottle that takes "not modified" for the quick and good answer that it is."""

from __future__ import annotations

from scrapy.core.downloader import Slot
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response


class ThrottleExtension(AutoThrottle):
    """Scrapy lowers a delay on 200 only: a recheck, which is all 304, would keep the slowest pace that it ever saw."""

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response.replace(status=200) if response.status == 304 else response)
