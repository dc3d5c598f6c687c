"""The answer to a question for a range of a file."""

from __future__ import annotations

import re

from crawler.channels.reading.fault import Fault
from crawler.channels.reading.replies import REFUSALS
from crawler.channels.warcs.ranges import Chunk
from pipelines.items import Page

_RANGE = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15})")


def range_header(offset: int, size: int) -> tuple[tuple[str, str], ...]:
    """The headers that ask for `size` bytes from an offset on, as they lie there and not zipped once more."""
    return (("Range", f"bytes={offset}-{offset + size - 1}"), ("Accept-Encoding", "identity"))


def chunk_of(page: Page, offset: int, size: int, largest: int, lost: int | None = None) -> Chunk | Fault:
    """The range that was asked for, `size` bytes at most; a fault where the answer is something else, or not whole."""
    if page.status == 200:
        return Fault(status="refused", reason="the whole file instead of a range: the server knows no ranges")
    if page.status != 206:
        return Fault(status="refused" if page.status in REFUSALS else "failed", reason=f"HTTP {page.status}")
    found = _RANGE.fullmatch(page.header("Content-Range").strip())
    if found is None:
        return Fault(status="refused", reason="a range without a Content-Range that says which")
    first, last, total = (int(number) for number in found.groups())
    if first != offset or last != min(offset + size, total) - 1:
        return Fault(status="refused", reason=f"bytes {first:,} to {last:,}, not the range that was asked for")
    if len(page.body) != last - first + 1 or not page.is_whole:
        return Fault(status="failed", reason="the range is cut short")
    return Chunk(
        data=page.body,
        offset=offset,
        is_last=last + 1 >= total,
        largest=largest,
        is_gzip=page.url.partition("?")[0].lower().endswith(".gz"),
        lost=lost,
    )
