"""Scrapy's downloader with turn-taking that holds: per host, whatever slot, scheme, port or redirect it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import uniform
from time import monotonic
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import call_later
from twisted.python.failure import Failure

from crawler.guards import host_key
from crawler.handlers import Hurried, hurry
from crawler.pace import Pace
from crawler.robots import is_robots

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.internet.defer import Deferred

LOCAL = "(files)"  # the slot of what is read from this machine's own disk, which nobody needs to be spared
WAITING = 8  # requests that may wait for their turn, for each that may be under way: a slow host blocks no other


class PoliteSlot(Slot):
    """A host's queue. AutoThrottle sets `delay`, which never goes under the Crawl-delay; jitter only adds."""

    def __init__(self, concurrency: int, delay: float, jitter: float, pace: Pace) -> None:
        self.pace = pace
        super().__init__(concurrency, delay, jitter)
        self.draw()

    @property
    def delay(self) -> float:
        """Seconds between two requests."""
        return max(self._delay, self.pace.crawl_delay)

    @delay.setter
    def delay(self, seconds: float) -> None:
        """Scrapy and AutoThrottle set it; a lower one than the Crawl-delay changes nothing."""
        self._delay = seconds

    def draw(self) -> None:
        """Draw the jitter of the next pause."""
        self._stretch = 1 + uniform(0, self.jitter)  # noqa: S311 - it keeps no secret

    def free_transfer_slots(self) -> int:
        """How many requests may begin besides those under way."""
        return int(self.pace.has_room(self.concurrency))

    def download_delay(self) -> float:
        """Seconds to the next request, jitter included."""
        return self.delay * self._stretch

    def wait(self, request: Request) -> float:
        """Seconds until this request may begin: some services keep a distance of their own (`dossier_gap`)."""
        gap = request.meta.get("dossier_gap", 0.0) * self._stretch
        return self.pace.left(monotonic(), self.download_delay(), gap)


class PoliteDownloader(Downloader):
    """At most `CONCURRENT_REQUESTS` under way; one queue, one pace a host.

    What is known of a host outlives its slot, which Scrapy throws away after a minute of rest.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.paces: dict[str, Pace] = {}
        self.under_way = 0
        self.at_the_gate: dict[PoliteSlot, None] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        crawler.signals.connect(self.drop_all, hurry)

    def pace(self, host: str) -> Pace:
        """What is known of a host's pace."""
        return self.paces.setdefault(host, Pace())

    def slow_down(self, host: str, crawl_delay: float) -> None:
        """Heed a Crawl-delay from now on."""
        self.pace(host).slow_down(crawl_delay)

    def hold(self, host: str, seconds: float) -> None:
        """Ask a host nothing for a while; what waits keeps waiting."""
        self.pace(host).hold(monotonic() + seconds)

    def drop_all(self) -> None:
        """Give up everything that waits for its turn."""
        for host in list(self.slots):
            self.drop(host, lambda: Hurried("the run is ending"))

    def drop(self, host: str, error: Callable[[], Exception]) -> None:
        """Give up what waits for its turn at one host, each request with an error of its own."""
        slot = self.slots.get(host)
        while slot is not None and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(Failure(error()))

    def is_idling(self) -> bool:
        """Whether less than half of what may be under way is: those who wait are waiting for slow hosts."""
        return self.under_way * 2 < self.total_concurrency

    def needs_backout(self) -> bool:
        """Whether the scheduler should hand out no more for now."""
        limit = self.total_concurrency
        return 0 < limit <= self.under_way or 0 < limit * WAITING <= len(self.active)

    def get_slot_key(self, request: Request) -> str:
        """The host: a redirect carries the slot of the host that it left in its meta, and must not use it."""
        return LOCAL if is_local(request) else host_key(request.url)

    def _get_slot(self, request: Request, spider: object = None) -> tuple[str, Slot]:
        key = self.get_slot_key(request)
        if key not in self.slots:
            delay, jitter = (0.0, 0.0) if key == LOCAL else (self._delay, self._jitter)
            self.slots[key] = PoliteSlot(self.domain_concurrency, delay, jitter, self.pace(key))
            self._start_slot_gc()
        return key, self.slots[key]

    def _process_queue(self, slot: Slot) -> None:
        assert isinstance(slot, PoliteSlot)
        while slot.queue and not slot.latercall and slot.free_transfer_slots():
            if 0 < self.total_concurrency <= self.under_way:
                self.at_the_gate[slot] = None
                return
            wait = slot.wait(slot.queue[0][0])
            if wait > 0:
                slot.latercall = call_later(wait, self._latercall, slot)
                return
            self._begin(slot)

    def _begin(self, slot: PoliteSlot) -> None:
        request, waiting = slot.queue.popleft()
        self.crawler.stats.inc_value(f"dossier/sent/{kind_of(request)}")
        slot.lastseen = monotonic()
        slot.pace.begin(slot.lastseen)
        slot.draw()
        self.under_way += 1
        task = asyncio.get_running_loop().create_task(self._transfer(slot, request, waiting))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _transfer(self, slot: PoliteSlot, request: Request, waiting: Deferred[Response]) -> None:
        try:
            await self._wait_for_download(slot, request, waiting)
        finally:
            slot.lastseen = monotonic()
            slot.pace.end(slot.lastseen)
            self.under_way -= 1
            self._process_queue(slot)
            self._open_gate()

    def _open_gate(self) -> None:
        """Let those go on that found too much under way, in the order in which they came."""
        waiting, self.at_the_gate = list(self.at_the_gate), {}
        for slot in waiting:
            self._process_queue(slot)


def is_local(request: Request) -> bool:
    """Whether a request reads a file on this machine that the user named, and asks nobody."""
    return request.url.startswith("warc:")


def kind_of(request: Request) -> str:
    """What a request is for, as the run's figures count it; hops and retries count too."""
    if is_robots(request):
        return "robots"
    return "articles" if "dossier_candidate" in request.meta else "sources"


def downloader_of(crawler: Crawler) -> PoliteDownloader:
    """The downloader of a running crawl; TypeError where the settings name another."""
    downloader = crawler.engine.downloader
    if not isinstance(downloader, PoliteDownloader):
        raise TypeError("DOWNLOADER is not crawler.downloader.PoliteDownloader; robots.txt could not be heeded")
    return downloader
