"""The spider of a topic: all its channels and all its articles, in one engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import monotonic
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.rows import OutcomeRow, TakenRow
from archive.store import StoreError
from crawler.acquaintances import Acquaintances
from crawler.agent import introduce
from crawler.bodies import BadAnswer
from crawler.downloader import downloader_of
from crawler.folders import DEFAULT_TOPIC, topic_folders
from crawler.frontier import Frontier
from crawler.interview import Interview
from crawler.mission import mission_of
from crawler.outcomes import of_exception
from crawler.pages import page_of, request_of
from crawler.times import moment_of, now, text_of
from pipelines.items import Candidate, Capture
from pipelines.outcome_line import tell
from pipelines.topic import find_topic, load_topic

LOW_WATER = 100  # articles under way below which the next ones are taken from the table
AFTER = 1_000  # so much lower is the priority of a look at a known article than that of anything new
ASKS_FIRST = 20.0  # seconds that articles wait for the sources, so that the best of all come first


class TopicSpider(Spider):
    """Ask a topic's sources, and fetch what is best worth it: `scrapy crawl topic -a topic=NAME`."""

    name = "topic"

    def __init__(self, crawler: Crawler, frontier: Frontier, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set_crawler(crawler)
        self.frontier = frontier
        mission = mission_of(self.settings, frontier.topic, frontier.started)
        self.interview = Interview(crawler, frontier, mission, self.write)
        self.acquaintances = Acquaintances(frontier=frontier)
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
        for request in self.interview.begin():
            yield request

    def top_up(self) -> None:
        """Take the next best candidates when the scheduler runs empty."""
        if self.frontier.dry or not self.frontier.run_id:
            return
        if self.articles_open >= LOW_WATER and not downloader_of(self.crawler).is_idling():
            return
        if self.interview.inquiry.open and monotonic() - self.began < ASKS_FIRST:
            return
        self.hand_out()

    def idle(self) -> None:
        """Look once more before the run ends: questions may be left by a fault, candidates may have come in since."""
        if not self.frontier.run_id or not self.crawler.crawling:
            return
        if left := list(self.interview.requests()):
            for request in left:
                self.crawler.engine.crawl(request)
            raise DontCloseSpider
        if self.hand_out() or self.locked_since is not None:
            raise DontCloseSpider

    def hand_out(self) -> int:
        """Send the next batch on its way; how many, with those that are settled without being fetched."""
        try:
            with self.frontier.archive.writing():  # what cannot be settled was not handed out
                handed = self.frontier.take(is_asking=self.interview.inquiry.open > 0)
                rows = self.acquaintances.strangers(handed)
        except StoreError as error:
            self.locked(error)
            return 0
        self.locked_since = None
        for taken in rows:
            self.articles_open += 1
            self.crawler.engine.crawl(self.article_request(taken))
        self.crawler.stats.inc_value("dossier/taken", len(rows))
        if looks := sum(row.is_look for row in rows):
            self.crawler.stats.inc_value("dossier/looks", looks)
        if len(handed) > len(rows):
            self.greeted(len(handed) - len(rows))
        return len(handed)

    def greeted(self, count: int) -> None:
        """Count the links of a batch that were settled without being fetched, and look for the next ones soon."""
        if self.frontier.ration is not None:
            self.frontier.ration.taken -= count
        self.crawler.stats.set_value("dossier/acquaintances", self.acquaintances.met)
        self.crawler.stats.set_value("dossier/acquaintances_kept", self.acquaintances.kept)
        asyncio.get_running_loop().call_soon(self.top_up)

    def locked(self, error: StoreError) -> None:
        """Look again later where another program holds the archive, as long as patience lasts."""
        self.locked_since = self.locked_since or monotonic()
        if error.kind != "locked" or monotonic() - self.locked_since > self.patience:
            self.locked_since = None
            self.crawler.stats.set_value("dossier/store_failed", str(error))

    def article_request(self, taken: TakenRow) -> Request:
        """The request that fetches a candidate, from its own address or from where its bytes can be had."""
        url, headers = request_of(taken)
        return Request(
            url,
            callback=self.read_article,
            errback=self.no_article,
            headers=headers,
            priority=round(taken.score * 100) - AFTER * taken.is_look,
            dont_filter=True,
            meta={"dossier_candidate": taken},
        )

    async def read_article(self, response: Response) -> AsyncIterator[Capture]:
        """The capture that goes through the stages."""
        self.articles_open -= 1
        taken: TakenRow = response.meta["dossier_candidate"]
        self.crawler.stats.inc_value("dossier/fetched")
        try:
            page = page_of(response, taken)
        except BadAnswer as error:
            await self.not_had(taken, error, response.status)
            return
        candidate = Candidate(
            id=taken.id, url=taken.url, title=taken.title, published=moment_of(taken.published), score=taken.score
        )
        yield Capture(candidate=candidate, page=page)

    async def no_article(self, failure: Failure) -> None:
        """A candidate that could not be fetched: its outcome says why."""
        self.articles_open -= 1
        taken: TakenRow = failure.request.meta["dossier_candidate"]  # type: ignore[attr-defined]  # Scrapy sets it on the failure
        assert failure.value is not None
        outcome = of_exception(failure.value, taken, now())
        if outcome is not None and await self.end(outcome, taken.url):
            self.crawler.stats.inc_value("dossier/unfetched")

    async def not_had(self, taken: TakenRow, error: BadAnswer, status: int) -> None:
        """Where an archive has not what it announced, the page's own address is asked; where it is busy, it again."""
        outcome = of_exception(error, taken, now())
        if status >= 500 and outcome is not None and outcome.next_try:
            await self.end(outcome, taken.url)
            return
        at, archive = text_of(now()) or "", self.frontier.archive
        if await self.write(lambda: archive.candidates.come_from_home(taken.id, str(error), at)):
            self.crawler.stats.inc_value("dossier/outcome/waiting")
            tell(taken.url, "waiting", str(error))

    async def end(self, outcome: OutcomeRow, url: str) -> bool:
        """Whether an outcome was written."""
        is_written = await self.write(lambda: self.frontier.finish(outcome, now()))
        if is_written:
            self.crawler.stats.inc_value(f"dossier/outcome/{outcome.state}")
            tell(url, outcome.state, outcome.reason)
        return is_written

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
            await self.interview.settle()
            if bitten := "; ".join(filter(None, [frontier.bitten(), *self.interview.inquiry.bitten.values()])):
                stats.set_value("dossier/budget", bitten)
            if left := frontier.left():
                stats.set_value("dossier/looks_left", left)
            if frontier.resting:
                stats.set_value("dossier/not_due", frontier.resting)
            await self.write(lambda: frontier.close(reason, stats.get_stats(), now()))
        frontier.leave()
