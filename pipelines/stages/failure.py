"""What every stage that writes does when the archive takes no more: end the run, and lose nothing."""

from __future__ import annotations

import asyncio
import logging

from scrapy.crawler import Crawler

from archive.store import StoreError
from pipelines.items import Rejected
from pipelines.stages.admit import Dropped

logger = logging.getLogger(__name__)

_closing: set[asyncio.Task[None]] = set()  # the event loop itself holds its tasks only weakly


def store_failed(crawler: Crawler, error: StoreError) -> Dropped:
    """What to raise for a capture that could not be written; its candidate stays waiting, and the run ends.

    The run ends once, with the reason `store_failed`; the message goes to the stat `dossier/store_failed`.
    """
    assert crawler.stats is not None
    if crawler.stats.get_value("dossier/store_failed") is None:
        crawler.stats.set_value("dossier/store_failed", str(error))
        logger.error("%s", error)
        if crawler.crawling:
            task = asyncio.get_running_loop().create_task(crawler.engine.close_spider_async(reason="store_failed"))
            _closing.add(task)
            task.add_done_callback(_closing.discard)
    return Dropped(Rejected(str(error), state="waiting"))
