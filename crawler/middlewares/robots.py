"""robots.txt before anything else of a host: RFC 9309, and Crawl-delay as the floor of the host's pace."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from crawler.downloader import downloader_of, is_local
from crawler.guards import FetchRefused, host_key
from crawler.handlers import Hurried
from crawler.resolver import refusal
from crawler.robots import MAX_BYTES, Rules, is_robots
from crawler.times import now
from pipelines.urls import parts_of

RETRIES = 1
AGAIN = timedelta(hours=1)  # how long a host rests whose robots.txt could not be had; this run leaves it alone anyway

PATH = "/robots.txt"
MANNERS = ("dossier_gap", "dossier_last_word")
NO_MANNERS: Mapping[str, Any] = {}
TUNNEL = re.compile(r"with proxy (\S{1,300}) \[\{'status': (\d{3})")


class RobotsMiddleware:
    """Hold every request back until the robots.txt of its scheme, host and port is known, then refuse or let pass.

    A request for robots.txt itself is never refused, but takes its turn behind ours.
    """

    def __init__(self, crawler: Crawler, token: str, deadline: float) -> None:
        self.crawler = crawler
        self.token = token
        self.deadline = deadline
        self.sites: dict[str, asyncio.Future[Rules]] = {}
        self.heard: dict[str, Rules] = {}
        self.received: WeakKeyDictionary[Request, int] = WeakKeyDictionary()
        self.turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        middleware = cls(crawler, settings["ROBOTSTXT_USER_AGENT"], settings.getfloat("DOSSIER_ROBOTS_DEADLINE"))
        crawler.signals.connect(middleware.cut, signal=signals.bytes_received)
        return middleware

    async def process_request(self, request: Request) -> None:
        """Let a request pass, or refuse it."""
        if is_robots(request) or is_local(request):
            return
        url, path = request.url, urlparse_cached(request).path
        try:
            rules = await self.rules(url, manners_of(request))
            if rules.fault:
                raise FetchRefused(rules.fault, by="robots")
            if not rules.allows(url):
                raise FetchRefused("robots.txt disallows it", by="robots")
        except FetchRefused as refused:
            if path == PATH and refused.until is None:
                return
            self.crawler.stats.inc_value(f"dossier/refused/{refused.by}")
            raise

    async def rules(self, url: str, manners: Mapping[str, Any] = NO_MANNERS) -> Rules:
        """The rules of a URL's site, fetched once a run; FetchRefused where they could not be had.

        `manners` are the distance and the last word that whoever asks first owes the host.
        """
        site = site_of(url)
        if site not in self.sites:
            self.sites[site] = asyncio.ensure_future(self.fetch(site, manners))
        try:
            return await asyncio.shield(self.sites[site])
        except Hurried:
            self.sites.pop(site, None)
            raise
        except FetchRefused as refused:
            if refused.by == "retry-after":
                self.sites.pop(site, None)
            raise FetchRefused(refused.reason, by=refused.by, until=refused.until) from refused

    async def fetch(self, site: str, manners: Mapping[str, Any]) -> Rules:
        """Ask for one robots.txt; the sites of one host take turns, since the first may name a Crawl-delay."""
        host = host_key(site)
        async with self.turns[host]:
            if site in self.heard:
                return self.heard[site]
            rules, answered = await self.asked(site, manners)
            self.heed(rules, site)
            if urlsplit(answered).path == PATH:
                # A redirect led to another site's own robots.txt, mostly http to https: it need not be asked again.
                self.heed(rules, site_of(answered))
            return rules

    def heed(self, rules: Rules, site: str) -> None:
        """Remember a site's rules, and make its Crawl-delay the floor of the host's pace."""
        self.heard[site] = rules
        if rules.crawl_delay and not rules.fault:
            downloader_of(self.crawler).slow_down(host_key(site), rules.crawl_delay)

    async def asked(self, site: str, manners: Mapping[str, Any]) -> tuple[Rules, str]:
        """The rules, and the URL that answered with them."""
        meta = {
            **manners,
            "dont_obey_robotstxt": True,
            "download_timeout": self.deadline,
            "download_maxsize": 0,
            "max_retry_times": RETRIES,
        }
        request = Request(site + PATH, callback=NO_CALLBACK, meta=meta, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except Hurried:
            raise
        except FetchRefused as refused:
            if refused.by == "redirects":
                return Rules(), site
            if refused.until is not None or refusal(host_key(site)):
                raise
            raise self.out_of_reach(refused.reason) from refused
        except Exception as error:
            raise self.out_of_reach(told(error)) from error
        return self.of_response(response), response.url

    def of_response(self, response: Response) -> Rules:
        """What an answer means: a server in trouble keeps us out, a file that is not there allows all."""
        if response.status >= 500:
            raise self.out_of_reach(f"HTTP {response.status}")
        if response.status >= 300:
            return Rules()
        return Rules.read(response.body, self.token)

    def out_of_reach(self, why: str) -> FetchRefused:
        """The refusal for a host whose robots.txt could not be had."""
        return FetchRefused(f"robots.txt could not be had: {why}", by="robots", until=now() + AGAIN)

    def cut(self, data: bytes, request: Request) -> None:
        """Stop the download of a robots.txt that is longer than what is read of it."""
        if is_robots(request):
            self.received[request] = self.received.get(request, 0) + len(data)
            if self.received[request] > MAX_BYTES:
                raise StopDownload(fail=False)


def told(error: Exception) -> str:
    """Why nothing came, in words; of a proxy that did not connect us, its answer."""
    said = str(error)
    if isinstance(error, TunnelError) and (found := TUNNEL.search(said)):
        return f"the proxy {found[1]} answered HTTP {found[2]}"
    return said or type(error).__name__


def manners_of(request: Request) -> dict[str, Any]:
    """What a request owes its host beyond the usual, and the request for its robots.txt owes it too."""
    return {key: request.meta[key] for key in MANNERS if key in request.meta}


def site_of(url: str) -> str:
    """Scheme, host and port of a URL that has passed the guards."""
    parts = parts_of(url)
    return f"{parts.scheme}://{parts.host}" + (f":{parts.port}" if parts.port else "")
