"""The first to see a request: nothing is sent, looked up or asked of robots.txt before its URL is judged."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from archive.rows import TakenRow
from crawler.channels.ask import Ask
from crawler.downloader import is_local
from crawler.guards import Allowance, FetchRefused, judge, port_of, proxy_hosts
from crawler.mementos import original_of
from pipelines.urls import MAX_SPELLING, MAX_URL, parts_of


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
        try:
            if not (is_local(request) and is_named(request)):
                # A question to a service holds a long address itself, and the way to a capture that of the page.
                self.judge(request.url, longest=MAX_SPELLING if is_ours(request) else MAX_URL)
            if captured := captured_by(request):
                self.judge(captured)
        except FetchRefused:
            self.stats.inc_value("dossier/refused/guard")
            raise

    def judge(self, url: str, longest: int = MAX_URL) -> None:
        """Raise FetchRefused for a URL that must not be fetched, nor kept as a page's own."""
        judge(url, ports=self.ports, allowed=self.allowed, longest=longest)
        parts = parts_of(url)
        # The resolver lets the proxy's own name through, wherever it leads; a page must not borrow that.
        if parts.host in self.proxies and not self.allowed.covers(parts.host, port_of(parts)):
            raise FetchRefused(f"{parts.host} is our proxy", by="guard")


def captured_by(request: Request) -> str:
    """The page whose capture a request fetches: it is kept under its own address. Empty where it fetches none."""
    taken = request.meta.get("dossier_candidate")
    if not isinstance(taken, TakenRow) or not taken.via:
        return ""
    found = original_of(request.url)
    return found[1] if found else taken.url


def is_named(request: Request) -> bool:
    """Whether the user named the file that a request reads: as a source, or as the source of a candidate."""
    ask = request.meta.get("dossier_ask")
    return is_ours(request) and not (isinstance(ask, Ask) and not ask.source.url.startswith("warc:"))


def is_ours(request: Request) -> bool:
    """Whether we made this request ourselves, for a source or a candidate, and no answer led to it."""
    made = "dossier_ask" in request.meta or "dossier_candidate" in request.meta
    return made and not request.meta.get("redirect_urls")
