"""The spider of our own WARC files: every article's kept bytes once more through extraction, without the network."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy.crawler import Crawler

from archive.rows import Reading
from archive.store import Archive
from crawler.kept_pages import KeptPagesSpider
from crawler.times import moment_of
from pipelines.items import Candidate, Capture


class ReplaySpider(KeptPagesSpider[Reading]):
    """Read the articles of an archive again, in the order of their dates; `since` is an ISO day, `outlet` a domain.

    What several articles of an outlet share is known for certain only when all have been read: those for which it is
    another than it was when their turn came are then read once more.
    """

    name = "replay"
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - Scrapy's own name and type for it
        "ITEM_PIPELINES": {
            "pipelines.stages.extract.ExtractPipeline": 200,
            "pipelines.stages.refresh.RefreshPipeline": 300,
        },
        "EXTENSIONS": {
            "crawler.extensions.lock.LockExtension": 1,
            "crawler.extensions.commits.CommitsExtension": 50,
            "crawler.extensions.stop.StopExtension": 200,
            "crawler.extensions.rereading.RereadingExtension": 300,
        },
    }

    def __init__(self, crawler: Crawler, archive: Archive, since: str = "", outlet: str = "", **kwargs: Any) -> None:
        super().__init__(crawler, archive, **kwargs)
        self.since = since
        self.outlet = outlet

    async def pages(self) -> AsyncIterator[Capture]:
        """The kept page of each chosen article, and of some once more."""
        chosen = self.archive.rereadings.chosen(self.since, self.outlet)
        self.crawler.stats.set_value("dossier/rereadings", len(chosen))
        self.crawler.stats.set_value(
            "dossier/without_bytes", self.archive.rereadings.without_bytes(self.since, self.outlet)
        )
        async for capture in self.each(chosen):
            yield capture
        await self.drained()
        if not self.settings.getbool("DOSSIER_DRY_RUN"):
            async for capture in self.each(filter(self.is_stale, chosen)):
                yield capture
            await self.drained()

    def is_stale(self, article_id: int) -> bool:
        """Whether an article's outlet shares other lines by now than those that were taken out of it."""
        return article_id not in self.unreadable and self.archive.furniture.is_stale(article_id)

    def kept(self, key: int) -> Reading | None:
        """Where an article's newest page lies."""
        return self.archive.rereadings.reading(key)

    def capture_of(self, kept: Reading) -> Capture:
        """The page in a record, with what was announced of it."""
        page = self.page(kept.record)
        candidate = Candidate(url=page.url, title=kept.title, published=moment_of(kept.published))
        return Capture(candidate=candidate, page=page, article_id=kept.article_id)

    def key_of(self, item: Capture) -> int:
        """The article that a page is of."""
        return item.article_id or 0

    def named(self, key: int) -> str:
        """What a page is called whose address is not known yet."""
        return f"article {key}"
