"""Whether an answer may be an article at all: judged from status, type and a bounded look at the bytes."""

from __future__ import annotations

import re

from pipelines.glance import LOOK, glance
from pipelines.items import Page, Rejected
from pipelines.moved import kind_of_address, leads_to_list
from pipelines.notices import Notice, notice_in
from pipelines.urls import canonical

CONCEALED = 500  # bytes of text in layers that are not shown: more, and they may hold the article
PARAGRAPHS = 20  # more than that, and a page is no notice
TYPES = ("text/html", "application/xhtml+xml")
SNIFFED = ("", "text/plain", "application/octet-stream", "application/xml", "text/xml")
"""Types that servers give without having looked."""

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|title|article|div|p)\b", re.IGNORECASE)
_OTHER = re.compile(
    rb"(%PDF-|\x89PNG|\xff\xd8\xff|GIF8|PK\x03\x04|\x1f\x8b)|(?:<\?xml[^>]{0,200}>\s{0,99})?<(rss|feed|urlset|sitemapindex)\b"
)
# What only the page of an article has: such a page is left to the extraction to judge, which sees its text.
_ARTICLE = (b"<article", b"datePublished", b"article:published_time", b"NewsArticle", b"BlogPosting")
# What scripts find their text in: such a page is left to the extraction too.
_PAYLOAD = (
    b"__next_data__",
    b"__nuxt",
    b"__initial_state__",
    b"__preloaded_state__",
    b"__apollo_state__",
    b"articlebody",
)
_PASSWORD = re.compile(rb"type\s{0,3}=\s{0,3}[\"']?password", re.IGNORECASE)


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
        raise Rejected(f"gone: HTTP {status}", gone="surely" if status == 410 else "perhaps")
    if status in {401, 402, 403, 407, 451}:
        raise Rejected(f"the server refuses it: HTTP {status}", state="refused")
    if status >= 500 or status in {408, 425, 429}:
        raise Rejected(f"HTTP {status}", state="failed", retry=True)
    if status not in {200, 203}:
        raise Rejected(f"HTTP {status}")


def _by_address(page: Page) -> None:
    """Where redirects have led: to a wall, or to a list, as many sites do with what is gone."""
    try:
        answered, asked = canonical(page.url), [canonical(url) for url in page.redirects]
    except ValueError:
        return
    if kind := kind_of_address(answered, is_moved=bool(asked)):
        raise Notice(kind, "").rejection
    if leads_to_list(asked, answered):
        raise Rejected("it leads to the front page, or to a list", gone="perhaps")


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
    if len(page.body) > LOOK or any(one in page.body for one in _ARTICLE):
        return
    body = page.body.lower()
    if body.count(b"<p>") + body.count(b"<p ") > PARAGRAPHS or any(one.lower() in body for one in _ARTICLE):
        return
    seen = glance(page.body, page.header("Content-Type"))
    if seen is None or seen.concealed > CONCEALED:
        return
    if notice := notice_in(seen.titles, seen.text, asks_password=_PASSWORD.search(body) is not None):
        raise notice.rejection
    is_bare = not seen.text and not any(one in body for one in _PAYLOAD)
    if is_bare and (notice := notice_in("", seen.unscripted)):
        raise notice.rejection
