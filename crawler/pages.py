"""From Scrapy's response to our page."""

from __future__ import annotations

from scrapy.http import Response

from crawler.times import now
from pipelines.items import Page


def page_of(response: Response) -> Page:
    """What came back, untouched but for its content encoding."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Page(
        url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        fetched=now(),
        redirects=tuple(response.meta.get("redirect_urls", ())),
        is_whole="dataloss" not in response.flags,
    )
