"""Every capture that ends early gets its outcome written: the pages that become no article, and our own faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.rows import OutcomeRow, TakenRow
from archive.store import Archive, StoreError
from crawler.outcomes import fault_of, of_rejection
from crawler.times import now, text_of
from pipelines.items import Capture, Rejected
from pipelines.outcome_line import tell
from pipelines.shapes import shape_of


class OutcomesExtension:
    """Write the outcome of a dropped or broken capture, and count it."""

    def __init__(self, crawler: Crawler, archive: Archive) -> None:
        self.crawler = crawler
        self.archive = archive
        self.patience = crawler.settings.getfloat("DOSSIER_STORE_PATIENCE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler, Archive.shared(Path(crawler.settings["DOSSIER_DATA"])))
        crawler.signals.connect(extension.dropped, signal=signals.item_dropped)
        crawler.signals.connect(extension.broken, signal=signals.item_error)
        crawler.signals.connect(extension.close, signal=signals.spider_closed)
        return extension

    async def dropped(self, item: Capture, response: Response, exception: Exception) -> None:
        """The page became no article: its candidate gets the reason."""
        rejected = getattr(exception, "rejected", None)
        if not isinstance(rejected, Rejected):
            rejected = Rejected(str(exception))
        taken: TakenRow = response.meta["dossier_candidate"]
        outcome = of_rejection(rejected, taken, now())
        validator = response.meta.get("dossier_validator")

        def beside() -> None:
            self.look(taken, rejected)
            if outcome is not None and outcome.state == "unchanged" and validator is not None:
                self.archive.validators.put(validator)

        await self.write(outcome, taken.url, beside)

    async def broken(self, item: Capture, response: Response, failure: Failure) -> None:
        """A stage raised what it should not: the candidate is tried again, and the run does not end well."""
        assert failure.value is not None
        self.crawler.stats.inc_value("dossier/faults")
        self.crawler.stats.set_value("dossier/last_fault", f"{item.page.url}: {fault_of(failure.value)}")
        fault = Rejected(f"our own fault: {fault_of(failure.value)}", state="failed", retry=True)
        taken: TakenRow = response.meta["dossier_candidate"]
        await self.write(of_rejection(fault, taken, now()), taken.url)

    def look(self, taken: TakenRow, rejected: Rejected) -> None:
        """Note of an article that is here whether its page is gone, or there again."""
        known = self.archive.articles.known([taken.url]) if taken.known and not taken.via else None
        # An address such as /latest that is gone says nothing of the article that it led to; a feed's parameters behind
        # the article's own address change nothing of that.
        if known is None or (
            known.url not in {taken.url, taken.url.partition("?")[0]} and shape_of(taken.url) != "article"
        ):
            return
        events, at = self.archive.events, text_of(now()) or ""
        if rejected.gone:
            if events.missed(known.id, taken.id, rejected.reason, at, is_sure=rejected.gone == "surely"):
                self.crawler.stats.inc_value("dossier/removed")
        elif rejected.state == "unchanged" and events.answered(known.id, at):
            self.crawler.stats.inc_value("dossier/returned")

    async def write(self, outcome: OutcomeRow | None, url: str, beside: Callable[[], None] = lambda: None) -> None:
        """Write one outcome, and before it what is to be written with it.

        Where the archive cannot take it, the candidate stays waiting and the run ends.
        """
        if outcome is None:
            return
        try:
            await self.archive.writable(self.patience, lambda: not self.crawler.crawling)
            with self.archive.writing():
                beside()
                self.archive.candidates.finish(outcome, text_of(now()) or "")
        except StoreError as error:
            self.crawler.stats.set_value("dossier/store_failed", str(error))
            return
        self.crawler.stats.inc_value(f"dossier/outcome/{outcome.state}")
        tell(url, outcome.state, outcome.reason)

    def close(self) -> None:
        """Give the archive back."""
        self.archive.close()
