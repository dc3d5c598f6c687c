"""The download itself, under bounds: a deadline to the last byte, a size, and an end when the run is in a hurry."""

from __future__ import annotations

import asyncio
from time import monotonic

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response, TextResponse
from scrapy.responsetypes import responsetypes
from twisted.web.client import ResponseFailed

from crawler.bodies import CutShort, decoded, over
from crawler.connections import BoundedFactory, of_connection
from crawler.guards import FetchRefused, host_key
from crawler.resolver import refusal
from crawler.robots import MAX_BYTES, is_robots

hurry = object()
"""The signal that ends all open downloads at once; their errbacks get `Hurried`."""


class Hurried(Exception):  # noqa: N818 - no fault: the run was asked to end
    """The download was given up because the run is ending; its candidate stays waiting."""


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """HTTP and HTTPS within `DOSSIER_DEADLINE` from request to last byte, `DOWNLOAD_MAXSIZE` before and after decoding.

    Bodies are decoded here and not in a middleware, so that a broken one is retried like any failed download. The
    Content-Encoding header stays, as received.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.deadline = crawler.settings.getfloat("DOSSIER_DEADLINE")
        self.limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.open: set[asyncio.Timeout] = set()
        self.hurried: set[asyncio.Timeout] = set()
        self._pool.retryAutomatically = False  # it would ask again at once, past every delay
        self._pool._factory = BoundedFactory  # noqa: SLF001 - where Scrapy sets its own; there is no setting
        crawler.signals.connect(self.cancel_open, hurry)

    def cancel_open(self) -> None:
        """Cut every open download now."""
        now = asyncio.get_running_loop().time()
        for scope in self.open - self.hurried:
            if not scope.expired():
                self.hurried.add(scope)
                scope.reschedule(now)

    async def download_request(self, request: Request) -> Response:
        """The whole answer, decoded; an exception where it does not come whole, in time and in size."""
        seconds = min(request.meta.get("download_timeout") or self.deadline, self.deadline)
        began = monotonic()
        scope = asyncio.timeout(seconds)
        self.open.add(scope)
        try:
            async with scope:
                response = await super().download_request(request)
        except TimeoutError as error:
            if scope in self.hurried:
                raise Hurried("the run is ending") from error
            raise DownloadTimeoutError(f"no whole answer within {seconds:g} s") from error
        except Exception as error:
            if (named := self._named(error, request)) is error:
                raise
            raise named from error
        finally:
            self.open.discard(scope)
            self.hurried.discard(scope)
            spend(request, monotonic() - began)
        return self._decoded(response, request)

    def _decoded(self, response: Response, request: Request) -> Response:
        encodings = [line.decode("latin-1") for line in response.headers.getlist("Content-Encoding")]
        if not encodings or request.method == "HEAD":
            return response
        whole = not is_robots(request)
        body = decoded(response.body, encodings, self.limit if whole else MAX_BYTES, cut=not whole)
        headers = response.headers.copy()
        del headers["Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        encoding = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, body=body, **encoding)

    def _named(self, error: Exception, request: Request) -> Exception:
        """The same failure with a reason that a reader of `dossier why` understands."""
        match error:
            case DownloadCancelledError():
                return over(self.limit)
            case ResponseDataLossError():
                return CutShort("the answer broke off before its end")
            case CannotResolveHostError() if why := refusal(host_key(request.url)):
                return FetchRefused(why, by="guard")
            case DownloadFailedError(__cause__=ResponseFailed() as cause):
                return of_connection(cause)
        return error


def spend(request: Request, seconds: float) -> None:
    """Take the time of a download of robots.txt from what is left for all its hops and retries together."""
    if is_robots(request):
        left = request.meta.get("download_timeout", 0.0)
        request.meta["download_timeout"] = max(left - seconds, 0.05)
