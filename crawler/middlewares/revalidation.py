"""Ask "has it changed?" instead of fetching again: conditional requests, with an unconditional one now and then."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Self
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from archive.rows import TakenRow, ValidatorRow
from archive.store import Archive
from crawler.bodies import BadAnswer
from crawler.channels.ask import Ask
from pipelines.urls import canonical

POLLS = 9  # conditional polls in a row; the next one is unconditional, because some servers answer a false 304
MAX_VALIDATOR = 512


class RevalidationMiddleware:
    """Send the validators of the URL that is asked, at every hop those of that hop's own URL.

    What an answer makes of them is left in meta as `dossier_validator`, for whoever stores what the answer held: to
    remember it earlier would turn an article that was never stored into one that is never fetched again.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.sent: WeakKeyDictionary[Request, ValidatorRow] = WeakKeyDictionary()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        middleware = cls(Archive.shared(Path(crawler.settings["DOSSIER_DATA"])))
        crawler.signals.connect(middleware.closed, signal=signals.spider_closed)
        return middleware

    def closed(self) -> None:
        """Give the archive back."""
        self.archive.close()

    def process_request(self, request: Request) -> None:
        """Make the request conditional, or unconditional: a redirect arrives with the headers of the hop before."""
        request.headers.pop("If-None-Match", None)
        request.headers.pop("If-Modified-Since", None)
        request.meta.pop("dossier_validator", None)
        url = asked(request)
        row = self.archive.validators.get(url) if url else None
        if row is None:
            return
        self.sent[request] = row
        if not may_be_conditional(request) or row.polls >= POLLS:
            return
        if row.etag:
            request.headers["If-None-Match"] = row.etag
        if row.last_modified:
            request.headers["If-Modified-Since"] = row.last_modified

    def process_response(self, request: Request, response: Response) -> Response:
        """Leave in meta what to remember of this answer."""
        url = asked(request)
        row = self.sent.pop(request, None)
        if response.status == 304:
            conditional = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
            if row is None or not conditional:
                raise BadAnswer("HTTP 304, although it was asked unconditionally")
            request.meta["dossier_validator"] = polled(row)
        elif response.status == 200 and url:
            fresh = validator_of(url, response)
            if row is not None or fresh.etag or fresh.last_modified:
                request.meta["dossier_validator"] = fresh
        return response


def asked(request: Request) -> str:
    """The URL under which a request's validators are kept; empty where it is for no source and no article."""
    taken, ask = request.meta.get("dossier_candidate"), request.meta.get("dossier_ask")
    if isinstance(taken, TakenRow) and not taken.via:
        own = taken.url
    elif isinstance(ask, Ask) and not ask.is_windowed:
        own = ask.url  # what is asked about a window or a range is asked once, and mostly of what never changes
    else:
        return ""
    if not request.meta.get("redirect_urls"):
        return own
    try:
        return canonical(request.url)
    except ValueError:  # it can be longer than what was asked
        return ""


def may_be_conditional(request: Request) -> bool:
    """Whether "not modified" would be an answer: an article that is not known must come in full.

    That holds even where its URL redirects to one that is known.
    """
    taken = request.meta.get("dossier_candidate")
    known = not isinstance(taken, TakenRow) or taken.known
    return known and not request.meta.get("dossier_unconditional")


def polled(row: ValidatorRow) -> ValidatorRow:
    """The row after one more conditional poll."""
    return ValidatorRow(
        url=row.url, etag=row.etag, last_modified=row.last_modified, body_hash=row.body_hash, polls=row.polls + 1
    )


def validator_of(url: str, response: Response) -> ValidatorRow:
    """What a full answer says of itself."""
    return ValidatorRow(
        url=url,
        etag=printable(response.headers.get("ETag")),
        last_modified=printable(response.headers.get("Last-Modified")),
        body_hash=hashlib.blake2b(response.body, digest_size=16).hexdigest(),
        polls=0,
    )


def printable(value: bytes | None) -> str | None:
    """A header that can be sent back as it is, or None."""
    text = (value or b"").decode("latin-1").strip()
    return text if text and len(text) <= MAX_VALIDATOR and text.isascii() and text.isprintable() else None
