"""Cookies within one redirect chain.

Scrapy's own middleware keeps them for the whole run, and asks the network for a list of suffixes.
"""

from __future__ import annotations

from scrapy import Request

from crawler.cookies import attach


class ChainCookiesMiddleware:
    """Send the cookies that the hops before this one set; the middlewares that follow a redirect keep them."""

    def process_request(self, request: Request) -> None:
        """Set the Cookie header, or remove it."""
        attach(request)
