"""The baseline of the crawl benchmark: what a good tutorial would build.

One Scrapy process; trafilatura with metadata in the pipeline; one sqlite-utils upsert an item, FTS5 by triggers.

    python -m benchmarks.plain_recipe DATABASE HOST...
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import sqlite_utils
import trafilatura
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response


class ExtractPipeline:
    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        document = trafilatura.bare_extraction(item.pop("html"), url=item["url"], with_metadata=True)
        found = document.as_dict() if document else {}
        return {
            **item,
            "title": found.get("title"),
            "author": found.get("author"),
            "date": found.get("date"),
            "body": found.get("text") or "",
        }


class StorePipeline:
    def open_spider(self) -> None:
        self.db = sqlite_utils.Database(Path(sys.argv[1]))
        self.db.enable_wal()
        self.db.execute("PRAGMA synchronous=FULL")
        self.table = self.db.table("articles", pk="url")
        self.table.create({"url": str, "title": str, "author": str, "date": str, "body": str}, pk="url")
        self.table.enable_fts(["title", "body"], create_triggers=True)

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        self.table.upsert(item)
        return item

    def close_spider(self) -> None:
        self.db.close()


class PlainSpider(Spider):
    name = "plain"

    async def start(self) -> AsyncIterator[Request]:
        for host in sys.argv[2:]:
            yield Request(f"http://{host}/feed.xml", callback=self.feed)

    def feed(self, response: Response) -> Iterator[Request]:
        for link in response.xpath("//item/link/text()").getall():
            yield Request(link, callback=self.article)

    def article(self, response: Response) -> Iterator[dict[str, Any]]:
        yield {"url": response.url, "html": response.body}


if __name__ == "__main__":
    process = AsyncCrawlerProcess(
        {
            "LOG_LEVEL": "WARNING",
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": 32,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
            "DOWNLOAD_DELAY": 0,
            "AUTOTHROTTLE_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
            "REMOTE_CONTROL_ENABLED": False,
            "ITEM_PIPELINES": {ExtractPipeline: 100, StorePipeline: 200},
        }
    )
    process.crawl(PlainSpider)
    process.start()
