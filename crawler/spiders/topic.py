"""The spider of a topic: all its channels and all its articles, in one engine."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.rows import TakenRow
from archive.store import StoreError
from crawler.agent import introduce
from crawler.channels import channels
from crawler.channels.ask import Answer, Ask
from crawler.downloader import downloader_of
from crawler.folders import DEFAULT_TOPIC, topic_folders
from crawler.frontier import Frontier
from crawler.handlers import Hurried
from crawler.moves import moved_to
from crawler.outcomes import fate_of, of_exception
from crawler.pages import page_of
from crawler.times import moment_of, now
from pipelines.items import Candidate, Capture
from pipelines.topic import find_topic, load_topic

LOW_WATER = 100  # articles under way below which the next ones are taken from the table
ASKS_FIRST = 20.0  # seconds that articles wait for the sources, so that the best of all come first
MAX_ASKS = 5_000  # questions to sources in one run
MAX_ASKS_OF_SOURCE = 200  # a hostile index names thousands of others
LARGE = 200_000  # bytes of an answer above which it is read in a thread
ASK_PRIORITY = 1_000


class TopicSpider(Spider):
    """Ask a topic's sources, and fetch what is best worth it: `scrapy crawl topic -a topic=NAME`."""

    name = "topic"

    def __init__(self, crawler: Crawler, frontier: Frontier, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set_crawler(crawler)
        self.frontier = frontier
        self.channels = {channel.name: channel for channel in channels(self.settings.getlist("DOSSIER_CHANNELS"))}
        self.asked: set[str] = set()
        self.asks_of: Counter[str] = Counter()
        self.asks_open = 0
        self.articles_open = 0
        self.began = monotonic()
        self.patience = self.settings.getfloat("DOSSIER_STORE_PATIENCE")
        self.locked_since: float | None = None
        crawler.signals.connect(self.top_up, signal=signals.scheduler_empty)
        crawler.signals.connect(self.idle, signal=signals.spider_idle)
        crawler.signals.connect(self.finish, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, topic: str = DEFAULT_TOPIC, **kwargs: Any) -> Self:
        """The spider, with its topic made known to every component through the settings."""
        settings = crawler.settings
        path = find_topic(topic, topic_folders(Path(settings["DOSSIER_DATA"]))).resolve()
        loaded = load_topic(path)
        settings.set("DOSSIER_TOPIC", str(path), "cmdline")
        settings.set("DOSSIER_PORTS", list(loaded.ports), "cmdline")
        introduce(settings)
        return cls(crawler, Frontier.of_settings(settings, loaded, now()), *args, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        """The first questions to every source of the topic."""
        if not await self.write(self.frontier.open):
            return
        for channel in self.channels.values():
            for ask in channel.asks(self.frontier.topic, self.frontier.started):
                if (request := self.ask_request(ask)) is not None:
                    yield request

    # Sources

    def ask_request(self, ask: Ask) -> Request | None:
        """The request that puts a question to a source, once a run."""
        source = ask.source.url
        if ask.url in self.asked or len(self.asked) >= MAX_ASKS or self.asks_of[source] >= MAX_ASKS_OF_SOURCE:
            return None
        self.asked.add(ask.url)
        self.asks_of[source] += 1
        self.asks_open += 1
        return Request(
            ask.url,
            callback=self.read_answer,
            errback=self.no_answer,
            priority=ASK_PRIORITY - ask.depth,
            dont_filter=True,
            meta={"dossier_ask": ask},
        )

    async def read_answer(self, response: Response) -> AsyncIterator[Request]:
        """Candidates into the archive, further questions out."""
        ask: Ask = response.meta["dossier_ask"]
        page = page_of(response)
        read = self.channels[ask.source.channel].read
        arguments = (ask, page, self.frontier.topic, self.frontier.started)
        answer = await asyncio.to_thread(read, *arguments) if len(page.body) > LARGE else read(*arguments)
        meta = response.meta
        there = moved_to(ask.url, meta.get("redirect_urls", ()), meta.get("redirect_reasons", ()), response.url)
        told: dict[str, Any] = {"moved_to": there, "seconds": meta.get("download_latency")}
        if await self.write(lambda: self.frontier.announce(ask, answer, meta.get("dossier_validator"), **told)):
            self.count_answer(answer)
        self.asks_open -= 1
        for further in answer.asks:
            if (request := self.ask_request(further)) is not None:
                yield request

    async def no_answer(self, failure: Failure) -> None:
        """A source that could not be asked: the ledger says why."""
        ask: Ask = failure.request.meta["dossier_ask"]  # type: ignore[attr-defined]  # Scrapy sets it on the failure
        self.asks_open -= 1
        assert failure.value is not None
        state, reason = fate_of(failure.value)
        if not isinstance(failure.value, Hurried):
            answer = Answer(status="failed" if state == "failed" else "refused", reason=reason)
            if await self.write(lambda: self.frontier.announce(ask, answer, None)):
                self.count_answer(answer)

    def count_answer(self, answer: Answer) -> None:
        """Keep the run's own figures."""
        stats = self.crawler.stats
        stats.inc_value(f"dossier/sources/{answer.status}")
        stats.inc_value("dossier/announced", len(answer.candidates))
        stats.set_value("dossier/found", self.frontier.found)

    # Articles

    def top_up(self) -> None:
        """Take the next best candidates when the scheduler runs empty."""
        if self.frontier.dry or not self.frontier.run_id:
            return
        if self.articles_open >= LOW_WATER and not downloader_of(self.crawler).is_idling():
            return
        if self.asks_open and monotonic() - self.began < ASKS_FIRST:
            return
        self.hand_out()

    def idle(self) -> None:
        """Look once more before the run ends: candidates may have come in since."""
        if not self.frontier.run_id or not self.crawler.crawling:
            return
        if self.hand_out() or self.locked_since is not None:
            raise DontCloseSpider

    def hand_out(self) -> int:
        """Send the next batch on its way; how many."""
        try:
            rows = self.frontier.take()
        except StoreError as error:
            self.locked(error)
            return 0
        self.locked_since = None
        for taken in rows:
            self.articles_open += 1
            self.crawler.engine.crawl(self.article_request(taken))
        self.crawler.stats.inc_value("dossier/taken", len(rows))
        return len(rows)

    def locked(self, error: StoreError) -> None:
        """Look again later where another program holds the archive, as long as patience lasts."""
        self.locked_since = self.locked_since or monotonic()
        if error.kind != "locked" or monotonic() - self.locked_since > self.patience:
            self.locked_since = None
            self.crawler.stats.set_value("dossier/store_failed", str(error))

    def article_request(self, taken: TakenRow) -> Request:
        """The request that fetches a candidate."""
        return Request(
            taken.url,
            callback=self.read_article,
            errback=self.no_article,
            priority=round(taken.score * 100),
            dont_filter=True,
            meta={"dossier_candidate": taken},
        )

    def read_article(self, response: Response) -> Capture:
        """The capture that goes through the stages."""
        self.articles_open -= 1
        taken: TakenRow = response.meta["dossier_candidate"]
        self.crawler.stats.inc_value("dossier/fetched")
        candidate = Candidate(
            id=taken.id, url=taken.url, title=taken.title, published=moment_of(taken.published), score=taken.score
        )
        return Capture(candidate=candidate, page=page_of(response))

    async def no_article(self, failure: Failure) -> None:
        """A candidate that could not be fetched: its outcome says why."""
        self.articles_open -= 1
        taken: TakenRow = failure.request.meta["dossier_candidate"]  # type: ignore[attr-defined]  # Scrapy sets it on the failure
        assert failure.value is not None
        outcome = of_exception(failure.value, taken, now())
        if outcome is not None and await self.write(lambda: self.frontier.finish(outcome, now())):
            self.crawler.stats.inc_value(f"dossier/outcome/{outcome.state}")
            self.crawler.stats.inc_value("dossier/unfetched")

    async def write(self, action: Callable[[], object]) -> bool:
        """Whether the archive took it; where it does not, the run ends and says so."""
        try:
            await self.frontier.archive.writable(self.patience, lambda: not self.crawler.crawling)
            action()
        except StoreError as error:
            self.crawler.stats.set_value("dossier/store_failed", str(error))
            return False
        return True

    async def finish(self, reason: str) -> None:
        """Write how the run ended."""
        frontier, stats = self.frontier, self.crawler.stats
        if frontier.run_id:
            if bitten := frontier.bitten():
                stats.set_value("dossier/budget", bitten)
            await self.write(lambda: frontier.close(reason, stats.get_stats(), now()))
        frontier.leave()
