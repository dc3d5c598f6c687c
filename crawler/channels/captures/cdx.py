"""The index of a web archive (CDX) as it answers: which URL was captured when, a row for each capture."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import unquote_plus

from crawler.channels.ask import Answer, Ask, ChannelRefused
from crawler.channels.reading.bodies import Body
from crawler.channels.reading.fault import Fault, cut_short, too_much
from crawler.channels.reading.plaintext import quotable
from crawler.mementos import blocked, moment_of_stamp
from pipelines.items import Page

FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
MAX_PIECES = 10  # of a million characters each
MAX_ROWS = 20_000  # read of one answer; we ask for 1,000
MAX_ROW = 20_000  # characters
MAX_KEY = 4_000

# A row is the text between two brackets, whatever its strings hold; no match costs more than its own length.
_ROW = re.compile(r'[\s,]*+\[((?:[^\[\]"]++|"(?:[^"\\]++|\\.)*+")*+)\]', re.DOTALL)
_END = re.compile(r"[\s,]*+\]\s*+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One capture: its URL as it was asked then, when (14 digits and the same in UTC), and what the archive noted.

    `key` is the URL as the index sorts it. `status` is "-" where the archive noted only that nothing had changed.
    """

    key: str
    stamp: str
    at: datetime
    url: str
    kind: str = ""
    status: str = ""
    digest: str = ""

    @property
    def is_page(self) -> bool:
        """Whether a page was captured: a whole answer, or a note that it was the same as before."""
        return self.status in ("200", "") or (self.status == "-" and self.kind == "warc/revisit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdx:
    """An answer of the index: its captures in the index's order, and where it goes on (empty at the end).

    `unusable` rows name no time or no URL. `fault` says what kept it from being read whole.
    """

    rows: tuple[Row, ...] = ()
    resume: str = ""
    unusable: int = 0
    fault: Fault | None = None


def reply_without_rows(ask: Ask, page: Page) -> Answer | None:
    """What to say of an answer that holds no index, by its status; None where it may hold one.

    Where the archive may answer another time, the question keeps the place at which it was put.
    """
    if reason := blocked(page):
        return Answer(status="refused", reason=reason)
    if page.status == 200:
        return None if page.body.strip() else Answer(status="refused", reason="an empty body", resume=ask.resume)
    reason = f"HTTP {page.status}"
    if page.status == 400:  # it does not understand the question, or not where to go on: then from the beginning
        return Answer(status="refused", reason=f"{reason}: {_opening(page)}")
    is_refusal = 400 < page.status < 500 and page.status != 404
    return Answer(status="refused" if is_refusal else "failed", reason=reason, resume=ask.resume)


def cdx_of(page: Page) -> Cdx:
    """The index that an answer holds; ChannelRefused where it is none."""
    body = Body(page)
    text = "".join(islice(body, MAX_PIECES)).lstrip("\ufeff \t\r\n")
    if not text.startswith("["):
        raise ChannelRefused(f"not the index as JSON: {_opening(page)}")
    lines = _Lines(text)
    first = next(lines, None)
    if first is None and not lines.is_whole:
        raise ChannelRefused("JSON, but no index of captures")
    if first and not {"timestamp", "original"} <= set(first):
        raise ChannelRefused("JSON, but no index of captures")
    rows: list[Row] = []
    unusable, resume, is_end = 0, "", not first
    for line in islice(lines, MAX_ROWS + 1):
        if is_end:
            resume = _key(line)
        elif not line:  # an empty row stands before the key
            is_end = True
        elif (row := _row(dict(zip(first or (), line, strict=False)))) is not None:
            rows.append(row)
        else:
            unusable += 1
    fault = body.fault or (None if lines.is_whole else _unread(lines))
    if fault is None and rows == [] and unusable:
        raise ChannelRefused(f"no usable capture in {unusable:,} rows")
    return Cdx(rows=tuple(rows), resume=resume, unusable=unusable, fault=fault)


class _Lines(Iterator[list[str]]):
    """The rows of the JSON, each as its texts; `is_whole` says whether the list was closed behind the last."""

    def __init__(self, text: str) -> None:
        self.is_whole = False
        self.has_more = True
        self._text = text
        self._at = 1

    def __next__(self) -> list[str]:
        found = _ROW.match(self._text, self._at)
        if found is None:
            self.has_more = False
            self.is_whole = _END.match(self._text, self._at) is not None
            raise StopIteration
        self._at = found.end()
        if len(found[1]) > MAX_ROW:
            return [""]
        try:
            values = json.loads(f"[{found[1]}]", strict=False)
        except (ValueError, RecursionError):
            return [""]
        return [value if isinstance(value, str) else "" if value is None else str(value) for value in values]


def _unread(lines: _Lines) -> Fault:
    return too_much(f"{MAX_ROWS:,} rows") if lines.has_more else cut_short("the index")


def _row(said: dict[str, str]) -> Row | None:
    stamp, url = said.get("timestamp", ""), said.get("original", "").strip()
    at = moment_of_stamp(stamp)
    if at is None or not url:
        return None
    return Row(
        key=said.get("urlkey", "") or url,
        stamp=stamp,
        at=at,
        url=url,
        kind=said.get("mimetype", "").partition(";")[0].strip().lower(),
        status=said.get("statuscode", ""),
        digest=said.get("digest", ""),
    )


def _key(line: list[str]) -> str:
    """The key as it is meant: the archive escapes it (`org%2Carchive%29%2F+1998…`); not one with blanks."""
    key = line[0] if len(line) == 1 and len(line[0]) <= MAX_KEY else ""
    return key if " " in key else unquote_plus(key)


def _opening(page: Page) -> str:
    """How an answer begins, for the ledger."""
    return quotable(page.body[:500].decode("utf-8", "replace"), 120) or "nothing readable"
