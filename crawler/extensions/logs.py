"""The log of a run: in the form that was asked for, with the run's topic and beginning in each line for programs."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.utils.log import get_scrapy_root_handler

from crawler.logs import JsonLines, shape
from crawler.run_log import RunLog
from crawler.spiders.topic import TopicSpider
from crawler.times import now, text_of


class LogsExtension:
    """Give Scrapy's log our form, also under plain `scrapy crawl`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        extension = cls(crawler)
        crawler.signals.connect(extension.opened, signal=signals.spider_opened)
        return extension

    def opened(self, spider: Spider) -> None:
        """From now on each line says to which run it belongs."""
        shape(get_scrapy_root_handler(), self.crawler.settings)
        for handler in logging.root.handlers:
            if isinstance(handler, RunLog) and not self.crawler.settings.getbool("LOG_FILE_APPEND"):
                handler.begin()
            if not isinstance(handler.formatter, JsonLines):
                continue
            topic = Path(self.crawler.settings["DOSSIER_TOPIC"] or "").stem
            began = spider.frontier.started if isinstance(spider, TopicSpider) else now()
            standing = {"topic": topic, "run": text_of(began) or ""}
            handler.formatter.standing = {key: value for key, value in standing.items() if value}
