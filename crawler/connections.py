"""One connection, under the bounds that Twisted does not set, and the reasons why connections fail."""

from __future__ import annotations

from OpenSSL import SSL
from scrapy.core.downloader.handlers.http11 import _LenientHTTP11ClientFactory, _LenientHTTP11ClientProtocol
from scrapy.exceptions import DownloadFailedError
from service_identity import VerificationError
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import HTTP11ClientProtocol
from twisted.web._newclient import Request as WireRequest
from twisted.web.client import ResponseFailed
from twisted.web.iweb import IResponse

from crawler.bodies import BadAnswer

MAX_HEAD = 64 * 1024  # bytes of status line and headers of one answer


def of_connection(failed: ResponseFailed) -> Exception:
    """What a connection that failed under a request was lost to."""
    causes = [reason.value for reason in failed.reasons]
    for cause in causes:
        if isinstance(cause, BadAnswer):
            return cause
        if isinstance(cause, SSL.Error | VerificationError):
            return BadAnswer(f"the certificate or TLS was not accepted: {short(cause)}")
    return DownloadFailedError("; ".join(map(short, causes)) or "the connection was lost")


def short(cause: BaseException) -> str:
    """A low-level error in a few words."""
    if isinstance(cause, SSL.Error) and cause.args and isinstance(cause.args[0], list):
        return ", ".join(str(entry[-1]) for entry in cause.args[0]) or "TLS error"
    return " ".join(str(cause).split())[:120] or type(cause).__name__


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """A connection that is cut when the head of an answer does not end: nothing in Twisted bounds it."""

    _head = 0

    def request(self, request: WireRequest) -> Deferred[IResponse]:
        """The answer's head, as Twisted hands it out; counting begins anew."""
        self._head = 0
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's interface
        """Twisted's call for each piece that comes in."""
        parser, transport = self._parser, self.transport
        if parser is not None and transport is not None and parser.state in ("STATUS", "HEADER"):
            self._head += len(data)
            if self._head > MAX_HEAD:
                transport.abortConnection()
                self._disconnectParser(Failure(BadAnswer("headers without end")))  # type: ignore[no-untyped-call]  # Twisted's own, untyped
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]  # Twisted's own, untyped


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes bounded connections for Scrapy's pool."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:  # noqa: N802 - Twisted's interface
        """Twisted's call for each new connection."""
        return _BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted's own, untyped
