"""The RSS searches of Google News and Bing News, as far as a crawler sees them: their answers, full or odd.

`google(stories)` and `bing(stories)` are functions for `web["host"] = ...`; the others are single answers.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime
from html import escape
from urllib.parse import parse_qs, quote, urlsplit

from tests.loopback import MISSING, Hit, Reply, html, moved

GOOGLE, BING = "news.google.com", "www.bing.com"
FULL = 100
RSS = (("Content-Type", "application/xml; charset=utf-8"),)
_WINDOW = re.compile(r"\b(after|before):(\d{4}-\d\d-\d\d)")
CONSENT_PAGE = (
    "<!doctype html><html><head><title>Before you continue to Google News</title></head><body>"
    '<form action="https://consent.google.com/save" method="POST"><button>Accept all</button></form></body></html>'
)


@dataclass(frozen=True, kw_only=True)
class Story:
    """A page as a search announces it. `is_sealed`: Google's link to it has a token that only Google can read."""

    url: str
    title: str = "Envoys meet in Doha for a second day"
    publisher: str = "The Daily Example"
    site: str = "https://www.daily.example"
    published: datetime = datetime(2019, 1, 29, 12, tzinfo=UTC)
    is_sealed: bool = False

    @property
    def token(self) -> str:
        return sealed_token(self.url) if self.is_sealed else old_token(self.url)


def varint(number: int) -> bytes:
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*groups, number])


def packed(text: bytes, tail: bytes = b"\xd2\x01\x00") -> str:
    """A token with a text in it."""
    return urlsafe_b64encode(b"\x08\x13\x22" + varint(len(text)) + text + tail).decode().rstrip("=")


def old_token(url: str, amp: str = "") -> str:
    """A token as they were until 2024: the address, and that of the AMP copy if there is one."""
    return packed(url.encode(), b"\xd2\x01" + varint(len(amp.encode())) + amp.encode())


def sealed_token(key: str) -> str:
    """A token as they are since 2024: the same key gives the same token, and no address is in it."""
    return packed(b"AU_yqL" + urlsafe_b64encode(key[::-1].encode()))


def link(token: str, path: str = "rss/articles") -> str:
    return f"https://{GOOGLE}/{path}/{token}?oc=5"


def anchor(story: Story) -> str:
    return (
        f'<a href="{escape(link(story.token))}" target="_blank">{escape(story.title)}</a>&nbsp;&nbsp;'
        f'<font color="#6f6f6f">{escape(story.publisher)}</font>'
    )


def google_item(story: Story, *beside: Story) -> str:
    """One item; with others beside it, a cluster."""
    whole = "".join(f"<li>{anchor(one)}</li>" for one in (story, *beside))
    description = f"<ol>{whole}</ol>" if beside else anchor(story)
    return (
        f"<item><title>{escape(story.title)} - {escape(story.publisher)}</title>"
        f'<link>{escape(link(story.token))}</link><guid isPermaLink="false">{story.token}</guid>'
        f"<pubDate>{format_datetime(story.published, usegmt=True)}</pubDate>"
        f"<description>{escape(description)}</description>"
        f'<source url="{escape(story.site)}">{escape(story.publisher)}</source></item>'
    )


def google_rss(*items: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><generator>NFE/5.0</generator>'
        f'<title>"talks" - Google News</title><link>https://{GOOGLE}/search?q=talks</link>'
        f"<image><title>Google News</title><link>https://{GOOGLE}/</link></image>{''.join(items)}</channel></rss>"
    )


def bing_link(url: str, number: int = 0) -> str:
    """Bing's own link to a page; `tid` and `c` differ from answer to answer."""
    carried = re.sub(r"%..", lambda found: found[0].lower(), quote(url, safe=""))  # as .NET spells escapes
    return f"http://{BING}/news/apiclick.aspx?ref=FexRss&aid=&tid={number:032x}&url={carried}&c={number + 1}&mkt=en-us"


def bing_item(story: Story, href: str | None = None) -> str:
    href = bing_link(story.url) if href is None else href
    return (
        f"<item><title>{escape(story.title)}</title><link>{escape(href)}</link>"
        f"<description>Envoys &amp;amp; ministers met again.</description>"
        f"<pubDate>{format_datetime(story.published, usegmt=True)}</pubDate>"
        f"<News:Source>{escape(story.publisher)}</News:Source>"
        f"<News:Image>http://{BING}/th?id=OVFT.x</News:Image></item>"
    )


def bing_rss(*items: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8" ?>'
        f'<rss version="2.0" xmlns:News="https://{BING}/news/search?q=talks&amp;format=rss"><channel>'
        f"<title>talks - BingNews</title><link>https://{BING}/news/search?q=talks</link>{''.join(items)}</channel></rss>"
    )


def rss(text: str) -> Reply:
    return Reply(body=text.encode(), headers=RSS)


def google(stories: Sequence[Story]) -> Callable[[Hit], Reply]:
    """Google's search over these stories: those of the days in `q`, a hundred at most, whatever else was asked."""

    def answer(hit: Hit) -> Reply:
        if urlsplit(hit.url).path == "/robots.txt":
            return MISSING
        query = parse_qs(urlsplit(hit.url).query).get("q", [""])[0]
        days = {name: date.fromisoformat(day) for name, day in _WINDOW.findall(query)}
        after, before = days.get("after", date.min), days.get("before", date.max)
        found = [story for story in stories if after <= story.published.date() < before]
        return rss(google_rss(*map(google_item, found[:FULL])))

    return answer


def bing(stories: Sequence[Story]) -> Callable[[Hit], Reply]:
    """Bing's search: whatever is asked, these stories; its links differ each time."""
    asked = 0

    def answer(hit: Hit) -> Reply:
        nonlocal asked
        if urlsplit(hit.url).path == "/robots.txt":
            return MISSING
        asked += 1
        return rss(bing_rss(*(bing_item(story, bing_link(story.url, asked)) for story in stories)))

    return answer


def crowd(count: int, published: datetime, name: str = "page") -> list[Story]:
    """So many stories of one time: with a hundred of them, Google's answer is full."""
    return [
        Story(
            url=f"https://www.daily.example/{name}-{number}", title=f"Envoys meet, report {number}", published=published
        )
        for number in range(count)
    ]


def consent_redirect() -> Reply:
    """Google, asked from Europe. The page that it leads to is `consent_page()` at `consent.google.com`."""
    return moved(f"https://consent.google.com/ml?continue=https://{GOOGLE}/rss/search&gl=DE&cm=2&pc=n&hl=de&src=1")


def consent_page() -> Reply:
    return Reply(body=CONSENT_PAGE.encode())


def unsupported_locale() -> Reply:
    """Google, asked for an edition that it has not. What follows is `unsupported_feed()` at `/rss/unsupported`."""
    return moved(f"https://{GOOGLE}/rss/unsupported")


def unsupported_feed() -> Reply:
    item = f"<item><title>This feed is not supported.</title><link>https://{GOOGLE}/</link></item>"
    return rss(google_rss(item))


def too_many() -> Reply:
    return html("Sorry...", status=429)


def page_instead() -> Reply:
    """Either service, answering a person: 200, and no RSS."""
    return html("talks - News search")
