"""Answers that hold no listing, by their HTTP status or their address."""

from __future__ import annotations

import re

from crawler.channels.ask import Answer
from pipelines.items import Page

REFUSALS = frozenset((401, 402, 403, 407, 429, 451))
_CONSENT = re.compile(
    r"https?://(?:consent|cmp|privacy-gate)\.|https?://[^/?#]+/(?:consent|cookie-?wall)(?:[/?]|\Z)", re.IGNORECASE
)


def reply_without_listing(page: Page) -> Answer | None:
    """What to say of an answer that is not worth reading, None where it is: not modified, refused, failed, consent."""
    if page.status == 304:
        return Answer(reason="not modified")
    if page.status != 200:
        return Answer(status="refused" if page.status in REFUSALS else "failed", reason=f"HTTP {page.status}")
    if _CONSENT.match(page.url):
        return Answer(status="refused", reason="a consent page")
    if not page.body.strip():
        return Answer(status="refused", reason="an empty body")
    return None
