"""Whether an answer may be an article at all: judged from status, type and a bounded look at the bytes."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipelines.items import Page, Rejected
from pipelines.notices import asks_consent, notice_in

LOOK = 1_000_000  # bytes: of a larger page it is not known how little text it has
PARAGRAPHS = 20  # more than that, and a page is no notice
TYPES = ("text/html", "application/xhtml+xml")
SNIFFED = ("", "text/plain", "application/octet-stream", "application/xml", "text/xml")
"""Types that servers give without having looked."""

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|article|div|p)\b", re.IGNORECASE)
_OTHER = re.compile(
    rb"(%PDF-|\x89PNG|\xff\xd8\xff|GIF8|PK\x03\x04|\x1f\x8b)|(?:<\?xml[^>]{0,200}>\s{0,99})?<(rss|feed|urlset|sitemapindex)\b"
)
_HIDDEN = frozenset({b"script", b"style", b"noscript", b"template", b"svg", b"head"})
_NAME = re.compile(rb"/?[a-zA-Z0-9]{1,10}")
_TITLE = re.compile(rb"<(?:title|h1)\b[^>]{0,500}>([^<]{0,300})", re.IGNORECASE)
# What only the page of an article has: such a page is left to the extraction to judge, which sees its text.
_ARTICLE = (b"<article", b"newsarticle", b"blogposting", b"article:published_time", b"datepublished")
_CONSENT_HOST = re.compile(r"(?:consent|cmp|privacy-?(?:gate|mgmt|center))\.", re.IGNORECASE)


def admit(page: Page) -> None:
    """Pass an answer that may be an article; raise `Rejected` with the reason, and the state that it means, else."""
    _by_status(page)
    if not page.is_whole:
        raise Rejected("the answer broke off before its end", state="failed", retry=True)
    if not page.body.strip():
        raise Rejected("an empty page", state="failed", retry=True)
    _by_address(page)
    _by_type(page)
    _by_text(page)


def _by_status(page: Page) -> None:
    status = page.status
    if status == 304:
        raise Rejected("304 not modified since it was stored", state="unchanged")
    if status in {404, 410}:
        raise Rejected(f"gone: HTTP {status}")
    if status in {401, 402, 403, 407, 451}:
        raise Rejected(f"the server refuses it: HTTP {status}", state="refused")
    if status >= 500 or status in {408, 425, 429}:
        raise Rejected(f"HTTP {status}", state="failed", retry=True)
    if status not in {200, 203}:
        raise Rejected(f"HTTP {status}")


def _by_address(page: Page) -> None:
    """Where redirects have led: to a wall, or to the front page, as many sites do with what is gone."""
    last = urlsplit(page.url)
    if _CONSENT_HOST.match(last.netloc):
        raise Rejected("a consent page", state="refused")
    if page.redirects and not last.path.strip("/") and not last.query and urlsplit(page.redirects[0]).path.strip("/"):
        raise Rejected("it leads to the front page")


def _by_type(page: Page) -> None:
    kind = page.header("Content-Type").partition(";")[0].strip().lower()
    head = page.body[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if kind not in TYPES and kind not in SNIFFED:
        raise Rejected(f"not a web page: {kind[:60]}")
    if found := _OTHER.match(head):
        raise Rejected(f"not a web page: {'a feed or sitemap' if found[2] else 'it begins as a file of another type'}")
    if kind in SNIFFED and not _HTML.search(head):
        raise Rejected("not a web page: it has no tags of one")


def _by_text(page: Page) -> None:
    body = page.body.lower()
    if len(body) > LOOK or body.count(b"<p>") + body.count(b"<p ") > PARAGRAPHS or any(one in body for one in _ARTICLE):
        return
    text = visible(page.body)
    if asks_consent(text):
        raise Rejected("a consent page", state="refused")
    if notice := notice_in(". ".join(fold(found[1]) for found in _TITLE.finditer(page.body)), text):
        raise Rejected(notice)


def visible(body: bytes) -> str:
    """The text between the tags of a page, roughly: scripts and styles left out, at most `LOOK` bytes looked at.

    It takes time in proportion to the bytes, whatever is in them.
    """
    first, *parts = body[:LOOK].split(b"<")
    shown, hidden = [first], b""
    for part in parts:
        found = _NAME.match(part)
        name = found[0].lower() if found else b""
        if hidden:
            hidden = b"" if name == b"/" + hidden else hidden
        elif name in _HIDDEN:
            hidden = name
        if not hidden:
            shown.append(part.partition(b">")[2])
    return fold(b" ".join(shown))


def fold(data: bytes) -> str:
    """Bytes as text with single spaces."""
    return " ".join(data.decode("utf-8", errors="replace").split())
