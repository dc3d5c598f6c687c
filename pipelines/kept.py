"""A page whose bytes an archive has kept, as it was when it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipelines.items import Page


def kept_page(url: str, status: int, fetched: str, answer: tuple[Sequence[tuple[str, str]], bytes]) -> Page:
    """The page of a WARC record: its URL, status and time (ISO 8601), and the headers and body that lie in it."""
    headers, body = answer
    return Page(url=url, status=status, headers=tuple(headers), body=body, fetched=datetime.fromisoformat(fetched))
