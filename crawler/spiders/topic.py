"""The spider of a topic: all its channels and all its articles, in one engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
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
from crawler.agent import introduce
from crawler.bodies import BadAnswer
from crawler.channels import CHANNELS
from crawler.channels.ask import Answer, Ask
from crawler.downloader import downloader_of
from crawler.folders import DEFAULT_TOPIC, topic_folders
from crawler.frontier import Frontier
from crawler.guards import FetchRefused, host_key
from crawler.handlers import Hurried
from crawler.inquiry import Inquiry
from crawler.local_warcs import WarcUnreadable
from crawler.mission import mission_of
from crawler.moves import moved_to
from crawler.outcomes import of_exception
from crawler.pages import page_of, request_of
from crawler.times import moment_of, now, text_of
from crawler.unanswered import instead_of_answer, instead_of_reading
from pipelines.items import Candidate, Capture
from pipelines.topic import find_topic, load_topic

LOW_WATER = 100  # articles under way below which the next ones are taken from the table
ASKS_FIRST = 20.0  # seconds that articles wait for the sources, so that the best of all come first
LARGE = 200_000  # bytes of an answer above which it is read in a thread
ASK_PRIORITY = 1_000


class TopicSpider(Spider):
    """Ask a topic's sources, and fetch what is best worth it: `scrapy crawl topic -a topic=NAME`."""

    name = "topic"

    def __init__(self, crawler: Crawler, frontier: Frontier, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._set_crawler(crawler)
        self.frontier = frontier
        self.mission = mission_of(self.settings, frontier.topic, frontier.started)
        self.inquiry = Inquiry(self.mission.budgets)
        self.unreached: list[tuple[Ask, Answer]] = []
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
        for part in self.mission.parts:
            if part.topic is not None:
                channel = CHANNELS[part.channel]
                first = channel.asks(part.topic, self.frontier.started, self.frontier.past(part))
                self.inquiry.add(part, channel, self.frontier.due(first))
        for request in self.questions():
            yield request

    # Sources

    def questions(self) -> Iterator[Request]:
        """The requests for all questions that may be put now."""
        for ask in self.inquiry.next():
            meta = {"dossier_ask": ask, "dossier_gap": self.mission.gap_of(ask), "dossier_last_word": ask.is_last_word}
            yield Request(
                ask.url,
                callback=self.read_answer,
                errback=self.no_answer,
                headers=dict(ask.headers),
                priority=ASK_PRIORITY - ask.depth,
                dont_filter=True,
                meta={**meta, "dossier_unconditional": not self.frontier.knows(ask)},
            )

    async def read_answer(self, response: Response) -> AsyncIterator[Request]:
        """Candidates into the archive, further questions out."""
        ask: Ask = response.meta["dossier_ask"]
        page = page_of(response)
        part = self.inquiry.lines[ask.source.channel].part
        assert part.topic is not None
        read = partial(CHANNELS[ask.source.channel].read, ask, page, part.topic, self.frontier.started)
        try:
            answer = await asyncio.to_thread(read) if len(page.body) > LARGE else read()
        except Exception as error:  # noqa: BLE001 - a fault of one channel costs the others nothing; the exit code tells
            answer = instead_of_reading(ask, error)
            self.crawler.stats.inc_value("dossier/faults")
            self.crawler.stats.set_value("dossier/last_fault", f"{ask.url}: {answer.reason}")
        if answer.wait:
            downloader_of(self.crawler).hold(host_key(ask.url), answer.wait)
        meta = response.meta
        moved = moved_to(ask.url, meta.get("redirect_urls", ()), meta.get("redirect_reasons", ()), response.url)
        validator, seconds = meta.get("dossier_validator"), meta.get("download_latency")
        await self.enter(ask, answer, len(page.body), validator, moved, seconds)
        for request in self.questions():
            yield request

    async def no_answer(self, failure: Failure) -> AsyncIterator[Request]:
        """A source that could not be asked: the ledger says why."""
        ask: Ask = failure.request.meta["dossier_ask"]  # type: ignore[attr-defined]  # Scrapy sets it on the failure
        error = failure.value
        assert error is not None
        if isinstance(error, Hurried):
            self.inquiry.answered(ask, Answer(), 0)
            return
        if isinstance(error, WarcUnreadable):
            self.crawler.stats.set_value("dossier/unread", str(error))
        is_first = not self.crawler.stats.get_value("downloader/response_count")
        answer = instead_of_answer(ask, error, is_first=is_first)
        await self.enter(ask, answer, 0, None)
        if ask.is_last_word and isinstance(error, FetchRefused) and error.by == "retry-after":
            why = f"{ask.source.channel}: asked to stay away; the next run goes on where this one stopped"
            self.inquiry.bite(ask.source.channel, why)
        for request in self.questions():
            yield request

    async def enter(
        self, ask: Ask, answer: Answer, size: int, validator: Any, moved: str = "", seconds: float | None = None
    ) -> None:
        """Write an answer into the archive, and let go on with what it leads to.

        Where nobody was reached so far, what failed waits until somebody is: if nobody is to the end of the run, then
        nobody was asked, and the next run asks at once.
        """
        answer = self.inquiry.admitted(ask, answer)
        try:
            if answer.is_offline:
                self.unreached.append((ask, answer))
            else:
                await self.record(ask, answer, validator, moved, seconds)
        finally:
            self.inquiry.answered(ask, answer, size)

    async def record(
        self, ask: Ask, answer: Answer, validator: Any = None, moved: str = "", seconds: float | None = None
    ) -> None:
        """Write an answer into the ledger and the run's own figures."""
        if await self.write(lambda: self.frontier.announce(ask, answer, validator, moved=moved, seconds=seconds)):
            stats = self.crawler.stats
            stats.inc_value(f"dossier/sources/{answer.status}")
            stats.inc_value("dossier/answers")
            stats.inc_value("dossier/announced", len(answer.candidates))
            stats.set_value("dossier/found", self.frontier.found)

    # Articles

    def top_up(self) -> None:
        """Take the next best candidates when the scheduler runs empty."""
        if self.frontier.dry or not self.frontier.run_id:
            return
        if self.articles_open >= LOW_WATER and not downloader_of(self.crawler).is_idling():
            return
        if self.inquiry.open and monotonic() - self.began < ASKS_FIRST:
            return
        self.hand_out()

    def idle(self) -> None:
        """Look once more before the run ends: questions may be left by a fault, candidates may have come in since."""
        if not self.frontier.run_id or not self.crawler.crawling:
            return
        if left := list(self.questions()):
            for request in left:
                self.crawler.engine.crawl(request)
            raise DontCloseSpider
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
        """The request that fetches a candidate, from its own address or from where its bytes can be had."""
        url, headers = request_of(taken)
        return Request(
            url,
            callback=self.read_article,
            errback=self.no_article,
            headers=headers,
            priority=round(taken.score * 100),
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
        if outcome is not None and await self.end(outcome):
            self.crawler.stats.inc_value("dossier/unfetched")

    async def not_had(self, taken: TakenRow, error: BadAnswer, status: int) -> None:
        """Where an archive has not what it announced, the page's own address is asked; where it is busy, it again."""
        outcome = of_exception(error, taken, now())
        if status >= 500 and outcome is not None and outcome.next_try:
            await self.end(outcome)
            return
        at, archive = text_of(now()) or "", self.frontier.archive
        if await self.write(lambda: archive.candidates.come_from_home(taken.id, str(error), at)):
            self.crawler.stats.inc_value("dossier/outcome/waiting")

    async def end(self, outcome: OutcomeRow) -> bool:
        """Whether an outcome was written."""
        is_written = await self.write(lambda: self.frontier.finish(outcome, now()))
        if is_written:
            self.crawler.stats.inc_value(f"dossier/outcome/{outcome.state}")
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
            if stats.get_value("downloader/response_count"):
                for ask, answer in self.unreached:
                    await self.record(ask, replace(answer, is_offline=False))
            if bitten := "; ".join(filter(None, [frontier.bitten(), *self.inquiry.bitten.values()])):
                stats.set_value("dossier/budget", bitten)
            if frontier.resting:
                stats.set_value("dossier/not_due", frontier.resting)
            await self.write(lambda: frontier.close(reason, stats.get_stats(), now()))
        frontier.leave()
