"""How the tests put an answer before a channel."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer, Ask
from pipelines.items import Page
from pipelines.topic import Source, Topic

NOW = datetime(2019, 2, 1, tzinfo=UTC)
Reader = Callable[..., Answer]


def reader(channel: str, default_url: str, default_kind: str) -> Reader:
    def read(
        body: str | bytes,
        *,
        url: str = default_url,
        source: str = "",
        kind: str = default_kind,
        depth: int = 0,
        status: int = 200,
        content_type: str = "",
        headers: tuple[tuple[str, str], ...] = (),
        final_url: str = "",
        is_whole: bool = True,
        since: date | None = None,
        until: date | None = None,
    ) -> Answer:
        ask = Ask(url=url, source=Source(channel=channel, url=source or url), kind=kind, depth=depth)
        page = Page(
            url=final_url or url,
            status=status,
            headers=(("Content-Type", content_type), *headers),
            body=body.encode() if isinstance(body, str) else body,
            fetched=NOW,
            redirects=(url,) if final_url else (),
            is_whole=is_whole,
        )
        return CHANNELS[channel].read(ask, page, Topic(name="talks", since=since, until=until), NOW)

    return read


@pytest.fixture(scope="session")
def read_feed() -> Reader:
    return reader("feeds", "https://daily.example/feed.xml", "feed")


@pytest.fixture(scope="session")
def read_sitemap() -> Reader:
    return reader("sitemaps", "https://daily.example/sitemap.xml", "sitemap")
