"""Every kind of question that a channel puts, each with an answer such as its service gives.

The questions are those that the channels put themselves: the first for a topic, and those that the answers lead to.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from crawler.channels import CHANNELS
from crawler.channels.ask import Ask
from crawler.channels.captures.worklist import entries_of
from pipelines.items import Page
from pipelines.topic import Source, Term, Topic
from tests import warcfiles
from tests.loopback import MISSING, Hit, Reply
from tests.services import ccnews, gdelt, news_search, wayback

NOW = datetime(2021, 3, 3, 12, tzinfo=UTC)
DAY = datetime(2021, 3, 1, 12, tzinfo=UTC)
SLOT = datetime(2021, 3, 3, 10, 48, tzinfo=UTC)  # of the newest file that `gal` asks for
MOST_STEPS = 60  # questions of one channel
WARC = "warc://localhost/news.warc.gz"
TERMS = tuple(Term(text=text, weight=3) for text in ("envoys", "doha", "talks"))
TOPIC = Topic(
    name="talks",
    title="Talks",
    terms=TERMS,
    queries=("envoys talks",),
    since=date(2021, 2, 20),
    sources=tuple(
        Source(channel=channel, url=url)
        for channel, urls in {
            "feeds": ("https://daily.example/", "https://herald.example/feed.json", "https://none.example/"),
            "sitemaps": ("https://daily.example/", "https://none.example/", "https://herald.example/sitemap.txt"),
            "sections": ("https://daily.example/world/",),
            "google_news": ("", "https://news.google.com/rss/topics/CAAqJg"),
            "bing_news": ("",),
            "gdelt": ("",),
            "gal": ("", "http://data.gdeltproject.org/gdeltv3/gal/feed.rss"),
            "wayback": ("",),
            "ccnews": ("", WARC),
            "outlinks": ("",),
        }.items()
        for url in urls
    ),
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question with its usual answer; `kind` names what is asked, `capture:feeds guess` with what is captured."""

    kind: str
    ask: Ask
    page: Page

    def __repr__(self) -> str:
        return f"{self.kind} ({self.ask.url[:60]})"


@cache
def cases() -> tuple[Case, ...]:
    """Questions and answers of all channels, a few of each kind."""
    found: dict[tuple[str, str], Case] = {}
    for channel in CHANNELS.values():
        waiting, steps = list(channel.asks(TOPIC, NOW)), 0
        while waiting and steps < MOST_STEPS:
            ask, steps = waiting.pop(0), steps + 1
            page = page_of(ask)
            case = Case(kind=kind_of(ask), ask=ask, page=page)
            found.setdefault((case.kind, f"{ask.source.url} {page.status}"), case)
            waiting = [*channel.read(ask, page, TOPIC, NOW).asks, *waiting]
    return (*found.values(), *_odd(found.values()))


def kind_of(ask: Ask) -> str:
    """What is asked: the channel and the kind, and of a capture what it is a capture of."""
    due = entries_of(ask.resume)[:1] if ask.kind.startswith("capture:") else ()
    within = next((f" {one.kind}" for one in due if one.kind), "")
    return f"{ask.source.channel} {ask.kind}{within}"


def page_of(ask: Ask) -> Page:
    """The usual answer to a question, as a page."""
    reply = reply_to(ask)
    return Page(url=ask.url, status=reply.status, headers=reply.headers, body=reply.body, fetched=NOW)


def reply_to(ask: Ask) -> Reply:  # noqa: PLR0911 - one line for each service
    """What the asked service, or the outlet, would say."""
    headers = {name.lower(): value for name, value in ask.headers}
    match ask.source.channel:
        case "google_news":
            return news_search.google(news_search.crowd(400, DAY))(_hit(ask.url))
        case "bing_news":
            return news_search.bing(news_search.crowd(20, DAY))(_hit(ask.url))
        case "gdelt":
            return gdelt.doc_reply(ask.url, _stories(300), is_odd=ask.depth > 1)
        case "gal":
            return gdelt.gal_reply(ask.url, _stories(20))
        case "wayback":
            return wayback.Archive(captures=_captures(), most=7).answer(ask.url)
        case "ccnews" if ask.url == WARC:
            return ccnews.range_reply(_warc(), headers["range"])
        case "ccnews":
            return ccnews.CcNews(files={FILE: _warc(), FILE.replace("00000", "00001"): _warc()})(_hit(ask.url, headers))
    return OUTLETS.get(ask.url.partition("://")[2], MISSING)


FILE = "crawl-data/CC-NEWS/2021/02/CC-NEWS-20210228000000-00000.warc.gz"


def _hit(url: str, headers: dict[str, str] | None = None) -> Hit:
    return Hit(time=0.0, method="GET", url=url, headers=headers or {})


def _stories(count: int) -> list[gdelt.Story]:
    return [
        gdelt.Story(
            url=f"https://daily.example/2021/03/01/envoys-talks-{number}",
            title=f"Envoys' talks go on in Doha, day {number}",
            seen=gdelt.slot(SLOT - timedelta(minutes=number)),
            text="Envoys talks",
        )
        for number in range(count)
    ]


@cache
def _warc() -> bytes:
    page = "<!doctype html><html><head><title>Envoys' talks in Doha {}</title></head><p>Envoys met."
    fetches = [
        warcfiles.Fetch(
            url=f"https://daily.example/envoys-{number}", body=page.format(number).encode(), date="2021-03-01T12:00:00Z"
        )
        for number in range(8)
    ]
    return warcfiles.written(fetches)


def _captures() -> list[wayback.Taken]:
    """The outlets' documents as an archive took them on three days, and articles with telling addresses."""
    kinds = {"/": "text/html", "l": "text/xml", "t": "text/plain", "n": "application/json"}
    documents = [
        wayback.Taken(
            stamp=f"2021022{day}120000",
            url=f"https://{place}",
            body=reply.body + b" " * day,
            mimetype=kinds.get(place[-1], "text/html"),
        )
        for place, reply in OUTLETS.items()
        for day in (1, 2, 3)
    ]
    articles = [
        wayback.Taken(stamp=f"2021022512{number:02}00", url=f"https://daily.example/envoys-talks-{number}-doha")
        for number in range(12)
    ]
    return [*documents, *articles]


def _odd(usual: Sequence[Case] | Iterator[Case]) -> Iterator[Case]:
    """The documents of outlets that stand at an address of another kind, zipped ones among them."""
    asks = [case for case in usual if case.ask.source.channel in ("feeds", "sitemaps", "sections")]
    for case, place in zip(asks, OUTLETS, strict=False):
        reply = OUTLETS[place]
        yield replace(case, page=replace(case.page, status=200, body=reply.body, headers=reply.headers))
        yield replace(case, page=replace(case.page, status=200, body=gzip.compress(reply.body), headers=()))


# What an outlet publishes


def _page(head: str = "", links: str = "") -> Reply:
    return Reply(
        body=f"<!doctype html><html><head><title>Daily</title>{head}</head><body>{links}</body></html>".encode()
    )


def _xml(text: str) -> Reply:
    return Reply(body=f'<?xml version="1.0"?>{text}'.encode(), headers=(("Content-Type", "text/xml"),))


def _rss(following: str) -> str:
    items = "".join(
        f"<item><title><![CDATA[Envoys &amp; talks {number}]]></title><link>https://daily.example/a-{number}?a=1&amp;b=2"
        f"</link><guid isPermaLink='false'>{number}</guid><pubDate>Mon, 01 Mar 2021 12:00:0{number} GMT</pubDate>"
        "<description>&lt;p&gt;Envoys &amp;#39;met&amp;#39;&lt;/p&gt;</description></item>"
        for number in range(5)
    )
    link = f'<atom:link rel="next" href="{following}"/>' if following else ""
    return f'<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Daily</title>{link}{items}</channel></rss>'


def _json_feed() -> str:
    items = [
        {"id": str(number), "url": f"/envoys-{number}", "title": f"Envoys {number}", "date_published": "2021-03-01"}
        for number in range(5)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "next_url": "/feed-2.json", "items": items})


def _urls(lastmod: str = "2021-03-01") -> str:
    entries = "".join(
        f"<url><loc>https://daily.example/world/2021/03/01/envoys-{number}</loc><lastmod>{lastmod}</lastmod><news:news>"
        f"<news:title>Envoys meet {number}</news:title><news:publication_date>2021-03-01T0{number}:00:00+04:30"
        "</news:publication_date></news:news></url>"
        for number in range(6)
    )
    return f'<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'


def _index(*places: str) -> str:
    listed = "".join(f"<sitemap><loc>{url}</loc><lastmod>2021-03-01</lastmod></sitemap>" for url in places)
    return f"<sitemapindex>{listed}</sitemapindex>"


def _section(number: int) -> Reply:
    teasers = "".join(
        f'<article><h2><a href="/world/2021/03/01/envoys-meet-for-more-talks-in-doha-{number}{at}">Envoys meet for '
        f"more talks in Doha, part {number}{at}</a></h2><time>2021-03-01</time></article>"
        for at in range(8)
    )
    further = f'<a rel="next" href="/world/?page={number + 1}">Older</a>'
    return _page(links=f"<nav><a href='/'>Home</a><a href='/sport/'>Sport</a></nav>{teasers}{further}")


FEED = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
OUTLETS: dict[str, Reply] = {
    "daily.example/": _page(FEED, _section(0).body.decode()),
    "daily.example/feed.xml": _xml(_rss("https://daily.example/feed-2.xml")),
    "daily.example/feed-2.xml": _xml(_rss("")),
    "daily.example/robots.txt": Reply(
        body=b"User-agent: *\nSitemap: https://daily.example/sitemap-index.xml\n",
        headers=(("Content-Type", "text/plain"),),
    ),
    "daily.example/sitemap-index.xml": _xml(
        _index("https://daily.example/sitemap-news.xml", "https://daily.example/sitemap-2021-03.xml")
    ),
    "daily.example/sitemap-news.xml": _xml(_urls()),
    "daily.example/sitemap-2021-03.xml": _xml(_urls("2021-03-01T12:00Z")),
    "daily.example/world/": _section(1),
    "daily.example/world/?page=2": _section(2),
    "daily.example/world/?page=3": _section(3),
    "herald.example/feed.json": Reply(body=_json_feed().encode(), headers=(("Content-Type", "application/feed+json"),)),
    "herald.example/feed-2.json": Reply(
        body=_json_feed().replace("-2.json", "-3.json").encode(), headers=(("Content-Type", "application/json"),)
    ),
    "herald.example/sitemap.txt": Reply(
        body=b"https://herald.example/envoys-1\nhttps://herald.example/envoys-2\n",
        headers=(("Content-Type", "text/plain"),),
    ),
    "none.example/": _page(),
    "none.example/robots.txt": Reply(body=b"User-agent: *\nDisallow:\n", headers=(("Content-Type", "text/plain"),)),
}
