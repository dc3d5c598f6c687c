"""The first to see a request: nothing is sent, looked up or asked of robots.txt before its URL is judged."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from crawler.downloader import is_local
from crawler.guards import Allowance, FetchRefused, judge, port_of, proxy_hosts
from pipelines.urls import parts_of


class GuardMiddleware:
    """Refuse what must not be fetched, at every hop: redirects and robots.txt come through here like all others."""

    def __init__(
        self, ports: frozenset[int], allowed: Allowance, proxies: frozenset[str], stats: StatsCollector
    ) -> None:
        self.ports = ports
        self.allowed = allowed
        self.proxies = proxies
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        ports = frozenset(int(port) for port in settings.getlist("DOSSIER_PORTS"))
        allowed = Allowance.of(settings.getlist("DOSSIER_ALLOW_PRIVATE"))
        return cls(ports, allowed, proxy_hosts(), crawler.stats)

    def process_request(self, request: Request) -> None:
        """Let a request pass, or refuse it."""
        if is_local(request) and is_ours(request):
            return
        try:
            judge(request.url, ports=self.ports, allowed=self.allowed)
            parts = parts_of(request.url)
            # The resolver lets the proxy's own name through, wherever it leads; a page must not borrow that.
            if parts.host in self.proxies and not self.allowed.covers(parts.host, port_of(parts)):
                raise FetchRefused(f"{parts.host} is our proxy", by="guard")
        except FetchRefused:
            self.stats.inc_value("dossier/refused/guard")
            raise


def is_ours(request: Request) -> bool:
    """Whether we made this request ourselves, for a source or a candidate, and no answer led to it."""
    made = "dossier_ask" in request.meta or "dossier_candidate" in request.meta
    return made and not request.meta.get("redirect_urls")
