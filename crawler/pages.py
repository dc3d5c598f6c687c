"""From a candidate to the request that fetches it, and from Scrapy's response to our page."""

from __future__ import annotations

from scrapy.http import Response

from archive.rows import TakenRow
from crawler.bodies import BadAnswer
from crawler.mementos import fault_of_memento, is_memento, page_of_memento
from crawler.times import now
from crawler.warc_pages import is_record, page_of_record, range_of
from pipelines.items import Page


def request_of(taken: TakenRow) -> tuple[str, dict[str, str]]:
    """The URL to fetch a candidate from, and the headers that go with it; its own where `via` is no way to it."""
    if is_memento(taken.via):
        return taken.via, {}
    if not is_record(taken.via):
        return taken.url, {}
    url, span = range_of(taken.via)
    return url, {"Range": span, "Accept-Encoding": "identity"}


def page_of(response: Response, taken: TakenRow | None = None) -> Page:
    """What came back, untouched but for its content encoding; of a capture, the page as its outlet served it.

    BadAnswer where a web archive or a WARC file has not the capture that was announced.
    """
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    page = Page(
        url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched=now(),
        redirects=tuple(response.meta.get("redirect_urls", ())),
        is_whole="dataloss" not in response.flags,
    )
    if taken is None or not (is_memento(taken.via) or is_record(taken.via)):
        return page
    if not is_memento(taken.via):
        return page_of_record(page, taken.via, taken.url)
    memento = page_of_memento(page, taken.via)
    if memento.captured is None:
        raise BadAnswer(fault_of_memento(page) or "an answer from outside of the archive")
    return memento
