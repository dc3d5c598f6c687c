"""The questions of a run as requests, and their answers into the archive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer, Ask
from crawler.downloader import downloader_of
from crawler.frontier import Frontier
from crawler.guards import FetchRefused, host_key
from crawler.handlers import Hurried
from crawler.inquiry import Inquiry
from crawler.local_warcs import WarcUnreadable
from crawler.mission import Mission
from crawler.moves import moved_to
from crawler.pages import page_of
from crawler.unanswered import instead_of_answer, instead_of_reading

LARGE = 200_000  # bytes of an answer above which it is read in a thread
MANY = 2_000  # candidates of an answer above which they are scored in a thread
ASK_PRIORITY = 1_000  # before any article


class Interview:
    """Put the questions of a mission, and enter what is answered.

    `write` does something with the archive, and says whether the archive took it.
    """

    def __init__(
        self,
        crawler: Crawler,
        frontier: Frontier,
        mission: Mission,
        write: Callable[[Callable[[], object]], Awaitable[bool]],
    ) -> None:
        self.crawler = crawler
        self.frontier = frontier
        self.mission = mission
        self.write = write
        self.inquiry = Inquiry(mission.budgets)
        self.unreached: list[tuple[Ask, Answer]] = []

    def begin(self) -> Iterator[Request]:
        """The first questions to every source of the topic."""
        for part in self.mission.parts:
            if part.topic is not None:
                channel = CHANNELS[part.channel]
                first = channel.asks(part.topic, self.frontier.started, self.frontier.past(part))
                self.inquiry.add(part, channel, self.frontier.due(first))
        yield from self.requests()

    def requests(self) -> Iterator[Request]:
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
        for request in self.requests():
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
        for request in self.requests():
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
        rows = self.frontier.rows
        noted = await asyncio.to_thread(rows, answer) if len(answer.candidates) > MANY else rows(answer)
        announce = partial(self.frontier.announce, ask, answer, noted, validator, moved=moved, seconds=seconds)
        if await self.write(announce):
            stats = self.crawler.stats
            stats.inc_value(f"dossier/sources/{answer.status}")
            stats.inc_value("dossier/answers")
            stats.inc_value("dossier/announced", len(answer.candidates))
            stats.set_value("dossier/found", self.frontier.found)

    async def settle(self) -> None:
        """Enter what nobody answered while nobody could be reached, if somebody was reached after all."""
        if self.crawler.stats.get_value("downloader/response_count"):
            for ask, answer in self.unreached:
                await self.record(ask, replace(answer, is_offline=False))
