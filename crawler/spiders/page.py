"""The spider of one page: fetches a seed through the same guards and manners as everything else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.agent import introduce
from crawler.outcomes import fate_of
from crawler.pages import page_of
from pipelines.items import Page


class PageSpider(Spider):
    """Fetch one URL and hand the page, or the reason why there is none, to a caller in the same process."""

    name = "page"

    def __init__(self, url: str, got: Callable[[Page], None], lost: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.got = got
        self.lost = lost

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        introduce(crawler.settings)
        spider = cls(*args, **kwargs)
        spider._set_crawler(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The one request."""
        yield Request(self.url, callback=self.arrived, errback=self.failed, dont_filter=True)

    def arrived(self, response: Response) -> None:
        """Hand the page over."""
        self.got(page_of(response))

    def failed(self, failure: Failure) -> None:
        """Hand the reason over."""
        assert failure.value is not None
        self.lost(fate_of(failure.value)[1])
