"""Captures in a web archive: an address there taken apart, and its answer as the page that the outlet once served.

Any host may be the archive's, so that a test can play it. Whoever asks must know from elsewhere that an address is a
capture: a channel gave it as `via`, or it was built here. A page on the web proves nothing by the spelling of its URL.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from pipelines.items import Page
from pipelines.urls import MAX_SPELLING, canonical

STAMP = "%Y%m%d%H%M%S"
_MEMENTO = re.compile(r"(https?://[^/?#\s]++/web/)([0-9]{14})(?:[a-z]{2}_)?/(\S++)", re.IGNORECASE)
_SCHEME = re.compile(r"(https?):/*+(?=[^/])", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20#\x7f]")  # "#" would end the address: the archive's own ends with the original's query
_EDGES = "".join(map(chr, range(0x21)))
_GAPS = str.maketrans("", "", "\t\r\n")
_ORIGINAL = "x-archive-orig-"
_BODY_HEADERS = frozenset(("content-encoding", "content-length", "transfer-encoding"))  # of a body that we have decoded
_BLOCKED = re.compile(r"\b(?:Administrative|Robot)AccessControlException\b")
_LOOKED_AT = 2_000  # characters of a body in which an archive's error names itself


class _Memento(NamedTuple):
    base: str
    at: datetime
    original: str


def is_memento(url: str) -> bool:
    """Whether a URL is spelt as a capture: `https://archive.example/web/20190129120000id_/https://daily.example/a`."""
    return _taken_apart(url) is not None


def original_of(url: str) -> tuple[datetime, str] | None:
    """When a capture was taken (UTC) and of which URL, as that was spelt; None where the URL is no capture's."""
    found = _taken_apart(url)
    return (found.at, found.original) if found else None


def memento_url(base: str, stamp: str, url: str) -> str:
    """The address of the capture nearest to a 14-digit time, as it was taken (`id_`); `base` ends in `/web/`.

    What every reader of URLs leaves out of one (line ends, tabs, blanks around it) is left out here too.
    """
    bare = url.strip(_EDGES).translate(_GAPS)
    return f"{base}{stamp}id_/{_UNSAFE.sub(lambda found: f'%{ord(found[0]):02X}', bare)}"


def moment_of_stamp(stamp: str) -> datetime | None:
    """The UTC time that 14 digits name; None where they name none."""
    if len(stamp) != 14 or not (stamp.isascii() and stamp.isdecimal()):
        return None
    try:
        return datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
    except ValueError:  # the 30th of February
        return None


def page_of_memento(page: Page, asked_url: str) -> Page:
    """The page as its outlet served it: its own address, its own headers, and `captured`.

    What is no capture but the archive's own word has the original address, everything else as it came, and no
    `captured`: `fault_of_memento` says what it is. An answer from another host than the archive's stays as it is.
    """
    asked = _taken_apart(asked_url)
    if asked is None or not page.url.lower().startswith(_host(asked.base)):
        return page
    answered = _taken_apart(page.url) or asked
    if not _is_capture(page):
        return replace(page, url=asked.original, redirects=())
    hops = (found.original for url in page.redirects if (found := _taken_apart(url)))
    return replace(
        page,
        url=answered.original,
        headers=_own_headers(page),
        redirects=tuple(hop for hop in dict.fromkeys(hops) if hop != answered.original),
        captured=_captured(page) or answered.at,
    )


def fault_of_memento(page: Page) -> str:
    """Why the archive's answer (as it came) is no capture, in one short sentence; empty where it is one.

    A capture of an error page is a capture: its status is the outlet's.
    """
    if reason := blocked(page):
        return reason
    if _is_capture(page):
        return ""
    if page.status == 404:
        return "the archive has no capture of it"
    if page.status == 200:
        return "a page of the archive itself, not a capture"
    return f"HTTP {page.status} from the archive"


def blocked(page: Page) -> str:
    """What keeps an archive from showing an outlet's pages, as the ledger words it; empty where nothing does."""
    said = page.header("X-Archive-Wayback-Runtime-Error")[:_LOOKED_AT]
    if not said and not _is_capture(page):
        said = page.body[:_LOOKED_AT].decode("latin-1")
    found = _BLOCKED.search(said)
    return f"blocked by the archive: {found[0]}" if found else ""


def _taken_apart(url: str) -> _Memento | None:
    found = _MEMENTO.fullmatch(url) if len(url) <= 2 * MAX_SPELLING else None
    if found is None or (at := moment_of_stamp(found[2])) is None:
        return None
    original = found[3]
    # Archives and proxies on the way write "https:/daily.example", or leave the scheme out.
    scheme = _SCHEME.match(original)
    original = f"{scheme[1]}://{original[scheme.end() :]}" if scheme else f"http://{original}"
    try:
        canonical(original)
    except ValueError:
        return None
    return _Memento(base=found[1], at=at, original=original)


def _host(base: str) -> str:
    return base.lower().removesuffix("web/")


def _is_capture(page: Page) -> bool:
    return any(name.lower() == "memento-datetime" or name.lower().startswith(_ORIGINAL) for name, _ in page.headers)


def _own_headers(page: Page) -> tuple[tuple[str, str], ...]:
    """The outlet's headers, which the archive keeps under a prefix; the content type at least."""
    found = [(name[len(_ORIGINAL) :], value) for name, value in page.headers if name.lower().startswith(_ORIGINAL)]
    own = [(name, value) for name, value in found if name and name.lower() not in _BODY_HEADERS]
    if not any(name.lower() == "content-type" for name, _ in own) and (kind := page.header("Content-Type")):
        own.append(("Content-Type", kind))
    return tuple(own)


def _captured(page: Page) -> datetime | None:
    try:
        found = parsedate_to_datetime(page.header("Memento-Datetime")[:80])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # no date, or one that no calendar has
        return None
