"""Redirects, by status and by meta refresh: few of them, each a new request that everyone judges anew."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import BaseRedirectMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from w3lib.html import get_base_url, get_meta_refresh

from crawler.cookies import keep
from crawler.guards import FetchRefused

HEAD = 4096  # bytes of a page in which a meta refresh is looked for
LONGEST = 5.0  # seconds; a page that refreshes later is meant to be read


class Hops(BaseRedirectMiddleware):
    """What both kinds have in common: no Referer, our own refusal, cookies kept for the way."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """The middleware; Scrapy's own would look for a Referer middleware, and warn that there is none."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    def handle_referer(self, request: Request, response: Response) -> None:
        """Send none."""
        request.headers.pop("Referer", None)

    def followed(self, request: Request, response: Response, target: Request) -> Request:
        """The next hop, once its cookies are kept and its downgrade, if it is one, is noted."""
        keep(request, response)
        if "dossier_cookies" in request.meta:
            target.meta["dossier_cookies"] = request.meta["dossier_cookies"]
        if request.url.startswith("https:") and target.url.startswith("http:"):
            self.crawler.stats.inc_value("dossier/downgraded")
        return target

    def refusal(self, why: str) -> FetchRefused:
        """The refusal to follow, counted."""
        self.crawler.stats.inc_value("dossier/refused/redirects")
        return FetchRefused(why, by="redirects")


class HopMiddleware(Hops, RedirectMiddleware):
    """Follow at most `REDIRECT_MAX_TIMES` redirects."""

    def process_response(  # type: ignore[override]  # Scrapy warns of its own deprecated argument `spider`
        self, request: Request, response: Response
    ) -> Request | Response:
        """The next hop, or the response where it leads no further."""
        try:
            result = super().process_response(request, response)
        except IgnoreRequest as error:
            raise self.refusal(f"more than {self.max_redirect_times} redirects") from error
        except ValueError as error:
            raise self.refusal(f"a redirect to what is no URL: {error}") from error
        return self.followed(request, response, result) if isinstance(result, Request) else result


class RefreshMiddleware(Hops):
    """Follow a meta refresh that comes at once; only a page that has one near its beginning is looked at."""

    enabled_setting = "METAREFRESH_ENABLED"

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The next hop, or the response where it leads no further."""
        if response.status != 200 or not isinstance(response, HtmlResponse):
            return response  # the error page of an article that is gone may lead to the front page
        if b"http-equiv" not in response.body[:HEAD].lower():
            return response
        try:
            target = refresh_of(response)
            if target is None:
                return response
            hop = self._redirect_request_using_get(request, response, target)
            if hop.url == request.url or not hop.url.startswith(("http:", "https:")):
                return response
            return self.followed(request, response, self._redirect(hop, request, "meta refresh"))
        except IgnoreRequest as error:
            raise self.refusal(f"more than {self.max_redirect_times} redirects") from error
        except ValueError as error:
            raise self.refusal(f"a refresh to what is no URL: {error}") from error


def refresh_of(response: HtmlResponse) -> str | None:
    """Where the page's meta refresh leads at once, None where it has none."""
    text = response.body[:HEAD].decode("utf-8", errors="replace")
    seconds, url = get_meta_refresh(text, get_base_url(text, response.url), ignore_tags=("script", "noscript"))
    return url if url and seconds is not None and seconds <= LONGEST else None
