"""A server that says "not now" is heard: briefly by waiting, for longer by leaving its host alone until then."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Response

from archive.store import Archive, StoreError
from crawler.downloader import downloader_of
from crawler.guards import FetchRefused, host_key
from crawler.retry_after import backoff, wait_of
from crawler.times import moment_of, now, text_of

PATIENCE = timedelta(seconds=60)  # the longest wait that a run waits out
FIREWALL = timedelta(hours=1)  # the Wayback Machine shuts out for so long who goes on after its first 429
STRIKES = 3  # refusals in a row after which a host rests, however short the waits that it names


class RetryAfterMiddleware:
    """Hold a host that answers 429, or 503 with Retry-After; let it rest when it asks for long or says so again.

    A resting host is written to the archive, so that the next run leaves it alone too.
    """

    def __init__(self, crawler: Crawler, archive: Archive) -> None:
        self.crawler = crawler
        self.archive = archive
        self.patience = crawler.settings.getfloat("DOSSIER_STORE_PATIENCE")
        self.strikes: dict[str, int] = {}
        self.held: dict[str, datetime] = {}
        self.resting: dict[str, tuple[datetime, str]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(crawler, Archive.shared(Path(crawler.settings["DOSSIER_DATA"])))
        crawler.signals.connect(middleware.opened, signal=signals.spider_opened)
        crawler.signals.connect(middleware.closed, signal=signals.spider_closed)
        return middleware

    def opened(self) -> None:
        """Remember the hosts that rest since an earlier run."""
        for host, (until, reason) in self.archive.hosts.resting(text_of(now()) or "").items():
            if (moment := moment_of(until)) is not None:
                self.resting[host] = (moment, reason)

    def closed(self) -> None:
        """Give the archive back."""
        self.archive.close()

    def process_request(self, request: Request) -> None:
        """Refuse what is for a resting host."""
        host = host_key(request.url)
        if host in self.resting:
            if self.resting[host][0] > now():
                raise self.refusal(host)
            del self.resting[host]

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Hear a refusal; every other answer ends the row of them."""
        host = host_key(request.url)
        header = response.headers.get("Retry-After")
        if response.status != 429 and not (response.status == 503 and header):
            self.strikes.pop(host, None)
            return response
        if host in self.resting:
            raise self.refusal(host)
        strikes = self.strike(host)
        asked = wait_of((header or b"").decode("latin-1"), now())
        wait = backoff(strikes - 1) if asked is None else asked
        is_last_word = bool(request.meta.get("dossier_last_word"))
        if is_last_word:
            wait = max(wait, FIREWALL)
        again = None if is_last_word or wait > PATIENCE or strikes >= STRIKES else self.again(request, response)
        if again is None:
            await self.rest(host, max(wait, backoff(strikes)) if strikes >= STRIKES else wait, response.status)
            raise self.refusal(host)
        self.held[host] = now() + wait
        downloader_of(self.crawler).hold(host, wait.total_seconds())
        self.crawler.stats.inc_value("dossier/held")
        return again

    def strike(self, host: str) -> int:
        """How many refusals in a row, this one included; those that were under way before a wait began are one."""
        if self.held.get(host, now()) <= now():
            self.strikes[host] = self.strikes.get(host, 0) + 1
        return self.strikes.setdefault(host, 1)

    def again(self, request: Request, response: Response) -> Request | None:
        """The same request once more, None where it has been tried often enough."""
        assert self.crawler.spider is not None
        reason = f"{response.status} with Retry-After"
        return get_retry_request(request, spider=self.crawler.spider, reason=reason)

    async def rest(self, host: str, wait: timedelta, status: int) -> None:
        """Leave a host alone from now on, and what waits for it too."""
        until = now() + max(wait, timedelta(seconds=1))
        reason = f"HTTP {status}, asked to stay away until {text_of(until)}"
        self.resting[host] = (until, reason)
        self.crawler.stats.inc_value("dossier/resting")
        downloader_of(self.crawler).drop(host, lambda: self.refusal(host))
        try:
            await self.archive.writable(self.patience, lambda: not self.crawler.crawling)
            self.archive.hosts.rest(host, text_of(until) or "", reason)
        except StoreError as error:
            self.crawler.stats.set_value("dossier/store_failed", str(error))

    def refusal(self, host: str) -> FetchRefused:
        """The refusal of one request to a resting host."""
        until, reason = self.resting[host]
        self.crawler.stats.inc_value("dossier/refused/retry-after")
        return FetchRefused(reason, by="retry-after", until=until)
