"""The hostile outlet: every address is a trap, and one of them is an article."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from functools import cache

import brotli

from crawler.press.bait import BAIT, STORY, baited_page
from crawler.press.markup import xml
from crawler.press.outlets import CONSENT_HOST, LURE
from crawler.press.replies import HTML, Reply, redirect

BOMB_BYTES = 32 * 1024 * 1024
DEEP_TAGS = 1_000_000
ROBOTS_BYTES = 1024 * 1024
JUNK_ITEMS = 3_000
FORBIDDEN = (
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1/admin",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::1]/",
    "http://localhost/",
    "http://192.168.1.1/setup",
    "file:///etc/passwd",
    "ftp://daily-lure.example/secrets.zip",
    f"http://{LURE.host}:22/",
)
"""Where its redirects lead and its feed points: no request must ever be made for one of these."""


def traps(now: datetime) -> dict[str, Reply]:
    """Every trap by host and path."""
    made = {LURE.host + path: reply for path, reply in [*roads(), *bodies(), *lists(now)]}
    consent = (
        "<h1>Before you continue</h1><p>We and our 1,240 partners value your privacy.</p><button>Accept all</button>"
    )
    made[f"{CONSENT_HOST}/agree"] = Reply(body=html("Before you continue", consent))
    return made


def html(title: str, body: str, head: str = "") -> bytes:
    """A bare page."""
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'.encode()
    )


def roads() -> Iterator[tuple[str, Reply]]:
    """Redirects to where nobody should go, and redirects without end."""
    for number, target in enumerate(FORBIDDEN):
        yield f"/go/{number}", redirect(target, 302)
    yield "/round/1", redirect(f"{LURE.root}/round/2", 302)
    yield "/round/2", redirect(f"{LURE.root}/round/1", 302)
    for step in range(30):
        yield f"/onward/{step}", redirect(f"/onward/{step + 1}", 307)
    split = f"{LURE.root}/story/x%0d%0aSet-Cookie:%20admin=1"
    yield "/go/split", redirect(split, 302)
    yield "/go/consent", redirect(f"https://{CONSENT_HOST}/agree?back=/story", 303)
    refresh = '<meta http-equiv="refresh" content="0; url=http://10.0.0.1/router">'
    yield "/refresh", Reply(body=html("One moment", "<p>One moment …</p>", refresh))


def bodies() -> Iterator[tuple[str, Reply]]:
    """Answers that are not what they say, or too much of it."""
    yield "/bomb/gzip", Reply(body=zeros("gzip"), encoded="gzip")
    yield "/bomb/brotli", Reply(body=zeros("br"), encoded="br")
    yield "/drip", Reply(is_drip=True)
    yield "/deep", Reply(body=b"<html><body>" + b"<div>" * DEEP_TAGS + b"x")
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n{}\r\n"
    half = baited_page(BAIT[0])
    yield "/short", Reply(raw=head.format(len(half) * 2, "Connection: close\r\n").encode() + half)
    bare = html("Headers", "<p>There is nothing here but headers.</p>")
    yield "/headers", Reply(raw=head.format(len(bare), odd_headers()).encode("latin-1") + bare)
    yield "/missing", Reply(body=html("Page not found", "<h1>Page not found</h1><p>Perhaps it never existed.</p>"))
    for bait in BAIT:
        yield bait.path, Reply(kind=bait.kind, body=baited_page(bait))


def odd_headers() -> str:
    """Header lines that try to be more than one, or not to end."""
    many = "".join(f"X-Filler-{number}: {'y' * 90}\r\n" for number in range(100))
    return (
        f"X-Split: a%0d%0aSet-Cookie: admin=1\r\nX-Control: \x01\x7f\xff\r\nSet-Cookie: a=b; Domain=example\r\n{many}"
    )


@cache
def zeros(coding: str) -> bytes:
    """A great deal of nothing in very few bytes."""
    nothing = b"\0" * BOMB_BYTES
    return gzip.compress(nothing, 6, mtime=0) if coding == "gzip" else brotli.compress(nothing, quality=5)


def lists(now: datetime) -> Iterator[tuple[str, Reply]]:
    """robots.txt of a megabyte, a feed of all traps, a feed of junk, one of entities, a sitemap that lists itself."""
    rules = "User-agent: *\nDisallow: /private/\n"
    filler = "# nothing to see here, please move along\n" * (ROBOTS_BYTES // 41)
    yield "/robots.txt", Reply(kind="text/plain", body=(rules + filler).encode())
    yield "/lure.xml", Reply(kind="application/rss+xml", body=feed_of([*baits(now), *snares(now)]))
    yield "/junk.xml", Reply(kind="application/rss+xml", body=feed_of(junk()))
    yield "/entities.xml", Reply(kind="application/rss+xml", body=entities())
    index = f"<sitemap><loc>{LURE.root}/sitemap.xml</loc></sitemap>"
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = f'<sitemapindex xmlns="{schema}">{index}</sitemapindex>'.encode()
    yield "/sitemap.xml", Reply(kind="application/xml", body=body)
    yield "/private/draft", Reply(body=baited_page(BAIT[0]))
    yield "/", Reply(kind=HTML, body=html("The Daily Lure", '<link rel="alternate" href="file:///etc/passwd">'))


def item(title: str, url: str, now: datetime | None = None) -> str:
    """One item of a feed."""
    when = f"<pubDate>{format_datetime(now)}</pubDate>" if now else ""
    return f"<item><title>{xml(title)}</title><link>{xml(url)}</link>{when}</item>"


def baits(now: datetime) -> Iterator[str]:
    """The pages that a reader might want."""
    yield item("Seven secrets of the Taliban deal", f"{LURE.root}/story/{STORY}", now)
    for bait in BAIT:
        yield item(bait.title, LURE.root + bait.path, now)


def snares(now: datetime) -> Iterator[str]:
    """Everything else, under headlines that suit the topic, so that a crawler comes for it."""
    local = [path for path, _ in (*roads(), *bodies()) if path not in {bait.path for bait in BAIT}]
    local = [path for path in local if not path.startswith(("/onward/", "/round/")) or path.endswith(("/0", "/1"))]
    for path in [*local, "/private/draft"]:
        yield item(f"Taliban peace talks in Doha: {path[1:]}", LURE.root + path, now)
    for target in FORBIDDEN:
        yield item("US troop withdrawal from Afghanistan: the secret annex", target, now)


def junk() -> Iterator[str]:
    """Thousands of items that are no links, and a few links thousands of times."""
    schemes = ("javascript:alert({})", "mailto:{}@daily-lure.example", "data:text/html,{}", "tel:+1{}", "")
    for number in range(JUNK_ITEMS):
        link = schemes[number % 5].format(number) if number % 6 else f"{LURE.root}/missing#{number}"
        yield item(f"You will not believe number {number}", link)


def feed_of(items: list[str] | Iterator[str]) -> bytes:
    """A feed of these items."""
    return f'<rss version="2.0"><channel><title>The Daily Lure</title>{"".join(items)}</channel></rss>'.encode()


def entities() -> bytes:
    """A feed whose entities are made of entities."""
    steps = "".join(f'<!ENTITY e{step} "{f"&e{step - 1};" * 10}">' for step in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "Taliban">{steps}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    items = item("E", f"{LURE.root}/missing").replace(">E<", ">&e9;&f;<")
    return f'{head}<rss version="2.0"><channel><title>&e9;</title>{items}</channel></rss>'.encode()
